"""What a connector is: it builds requests, and reads answers into rows and the request for the next page.

A connector uses no network, no clock and no file. Paging, back-off, budgets, windows and partial failure are the
driver's (driver.py), the same for every source.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, Literal, NamedTuple

from wordround.comments import Comment, Refused, Rejected
from wordround.connectors.asking.dialects import Dialect
from wordround.connectors.blocks import AskedSource, Query
from wordround.connectors.terms import SourceTerms

Item = Comment | Rejected | Refused


class Window(NamedTuple):
    """From `since` (included) to `until` (excluded), both UTC; of one listing of a query, or of all (None)."""

    since: datetime
    until: datetime
    listing: str | None = None


class Request(NamedTuple):
    """One request, as data. `form` and `json` make it a POST.

    `about`: whatever the connector wants back with the answer. `most_items`: how many rows the answer can hold at most,
    for sources that charge by the row. `may_be_missing`: 404 and 410 are an answer, that what was asked for is not
    there, which `read` and `gone` get as None. `listing`: what a first request asks for, in words that stay the same
    from run to run: coverage is kept by them.
    """

    url: str
    params: Mapping[str, Any] = {}
    form: Mapping[str, str] | None = None
    json: Any = None
    headers: Mapping[str, str] = {}
    about: Any = None
    most_items: int = 100
    is_text: bool = False  # not JSON: a feed
    may_be_missing: bool = False
    listing: str = ""


class Asked(NamedTuple):
    """The question that a page answers."""

    query: Query
    window: Window
    request: Request


class Answer(NamedTuple):
    """An answer that the driver took: the parsed JSON, or the text of a feed, and its headers (lower case)."""

    content: Any
    headers: Mapping[str, str]
    is_unchanged: bool = False  # 304: nothing new since the last time

    @property
    def given_at(self) -> datetime | None:
        """When it was given, by the clock of the source (Date and Age, RFC 9110); None where it does not say."""
        age = self.headers.get("age", "")
        try:
            date = parsedate_to_datetime(self.headers["date"])
            return date.replace(tzinfo=date.tzinfo or UTC) + timedelta(seconds=int(age) if age.isdecimal() else 0)
        except (KeyError, ValueError, OverflowError):
            return None


class Page(NamedTuple):
    """The rows of one answer. `following` asks for the next page; None after the last one.

    `newest` and `oldest`: the span of its rows, for sources that answer newest first. `is_cut`: the source has more
    behind the last page, and does not show it. `position`: how far down the listing the source itself has come, where
    it leaves out rows after it has cut the page.
    """

    items: Sequence[Item]
    following: Request | None = None
    newest: datetime | None = None
    oldest: datetime | None = None
    is_cut: bool = False
    position: int = 0
    # How many rows the answer costs, where that is not how many it held.
    priced_items: int | None = None
    # Kept for the next run, as `Connector.memory`: a feed's ETag, for instance.
    remember: Mapping[str, str] = {}


class Price(NamedTuple):
    """What asking costs. `unit` is the source's own: dollars, quota units."""

    unit: str = ""
    per_item: float = 0.0
    per_request: float = 0.0


