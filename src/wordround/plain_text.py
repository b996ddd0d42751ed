"""Text as it is kept: plain, composed (NFC), without characters that are invisible or break a display.

Zero-width joiners stay where scripts and emoji need them; between Latin letters or digits they only hide words
(and identifiers) and go.
"""

import re
import unicodedata

_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")
_INVISIBLE = re.compile(
    "[\u200b\u200e\u200f\u061c\u034f\u2060-\u2064\ufeff\u00ad\u180e\ufff9-\ufffb]"
    "|(?<=[!-~])[\u200c\u200d](?=[!-~])"
    # Digits drawn as keys are digits.
    "|(?<=[0-9])(?:\ufe0f\u20e3?|\u20e3)"
)
# Controls but tab and newline, surrogates that are half a character, and bidirectional overrides, which can turn
# what a reader sees around.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")


def plain(text: str) -> str:
    """Return the text as it is kept, without white space at its ends."""
    if not _NOT_PLAIN.search(text):
        return text.strip()
    text = _LINE_ENDS.sub("\n", text)
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def one_line(text: str | None) -> str:
    """Return a name (of a column, a service, a site) on one line with single spaces; for None, nothing."""
    return " ".join(plain(text or "").split())
