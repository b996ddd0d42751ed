"""IP addresses, versions 4 and 6."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from wordround.deidentify.cues import Cues
from wordround.deidentify.spans import Span

cued = Cues.of("digits")

_PATTERN = cued(
    r"(?<![\w.:])(?:(?P<four>\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?(?![\w:])|(?P<six>[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})"
    r"(?![\w:]))(?!\.\d)",
    re.IGNORECASE,
)

_VERSION = re.compile(r"\b(?:version|v|ver|release|ios|android)\.?\s?$", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """Yield the IP addresses in a text."""
    for match in _PATTERN.finditer(text):
        try:
            ip_address(match["four"] or match["six"])
        except ValueError:
            continue
        if _VERSION.search(text, max(0, match.start() - 12), match.start()):
            continue
        if match["four"] or match["six"].count(":") != 2 or "::" in match["six"]:
            yield Span(match.start(), match.end(), "IP address")