class Connector:
    """One source. A subclass declares what it is and gives `asks` and `read`; the rest has a default."""

    name: ClassVar[str]
    terms: ClassVar[SourceTerms]
    block_type: ClassVar[type[AskedSource]] = AskedSource
    credentials: ClassVar[Mapping[str, str]] = {}  # name: what it is
    optional_credentials: ClassVar[tuple[str, ...]] = ()  # those without which it answers too, if less
    dialect: ClassVar[Dialect] = Dialect()
    price: ClassVar[Price] = Price()
    seconds_between: float = 0.0  # requests
    # A listing ends near this many rows even where there are more; then older ones are asked for again.
    wall: ClassVar[int | None] = None
    # Answers from now backwards and takes no `since`: paging ends with the first page that is wholly older.
    newest_first: ClassVar[bool] = False
    # Whether answers come newest first row by row (strict), page by page (loose) or not at all. It decides from which
    # moment on half an answer is whole.
    order: ClassVar[Literal["strict", "loose", "none"]] = "loose"
    # By how much a listing must be asked again from its oldest row, as finely as the source can be asked.
    tick: ClassVar[timedelta] = timedelta(seconds=1)
    # How far back it answers at all.
    reach: timedelta | None = None
    # How old a post must be before it answers about it.
    delay: ClassVar[timedelta] = timedelta(0)
    # In a check for deletions: the kind of row (comments.Kind) that a native id was collected as, where it is stored.
    kinds: Mapping[str, str] = {}
    # Whether a check's requests about no post show posts too: a feed.
    shows_unasked: ClassVar[bool] = False

    def __init__(
        self, block: AskedSource, trust_code: str, secrets: Mapping[str, str], memory: Mapping[str, str] | None = None
    ) -> None:
        """`memory`: what pages of earlier runs put into `Page.remember`."""
        self.block, self.trust_code, self.secrets, self.memory = block, trust_code, secrets, memory or {}

    def sign_in(self) -> Request | None:
        """Return the request that opens a session, for sources that have one."""
        return None

    def headers(self, session: Any) -> dict[str, str]:
        """Return the headers of every request; `session` is the answer to `sign_in`, None without one."""
        return {}

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        """Yield the first request of each listing that this query needs."""
        raise NotImplementedError

    def listings(self, query: Query, window: Window) -> dict[str, Request]:
        """Return the first request of each listing by its name, or of the one that the window is about."""
        found: dict[str, Request] = {}
        for number, request in enumerate(self.asks(query, window), 1):
            name = request.listing or str(number)
            found[name if name not in found else f"{name} ({number})"] = request
        return found if window.listing is None else {window.listing: found[window.listing]}

    def for_fewer(self, request: Request, most_items: float) -> Request | None:
        """Return the request for at most so many rows, when a budget pays for no more; None where there is none."""
        return None

    def read(self, answer: Answer, asked: Asked) -> Page:
        """Return the rows of an answer. Raises AnswerUnreadable where it is not of the documented form."""
        raise NotImplementedError

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        """Yield the requests that find out which of these ids are gone, each with its ids."""
        return iter(())

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        """Return those of the ids that are deleted, hidden or withdrawn."""
        return set()

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        """Return the posts that the answer to a check shows whole, where the source answers so.

        A place, a role or a count that it does not tell stays as it was stored.
        """
        return []

    def is_not_found_an_answer(self) -> bool:
        """Whether 404 and 410 mean that the post is gone, and not that the address is wrong."""
        return False

    def words_of(self, content: Any) -> str:
        """Return the source's own reason for a refusal, from the body of its answer."""
        return _first_words(content)

    def is_session_over(self, status: int, content: Any) -> bool:
        """Whether a refusal means that the session must be opened again."""
        return status == 401

    def is_out_of_budget(self, status: int, content: Any) -> bool:
        """Whether a refusal means that the quota of the day is spent."""
        return False

    def is_busy(self, status: int, content: Any) -> bool:
        """Whether a refusal with 400 or 403 means "slow down", which other sources say by 429."""
        return False

    def is_answer(self, status: int, content: Any) -> bool:
        """Whether a refusal concerns this one listing and is for `read` to interpret, such as "comments are off"."""
        return False


_WORDS_IN = ("message", "error_description", "detail", "title", "error", "reason", "errors")


def _first_words(content: Any) -> str:
    """Return the first sentence in the usual places of an error's body; empty where there is none."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return next((words for each in content if (words := _first_words(each))), "")
    if isinstance(content, dict):
        return next((words for name in _WORDS_IN if (words := _first_words(content.get(name)))), "")
    return ""


def each(rows: Iterable[Any], parse: Callable[[Any], Item | Iterable[Item] | None]) -> list[Item]:
    """Parse each row of an answer. A row that cannot be parsed is rejected alone; None from `parse` is no row.

    Raises TypeError for a text or an object in place of the rows: no part of those is a row.
    """
    if isinstance(rows, str | Mapping):
        raise TypeError("no list")
    items: list[Item] = []
    for number, row in enumerate(rows, 1):
        try:
            parsed = parse(row)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, OSError):
            # The fault may lie in words that somebody wrote, so no part of the row is kept.
            parsed = Rejected(number, "(whole row)", "unreadable_item", {})
        if isinstance(parsed, Comment | Rejected | Refused):
            items.append(parsed)
        elif parsed is not None:
            items += parsed
    return items


def chained(requests: Sequence[Request]) -> Request | None:
    """Return the first of several requests, which carries the others in `about`; None where there is none."""
    return requests[0]._replace(about=tuple(requests[1:])) if requests else None


def comments_of(items: Iterable[Item]) -> Iterator[Comment]:
    """Yield those of the items that are comments."""
    return (item for item in items if isinstance(item, Comment))
