"""The form of the search: what was typed and chosen, as the address of a page holds it."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import Query

from wordround.published.comment_search import Asked, Order, Sentiment
from wordround.published.search_words import SearchUnreadable, read

_SCORES = ("1", "2", "3", "4", "5", "6")
# As an address spells them: `from` is a word of Python.
_NAMES = {"first": "from", "last": "to"}

Word = Annotated[str, Query(max_length=2000)]


@dataclass(frozen=True)
class SearchForm:
    """What was typed and chosen; empty where nothing was. first, last: days as a browser sends them."""

    q: str = ""
    service: str = ""
    theme: str = ""
    sentiment: str = ""
    source: str = ""
    first: str = ""
    last: str = ""
    score: str = ""
    order: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for yet."""
        return not any(value.strip() for name, value in asdict(self).items() if name != "order")

    @property
    def has_choices(self) -> bool:
        """Whether more than words and a service was asked for."""
        return any((self.theme, self.sentiment, self.source, self.first, self.last, self.score))

    @property
    def ordered(self) -> Order:
        """The order of what is found."""
        return "critical" if self.order == "critical" else "newest"

    def asked(self) -> Asked:
        """What is looked for. Raises SearchUnreadable."""
        if self.sentiment and self.sentiment not in get_args(Sentiment):
            raise SearchUnreadable("The sentiment is none of negative, neutral and positive.")
        if self.score and self.score not in _SCORES:
            raise SearchUnreadable("The score is none of 1 (Very good) to 6 (Don't know).")
        first, last = _day(self.first), _day(self.last)
        if first and last and first > last:
            raise SearchUnreadable("The first day is after the last one.")
        return Asked(
            words=read(self.q),
            service_id=self.service or None,
            theme_code=self.theme or None,
            sentiment=self.sentiment or None,  # type: ignore[arg-type]
            source_code=self.source or None,
            first=first,
            last=last,
            score=int(self.score) if self.score else None,
        )

    def fields(self) -> dict[str, str]:
        """What was typed and chosen by the names that an address has for it."""
        return {_NAMES.get(name, name): value for name, value in asdict(self).items() if value}

    def address(self, path: str = "/search", page: int = 1, **changed: str) -> str:
        """The address of this search, or of one that differs in what is `changed`."""
        fields = replace(self, **changed).fields() | ({"page": str(page)} if page > 1 else {})
        return f"{path}?{urlencode(fields)}" if fields else path


def form(
    q: Word = "", service: Word = "", theme: Word = "", sentiment: Word = "", source: Word = "",
    first: Annotated[str, Query(alias="from", max_length=40)] = "",
    last: Annotated[str, Query(alias="to", max_length=40)] = "",
    score: Word = "", order: Word = "",
) -> SearchForm:  # fmt: skip
    """The form as an address sends it."""
    return SearchForm(q, service, theme, sentiment, source, first, last, score, order)


def of_fields(fields: dict[str, Any]) -> SearchForm:
    """The form of fields that were kept, or that a form sent; others are left out."""
    named = {name: str(fields.get(_NAMES.get(name, name)) or "") for name in SearchForm.__dataclass_fields__}
    return SearchForm(**named)


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise SearchUnreadable("A day is written like 2026-11-09.") from None
