"""The parts of a post, as every source gives them: marked-up text, links, hashtags, moments.

All functions are pure. Text comes out plain, a paragraph a line. Of a link only its registrable domain is kept, by the
public suffix list that comes with tldextract (nothing is fetched).
"""

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import tldextract
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser

from wordround.comments import LinkTitle
from wordround.connectors.asking.depth import TooDeep, html_is_deeper
from wordround.plain_text import one_line, plain

LONDON = ZoneInfo("Europe/London")
# How far the clock of a client may be ahead.
TOLERANCE = timedelta(minutes=10)
# A post that its source received later than this carries a wrong date, or was imported from another service.
_LONGEST_DELAY = timedelta(days=1)

# No post is older than the Web. Programs write their own first moment where they have none (0001-01-01, 1970-01-01).
_FIRST_YEAR, _LAST_YEAR = 1990, 2200

_DEEPEST = 200
_LONGEST_TITLE = 300
_LONGEST_COUNT = 10  # digits

_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_HASHTAG = re.compile(r"(?<![\w&/#])#(\w*[^\W\d_]\w*)")
# Codes that ISO 639 withdrew, which programs still write, and what they are now (IANA Language Subtag Registry).
_LANGUAGES_NOW = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro", "sh": "sr"}
_LANGUAGE = re.compile(r"([A-Za-z]{2,8})((?:[-_]\w+)*)")
_MENTION = re.compile(r"(?<![\w@/])@([A-Za-z0-9_](?:[\w.-]*\w)?(?:@[\w.-]*\w)?)")
_LINK = re.compile(r"https?://[^\s<>\"]+")
_MANY_LINES = re.compile(r"\n\s*\n+")
_SPOILER = re.compile(r">!|!<")
_RAISED = re.compile(r"\^(?:\((?P<inner>[^()\n]*)\)|(?=[^\s^]))")
_STRUCK = "s, strike, del"
_BREAKS = frozenset(
    "p br div li ul ol blockquote h1 h2 h3 h4 h5 h6 tr table section article pre hr figure figcaption".split()
)


def text_of_html(html: str) -> tuple[str, list[str]]:
    """Return (plain text, the addresses of links) of a piece of HTML.

    Parts that a reader would not see are dropped, and what its writer struck out. A mention or a hashtag is not a link.
    Raises ValueError (TooDeep) where elements are nested as nobody writes them, which would take hours.
    """
    if "<" not in html and "&" not in html:
        return plain(html), []
    if html_is_deeper(html, _DEEPEST):
        raise TooDeep(f"more than {_DEEPEST} levels")
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "template", "head"])
    for hidden in tree.css(f".invisible, .quote-inline, {_STRUCK}"):
        hidden.decompose()
    for cell in tree.css("td, th"):
        cell.insert_after(" ")
    links = [href for link in tree.css("a:not(.mention)") if (href := link.attributes.get("href"))]
    for node in tree.css(",".join(_BREAKS)):
        node.insert_after("\n")
        if node.tag != "br":
            node.insert_before("\n")
    written = tree.root.text() if tree.root else ""
    lines = (" ".join(line.split()) for line in _MANY_LINES.sub("\n", plain(written)).split("\n"))
    return "\n".join(line for line in lines if line), links


def text_of_markdown(markdown: str, has_html: bool = True) -> tuple[str, list[str]]:
    """Return (plain text, the addresses of links) of Markdown as a reader sees it, numbers of lists included.

    `has_html`: HTML in it is markup; without it, what looks like a tag is what somebody wrote, as at Reddit.
    """
    return text_of_html(_markdown(has_html).render(markdown))


@cache
def _markdown(has_html: bool) -> MarkdownIt:
    """Return a reader of CommonMark with struck words and tables, and with Reddit's raised words and spoilers."""
    reader = MarkdownIt("commonmark", {"html": has_html}).enable(["strikethrough", "table"])
    reader.core.ruler.after("inline", "numbers", _number_items)
    if not has_html:
        reader.inline.ruler.before("escape", "marks", _without_marks)
        # `>!` at the start of a line hides a spoiler, and is no quotation.
        reader.core.ruler.before("block", "spoilers", _without_spoilers)
    return reader


def _number_items(state: StateCore) -> None:
    """Put the number of a list's item in front of its words: people begin with a year, or refer to it later."""
    number = ""
    for token in state.tokens:
        if token.type == "list_item_open":
            number = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "inline" and number:
            token.children = [Token("text", "", 0, content=number), *(token.children or [])]
            number = ""


