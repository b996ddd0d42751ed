"""The parts of a post, as every source gives them: marked-up text, links, hashtags, moments.

All functions are pure. Text comes out plain, a paragraph a line. Of a link only its registrable domain is kept, by the
public suffix list that comes with tldextract (nothing is fetched).
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import tldextract
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from wordround.connectors.asking.depth import TooDeep, html_is_deeper
from wordround.plain_text import plain

LONDON = ZoneInfo("Europe/London")
# How far the clock of a client may be ahead.
TOLERANCE = timedelta(minutes=10)
# A post that its source received later than this carries a wrong date, or was imported from another service.
_LONGEST_DELAY = timedelta(days=1)

_DEEPEST = 200

_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_markdown = MarkdownIt("commonmark")
_HASHTAG = re.compile(r"(?<![\w&/#])#(\w*[^\W\d_]\w*)")
_MENTION = re.compile(r"(?<![\w@/])@([A-Za-z0-9_](?:[\w.-]*\w)?(?:@[\w.-]*\w)?)")
_LINK = re.compile(r"https?://[^\s<>\"]+")
_MANY_LINES = re.compile(r"\n\s*\n+")
_BREAKS = frozenset(
    "p br div li ul ol blockquote h1 h2 h3 h4 h5 h6 tr table section article pre hr figure figcaption".split()
)


def text_of_html(html: str) -> tuple[str, list[str]]:
    """Return (plain text, the addresses of links) of a piece of HTML.

    Parts that a reader would not see are dropped. A mention or a hashtag is not a link. Raises ValueError (TooDeep)
    where elements are nested as nobody writes them, which would take hours.
    """
    if "<" not in html and "&" not in html:
        return plain(html), []
    if html_is_deeper(html, _DEEPEST):
        raise TooDeep(f"more than {_DEEPEST} levels")
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "template", "head"])
    for hidden in tree.css(".invisible, .quote-inline"):
        hidden.decompose()
    links = [href for link in tree.css("a:not(.mention)") if (href := link.attributes.get("href"))]
    for node in tree.css(",".join(_BREAKS)):
        node.insert_after("\n")
        if node.tag != "br":
            node.insert_before("\n")
    written = tree.root.text() if tree.root else ""
    lines = (" ".join(line.split()) for line in _MANY_LINES.sub("\n", plain(written)).split("\n"))
    return "\n".join(line for line in lines if line), links


def text_of_markdown(markdown: str) -> tuple[str, list[str]]:
    """Return (plain text, the addresses of links) of Markdown."""
    return text_of_html(_markdown.render(markdown))


def hashtags_in(text: str) -> tuple[str, ...]:
    """Return the hashtags of a text as they are written there, without the sign, once each."""
    return tuple(dict.fromkeys(_HASHTAG.findall(text)))


def mentions_in(text: str) -> tuple[str, ...]:
    """Return the handles that a text mentions, without the sign, once each."""
    return tuple(dict.fromkeys(_MENTION.findall(text))) if "@" in text else ()


def adds_nothing(text: str) -> bool:
    """Whether a text beside a quoted post holds nothing but hashtags, handles and links."""
    return not re.search(r"\w", _MENTION.sub("", _HASHTAG.sub("", _LINK.sub("", text))))


def domains_of(links: Iterable[str]) -> tuple[str, ...]:
    """Return the registrable domains of links, once each."""
    return tuple(dict.fromkeys(filter(None, map(_domain, links))))


def links_in(text: str) -> list[str]:
    """Return the addresses in a plain text."""
    return _LINK.findall(text) if "://" in text else []


@lru_cache(10_000)
def _domain(link: str) -> str:
    return str(_extract(link).top_domain_under_public_suffix).lower()


def moment(written: str | float) -> datetime:
    """Return a moment in UTC, from ISO 8601 or epoch seconds. Raises ValueError or OverflowError for anything else.

    One without an offset is taken as UTC, as APIs mean it.
    """
    if isinstance(written, int | float) and not isinstance(written, bool):
        return datetime.fromtimestamp(written, UTC)
    if not isinstance(written, str) or len(written) < len("2026-11-24"):
        raise ValueError("no moment")
    found = datetime.fromisoformat(written)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def day_of(when: datetime) -> date:
    """Return the day of a moment in Europe/London."""
    return when.astimezone(LONDON).date()


def trusted(claimed: datetime | None, received: datetime) -> tuple[datetime, bool]:
    """Return (when a post was written, whether that is a correction).

    A client may claim any moment. One in the future, or more than a day before the source received the post, is
    replaced by the source's own.
    """
    if claimed is None or claimed > received + TOLERANCE or received - claimed > _LONGEST_DELAY:
        return received, True
    return claimed, False


def count(value: object) -> int | None:
    """Return a counter of a source; None where it is missing or not a count."""
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31:
        return value
    return None
