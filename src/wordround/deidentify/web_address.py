"""Web addresses: with a scheme, with www., or a bare domain that ends as British readers know domains to end."""

import re
from collections.abc import Iterator

from wordround.deidentify.spans import Span

_NAME = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}"
_PATTERN = re.compile(
    rf"""(?<![\w@.-])(?:
        [a-z][a-z0-9+.-]{{1,20}}://[^\s<>"']+
      | www\d?\.[^\s<>"']+
      | {_NAME}(?:com|org|net|uk|eu|info|io|scot|wales|cymru|london)(?:/[^\s<>"']*|(?![\w@-]))
      # Endings that are words too ("so kind.me and mum") count only before a path.
      | {_NAME}(?:[a-z]{{2,10}})/[^\s<>"']+
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_MARKS = ".,;:!?)]}"


def find(text: str) -> Iterator[Span]:
    """Yield the web addresses in a text, without the punctuation of the sentence around them."""
    if "." not in text and "://" not in text:
        return
    for match in _PATTERN.finditer(text):
        address = match.group().rstrip(_SENTENCE_MARKS)
        yield Span(match.start(), match.start() + len(address), "web address")
