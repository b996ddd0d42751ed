"""From public figures of months to those of a month or a quarter: sums, where every month of it is shown.

Whoever has the public figures can add them up, so that a sum tells nothing that they do not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from wordround.plain_text import label as as_label
from wordround.published import source_gaps
from wordround.published.disclosure import percent
from wordround.published.public_months import Month, PublicMonths, quarter_of

MOST_MONTHS = 12


class _Counted(Protocol):
    @property
    def month_code(self) -> str: ...
    @property
    def comment_count(self) -> int | None: ...
    @property
    def negative_count(self) -> int | None: ...


@dataclass(frozen=True)
class Line:
    """One line: what it is about, its comments, and the share that is negative; None where hidden."""

    name: str
    comments: int | None
    negative: int | None
    place: str = ""

    @property
    def value(self) -> float | None:
        """The share that is negative; None where it is hidden, or where there is nothing to share."""
        return self.negative / self.comments if self.comments and self.negative is not None else None

    @property
    def share(self) -> str | None:
        """The same in whole per cent."""
        return None if self.value is None else percent(self.value)


@dataclass(frozen=True)
class TrustPart:
    """One trust: its total, its services, its themes, its months up to this one, and what is missing from this one."""

    name: str
    total: Line
    services: list[Line]
    themes: list[Line]
    months: list[Line]
    missing: list[str]


@dataclass(frozen=True)
class PublicReport:
    """The report of one period. `first` and `last`: its days."""

    period: str
    title: str
    first: date
    last: date
    trusts: list[TrustPart]

    @property
    def hidden(self) -> int:
        """How many lines have a figure that is hidden."""
        lines = (each for trust in self.trusts for each in (trust.total, *trust.services, *trust.themes, *trust.months))
        return sum(line.comments is None or line.negative is None for line in lines)


def make(published: PublicMonths, months: Sequence[Month], *, is_quarter: bool) -> PublicReport:
    """Return the report of these months."""
    codes = [month.month_code for month in months]
    first = date.fromisoformat(f"{codes[0]}-01")
    title = f"{first:%B %Y}" if not is_quarter else f"{first:%B} to {date.fromisoformat(codes[-1] + '-01'):%B %Y}"
    return PublicReport(
        period=quarter_of(codes[0]) if is_quarter else codes[0],
        title=title,
        first=months[0].first_week_date,
        last=months[-1].last_day_date,
        trusts=[_trust(published, trust, codes) for trust in sorted({each.trust_code for each in published.trusts})],
    )


def _trust(published: PublicMonths, trust: str, codes: list[str]) -> TrustPart:
    names = {each.trust_code: as_label(each.trust_label) for each in published.service_names.values()}
    name = names.get(trust, trust)
    of_trust = [each for each in published.trusts if each.trust_code == trust]
    services = [each for each in published.services if each.trust_code == trust]
    themes = [each for each in published.themes if each.trust_code == trust]
    recent = [each for each in of_trust if each.month_code <= codes[-1]][-MOST_MONTHS:]
    named = [(each, published.service_names.get(each)) for each in dict.fromkeys(each.service_id for each in services)]
    return TrustPart(
        name=name,
        total=_line(name, of_trust, codes),
        services=sorted(
            (
                _line(
                    as_label(about.service_label),
                    (each for each in services if each.service_id == service_id),
                    codes,
                    as_label(about.site_label),
                )
                for service_id, about in named
                if about
            ),
            key=lambda line: line.name.casefold(),
        ),
        themes=[
            _line(label, (each for each in themes if each.theme_code == code), codes)
            for code, label in published.theme_names.items()
        ],
        months=[
            Line(f"{date.fromisoformat(each.month_code + '-01'):%B %Y}", each.comment_count, each.negative_count)
            for each in recent
        ],
        missing=source_gaps.told(
            [gap for gap in published.gaps if gap.trust_code == trust and gap.month_code in codes],
            {month.month_code: month.week_count for month in published.months},
            published.source_names,
            {},
        ),
    )


def _line(name: str, found: Iterable[_Counted], codes: list[str], place: str = "") -> Line:
    """The sum over the months; nothing where one of them is hidden. A month without a row has no comments."""
    of_period = [each for each in found if each.month_code in codes]
    return Line(
        name,
        _sum(each.comment_count for each in of_period),
        _sum(each.negative_count for each in of_period),
        place,
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    found = list(counts)
    return None if None in found else sum(count for count in found if count is not None)
