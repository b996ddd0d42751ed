"""Handles of social media: @name, @name@instance as on Mastodon, and names without the sign where a site is named."""

import re
from collections.abc import Iterator

from wordround.deidentify.names.vocabulary import vocabulary
from wordround.deidentify.spans import Span

_PATTERN = re.compile(r"@[A-Za-z_]\w{1,62}(?:[.-]\w+){0,8}(?:@\w[\w-]*(?:\.\w[\w-]*)+)?")
_SITE = (
    r"(?:insta(?:gram)?|ig|tik ?tok|twitter|tweet(?:s|ed)?|snap ?chat|snap|facebook|fb|threads|you ?tube|reddit|"
    r"mastodon|messenger|"
    r"bluesky|linked ?in|whats ?app|telegram|discord|pinterest|tumblr|twitch|x)"
)
_NAMING = r"(?:user ?names?|screen ?names?|handles?|gamer ?tag|(?:dm|pm|message|add|follow|find) me)"
_OTHERWISE = (
    r"(?:it's|its|is|was|as|under|by|run|called|named|at|me|on|my|name|user|here|account|acc|handle|page|group|"
    r"profile|"
    r"username|id|channel)"
)
_WRITTEN = r"(?P<handle>[A-Za-z_](?=[\w.]{3})\w*(?:\.[a-z0-9_]\w*){0,3})"
_BEHIND = re.compile(
    rf"\b(?:{_SITE}|{_NAMING})(?:[ ,:;(\"'-]{{1,3}}(?:{_OTHERWISE}|"
    rf"{_SITE})(?![\w'])){{0,4}}[ ,:;(\"'=@-]{{1,4}}{_WRITTEN}",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"(?<![\w@.]){_WRITTEN} (?:on|from|over on|at) (?:here\b|{_SITE}\b)", re.IGNORECASE)
# As Reddit and Discord write them.
_OF_A_SITE = re.compile(r"(?<![\w/])u/[\w-]{3,}|(?<!\w)\w[\w.]{1,31}#\d{4}(?!\d)")
# What nobody writes but as a name for a machine.
_JOINED = re.compile(r"(?<![\w@./])(?=\w*[A-Za-z]{2})[A-Za-z]\w*_\w*[A-Za-z0-9](?!\w|@)")
_MADE_UP = re.compile(r"[A-Za-z]{3,}\d{2,4}")
_SHORTEST_WORD = 6


def find(text: str) -> Iterator[Span]:
    """Yield the handles in a text."""
    if "@" in text:
        for match in _PATTERN.finditer(text):
            yield Span(match.start(), match.end(), "handle")
    if "_" in text:
        for match in _JOINED.finditer(text):
            yield Span(match.start(), match.end(), "handle")
    for match in _OF_A_SITE.finditer(text):
        yield Span(match.start(), match.end(), "handle")
    for pattern in (_BEHIND, _BEFORE):
        for match in pattern.finditer(text):
            if _is_made_up(match["handle"]):
                yield Span(match.start("handle"), match.end("handle"), "handle")


def _is_made_up(token: str) -> bool:
    """Say whether a token is no word: it holds a digit, a stroke or a full stop, or no list is near it."""
    known = vocabulary()
    if any(character.isdigit() for character in token):
        return bool(_MADE_UP.fullmatch(token)) or "_" in token or "." in token or token[0].isalpha()
    if "_" in token or "." in token:
        return True
    small = token.lower()
    return len(token) >= _SHORTEST_WORD and known.is_foreign(small) and not token[0].isupper()
