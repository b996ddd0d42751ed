"""Web addresses: with a scheme, with www., or a bare domain that ends as British readers know domains to end.

An address at a site where people have pages of their own is a profile link.
"""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

_NAME = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}"
_PATTERN = re.compile(
    rf"""(?<![\w@.-])(?:
        [a-z][a-z0-9+.-]{{1,20}}://[^\s<>"']+
      | www\d?\.[^\s<>"']+
      | www\ ?\.\ ?[\w-]+(?:\ ?\.\ ?[\w-]+){0, 4}?\ ?\.\ ?(?:com|org|net|uk|eu|info|example)\b
      | {_NAME}(?:com|org|net|uk|eu|info|io|scot|wales|cymru|london)(?:/[^\s<>"']*|(?![\w@-]))
      # Endings that are words too ("so kind.me and mum") count only before a path.
      | {_NAME}(?:[a-z]{{2,10}})/[^\s<>"']+
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_MARKS = ".,;:!?)]}"
_PROFILES = re.compile(
    r"^(?:[a-z]+://)?(?:[\w-]+\.)*(?:facebook|fb|instagram|twitter|x|linkedin|tiktok|threads|bsky|youtube|snapchat|"
    r"reddit|pinterest|t|wa|mastodon|flickr|tumblr|medium|justgiving|gofundme|linktr)\.(?:com|net|app|me|org|social|ee|be|tv)/.",
    re.IGNORECASE,
)
# The front page of a public service names nobody.
_PUBLIC = re.compile(r"(?:https?://)?(?:www\.)?(?:nhs|gov)\.(?:uk|scot|wales)/?", re.IGNORECASE)
_FEDERATED_PROFILE = re.compile(r"^(?:[a-z]+://)?[^/]+/(?:@|users?/|profile/|u/|people/|~)", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """Yield the web addresses in a text, without the punctuation of the sentence around them."""
    if "." not in text and "://" not in text:
        return
    for match in _PATTERN.finditer(text):
        address = match.group().rstrip(_SENTENCE_MARKS)
        if _PUBLIC.fullmatch(address):
            continue
        is_profile = _PROFILES.match(address) or _FEDERATED_PROFILE.match(address)
        kind = "profile link" if is_profile else "web address"
        yield Span(match.start(), match.start() + len(address), kind)
