"""The many ways of not answering: cells that people filled with "n/a", a dash or the like.

The phrases were measured in real exports, see docs/sources/fft.md. "None" and "Nothing" are answers: to "What could we
do better?" they are praise.
"""

import re
from string import ascii_letters, digits

# Compared without spaces, punctuation and case.
_NO_ANSWER = frozenset(
    (
        "didnotanswer noanswer notanswered didnotrespond noresponse noreply nocomment nocomments "
        "nofurthercomment nofurthercomments notapplicable na nan null blank leftblank nocommentleft "
        "nocommentsmade notext"
    ).split()
)
# What begins with another sign than each of them is an answer: most are sorted out by their first letter.
_INITIALS = frozenset(phrase[0] for phrase in _NO_ANSWER)
_OTHER_INITIALS = frozenset(sign for sign in ascii_letters + digits if sign.lower() not in _INITIALS)
_ONLY_MARKS = re.compile(r"[-–—./?*_,'\"~\s]*")

_NOT_BARE = re.compile(r"[\W_]+")
_LONGEST_NO_ANSWER = 60


def is_no_answer(text: str, further: frozenset[str] = frozenset()) -> bool:
    """Whether a text means that nobody answered."""
    if len(text) > _LONGEST_NO_ANSWER or (not further and text[:1] in _OTHER_INITIALS):
        return False
    bare = bare_words(text)
    return bare in _NO_ANSWER or bare in further or bool(_ONLY_MARKS.fullmatch(text))


def bare_words(text: str) -> str:
    """Return a text without case, spaces and punctuation, in which phrases that mean "no answer" are compared."""
    return _NOT_BARE.sub("", text).casefold()
