"""Reducing a text to what is compared when copies are looked for.

What is left of a de-identified text are its words, folded, without what copying adds or changes: marks of a retweet
made by hand, links, hashtags, handles, placeholders, quotation marks, a word of agreement before or after. Nothing that
is shown to anybody is made of it.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from wordround.deidentify.placeholders import without_placeholders

_LINK = re.compile(r"(?:https?://|www\.)\S+|\b(?:pic\.twitter|t\.co|bit\.ly)\S*")
# "RT @x:", "MT <handle>", "via @x", "h/t @x"; in capitals where nothing follows that is a name
_RESHARED = re.compile(
    r"\b(?:(?:rt|mt|qt|qrt|ht|h/t|via|from|cc)\s*:?\s*(?:@\w[\w.-]*|<handle(?: \d+)?>)|(?-i:RT|MT)\b)\s*:?",
    re.IGNORECASE,
)
_TAG = re.compile(r"[#@]\w[\w.-]*")
_CUT = re.compile(
    r"(?:\u2026|\.{2,}|\[(?:\u2026|\.{2,})\]|\(cont(?:'d|inued)?\.?\))[\s\"'\u2018-\u201d\u00ab\u00bb)\]]*$"
)
_APOSTROPHE = re.compile("(?<=\\w)['\u2018\u2019\u02bc\u2032`\u00b4](?=\\w)")
_WORDS = re.compile(r"[^\W_]+")
APART = {code: " " for code in range(128) if not chr(code).isalnum()}
# One of these stands wherever there is a link, or a mark of a retweet: most texts need not be searched.
_LINK_HOLDS = ("://", "www.", "pic.twitter", "t.co", "bit.ly")
_RESHARED_HOLDS = ("@", "<", "RT", "MT")

# What people put before or after what they pass on. Longer ones first.
_REMARKS = sorted(
    (
        remark.split()
        for remark in (
            "this", "so true", "exactly this", "this exactly", "all of this", "this so much", "this this this", "same",
            "same here", "me too", "agree", "agreed", "i agree", "totally agree", "completely agree", "well said",
            "couldnt agree more", "could not agree more", "exactly", "absolutely", "100", "spot on", "yes", "yes this",
            "wow", "love this", "please read", "read this", "worth a read", "important", "so important", "please share",
            "please rt", "please retweet", "pls rt", "pls share", "sharing this", "reposting", "repost", "copied",
            "copied and pasted", "quote", "unquote", "true", "very true", "too true", "amen", "hear hear", "ditto",
            "thread", "must read", "heartbreaking", "shocking", "brilliant", "lovely", "lovely to read", "so sad",
            "omg", "wtf", "lol", "plus one", "seconded", "nailed it", "say it louder",
        )
    ),
    key=len,
    reverse=True,
)  # fmt: skip
_LONGEST_REMARK = max(map(len, _REMARKS))
_REMARK_SET = frozenset(map(tuple, _REMARKS))

_NEGATIONS = frozenset(
    "no not never nor none nothing nobody nowhere without cannot dont doesnt didnt isnt wasnt arent werent wont wouldnt"
    " cant couldnt shouldnt hasnt havent hadnt aint neither".split()
)


class Reduced(NamedTuple):
    """Words with one space between them; how many of them deny; whether the text says that it was cut short."""

    words: str
    negations: int
    is_cut: bool


def reduced(text: str) -> Reduced:
    """Return what is compared of a text. Time is linear in its length."""
    plain = _LINK.sub(" ", text) if _has_any(text, _LINK_HOLDS) else text
    plain = _RESHARED.sub(" ", plain) if _has_any(plain, _RESHARED_HOLDS) else plain
    plain = _TAG.sub(" ", plain) if _has_any(plain, "#@") else plain
    plain = without_placeholders(plain).rstrip()
    words = _words(_folded(plain))
    words = _without_remarks(words)
    return Reduced(" ".join(words), sum(word in _NEGATIONS for word in words), _CUT.search(plain) is not None)


def _has_any(text: str, wanted: Iterable[str]) -> bool:
    return any(map(text.__contains__, wanted))


def _words(text: str) -> list[str]:
    """Return the words of a folded text; an apostrophe inside a word is none of its letters."""
    if text.isascii() and "'" not in text and "`" not in text:
        return text.translate(APART).split()
    return _WORDS.findall(_APOSTROPHE.sub("", text))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join([character for character in parts if not unicodedata.combining(character)])


def _without_remarks(words: list[str]) -> list[str]:
    start, end = 0, len(words)
    while length := _remark_at(words[start : min(end, start + _LONGEST_REMARK)], at_start=True):
        start += length
    while length := _remark_at(words[max(start, end - _LONGEST_REMARK) : end], at_start=False):
        end -= length
    return words[start:end]


def _remark_at(words: list[str], *, at_start: bool) -> int:
    for length in range(len(words), 0, -1):
        if tuple(words[:length] if at_start else words[-length:]) in _REMARK_SET:
            return length
    return 0