def _without_marks(state: StateInline, silent: bool) -> bool:
    """Pass over the sign that raises what follows (`^up`, `^(up here)`): a reader sees the words alone."""
    found = _RAISED.match(state.src, state.pos)
    if not found:
        return False
    if not silent and found["inner"]:
        state.pending += found["inner"]
    state.pos = found.end()
    return True


def _without_spoilers(state: StateCore) -> None:
    state.src = _SPOILER.sub("", state.src)


def hashtags_in(text: str) -> tuple[str, ...]:
    """Return the hashtags of a text as they are written there, without the sign, once each."""
    return tuple(dict.fromkeys(_HASHTAG.findall(text)))


def hashtags_of(text: str, stated: Iterable[str]) -> tuple[str, ...]:
    """Return the hashtags of a text, and those that its source states beside it, once each.

    One that is stated stands in the text as far as its source says, which may be longer than words alone: `long-covid`.
    """
    found: dict[str, tuple[float, str]] = {}
    for tag in sorted(dict.fromkeys(each.lstrip("#") for each in stated), key=len, reverse=True):
        written = re.search(rf"(?<![\w&/#])#({re.escape(tag)})(?!\w)", text, re.IGNORECASE) if tag else None
        if written:
            text = f"{text[: written.start()]}{' ' * len(written[0])}{text[written.end() :]}"
        if tag:
            found.setdefault(tag.casefold(), (written.start() if written else math.inf, written[1] if written else tag))
    for written in _HASHTAG.finditer(text):
        found.setdefault(written[1].casefold(), (written.start(), written[1]))
    return tuple(tag for _, tag in sorted(found.values(), key=lambda each: each[0]))


def language(written: object) -> str | None:
    """Return a language code as it is written today; None for what is no code."""
    found = _LANGUAGE.fullmatch(written.strip()) if isinstance(written, str) else None
    return f"{_LANGUAGES_NOW.get(found[1].lower(), found[1])}{found[2]}" if found else None


def mentions_in(text: str) -> tuple[str, ...]:
    """Return the handles that a text mentions, without the sign, once each."""
    return tuple(dict.fromkeys(_MENTION.findall(text))) if "@" in text else ()


def adds_nothing(text: str) -> bool:
    """Whether a text beside a quoted post holds nothing but hashtags, handles and links."""
    return not re.search(r"\w", _MENTION.sub("", _HASHTAG.sub("", _LINK.sub("", text))))


def domains_of(links: Iterable[str]) -> tuple[str, ...]:
    """Return the registrable domains of links, once each."""
    return tuple(dict.fromkeys(filter(None, map(_domain, links))))


def titles_of(cards: Iterable[tuple[str | None, str | None]]) -> tuple[LinkTitle, ...]:
    """Return the titles of links (address, title), each with the domain of its page, once each.

    Left out are titles that repeat an address, as programs write where they found none, and what is too long for one.
    """
    named = ((domains_of([link or ""]), one_line(title or "")) for link, title in cards)
    return tuple(
        dict.fromkeys(
            LinkTitle(domain, title)
            for domains, title in named
            for domain in domains
            if 0 < len(title) <= _LONGEST_TITLE and not _is_address(title, domain)
        )
    )


def _is_address(title: str, domain: str) -> bool:
    return "://" in title or (" " not in title and domain in title.lower())


def links_in(text: str) -> list[str]:
    """Return the addresses in a plain text."""
    return _LINK.findall(text) if "://" in text else []


@lru_cache(10_000)
def _domain(link: str) -> str:
    # Some organisations are public suffixes themselves: www.nhs.uk is a registrable domain, and nobody's but theirs.
    return str(_extract(link).top_domain_under_public_suffix).lower().removeprefix("www.")


def moment(written: str | float) -> datetime:
    """Return a moment in UTC, from ISO 8601 or epoch seconds. Raises ValueError or OverflowError for anything else.

    One without an offset is taken as UTC, as APIs mean it.
    """
    if isinstance(written, int | float) and not isinstance(written, bool):
        found = datetime.fromtimestamp(written, UTC)
    elif isinstance(written, str) and len(written) >= len("2026-11-24"):
        found = datetime.fromisoformat(written)
    else:
        raise ValueError("no moment")
    if not _FIRST_YEAR <= found.year < _LAST_YEAR:
        raise ValueError("no moment at which anybody wrote")
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def moment_or_none(written: object) -> datetime | None:
    """Return a moment in UTC; None for what is none."""
    try:
        return moment(written)  # type: ignore[arg-type]
    except (ValueError, OverflowError, OSError):
        return None


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
    if isinstance(value, str) and value.isdecimal() and len(value) <= _LONGEST_COUNT:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31:
        return value
    return None
