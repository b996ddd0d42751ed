"""From the forms of a month to the lines of the return: the trust, its sites, its services, each mode of collection.

The columns are those in which NHS England publishes the test (nhsengland/fft_pipeline, src/fft/config.py, June 2026):
responses, eligible people, shares, the six answers, and at the level of the trust the eight modes. How each service was
answered by each mode is not asked for; it is here because it is the first question about a figure that moved.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from wordround.plain_text import label as as_label
from wordround.published.fft_months import PublishedMonth, last_day_of
from wordround.published.figures import SCORES
from wordround.published.tables import FftMonth, Service
from wordround.reports.fft_return.eligible import Eligible
from wordround.reports.fft_return.hiding import hidden_columns_and_cells, hidden_lines

# As NHS England calls them, in its order; the last is not a mode: nobody has said how these forms came.
MODES = {
    "sms": "SMS", "electronic_discharge": "Electronic Discharge", "electronic_home": "Electronic Home",
    "paper_discharge": "Paper Discharge", "paper_home": "Paper Home", "telephone": "Telephone", "online": "Online",
    "other": "Other", "unknown": "Unknown",
}  # fmt: skip
NOT_KNOWN = "(not known)"

_POSITIVE, _NEGATIVE = slice(0, 2), slice(3, 5)


@dataclass(frozen=True)
class Line:
    """One line: its names, its responses, and its answers, which are None where they are hidden."""

    names: tuple[str, ...]
    responses: int
    answers: tuple[int, ...] | None
    eligible: int | None = None

    @property
    def positive(self) -> float | None:
        """The share of Very good and Good; None where it is hidden or there is no response."""
        return self._share(_POSITIVE)

    @property
    def negative(self) -> float | None:
        """The share of Poor and Very poor; None where it is hidden or there is no response."""
        return self._share(_NEGATIVE)

    def _share(self, part: slice) -> float | None:
        return sum(self.answers[part]) / self.responses if self.answers and self.responses else None


@dataclass(frozen=True)
class TrustReturn:
    """The return of one trust. `modes`: responses by mode, in the order of MODES.

    `loaded`: forms of the month that were loaded; `without_score`: those of them that no column of the return can hold.
    """

    code: str
    total: Line
    modes: tuple[int, ...]
    sites: list[Line]
    services: list[Line]
    by_mode: list[Line]
    loaded: int
    without_score: int

    @property
    def mode_unknown(self) -> int:
        """Responses of which nobody has said how they came."""
        return self.modes[-1]


@dataclass(frozen=True)
class Return:
    """The return of a month. `hidden`: how many lines do not say how they were answered.

    `silent_weeks`: by the code of a trust, one without a form in the month too, the Mondays of weeks of which no form
    came, though forms usually do.
    """

    month: date
    last_day: date
    is_exact: bool
    trusts: list[TrustReturn]
    set_aside: int
    reasons: list[str]
    silent_weeks: Mapping[str, list[date]]

    @property
    def is_over(self) -> bool:
        """Whether forms of a day after the month have come, so that its own are likely to be there."""
        return self.last_day > last_day_of(self.month)

    @property
    def hidden(self) -> int:
        """How many lines do not say how they were answered."""
        lines = (each for trust in self.trusts for each in (trust.total, *trust.sites, *trust.services, *trust.by_mode))
        return sum(line.answers is None for line in lines)


def make(published: PublishedMonth, eligible: Eligible, is_exact: bool = False) -> Return:
    """Make the return; `is_exact`: with nothing hidden, as it is submitted."""
    services = {service.service_id: service for service in published.services}
    by_trust: dict[str, list[FftMonth]] = defaultdict(list)
    for each in published.forms:
        by_trust[each.trust_code].append(each)
    return Return(
        month=published.month,
        last_day=published.last_day,
        is_exact=is_exact,
        trusts=[
            _Trust(code, forms, services, eligible, published, is_exact).made() for code, forms in by_trust.items()
        ],
        set_aside=sum(each.rows_quarantined for each in published.files),
        reasons=[each.quarantine_reasons for each in published.files if each.quarantine_reasons],
        silent_weeks=published.silent_weeks,
    )


class _Trust:
    """The lines of one trust, from its forms."""

    def __init__(
        self,
        code: str,
        forms: list[FftMonth],
        services: Mapping[str, Service],
        eligible: Eligible,
        published: PublishedMonth,
        is_exact: bool,
    ) -> None:
        self._code, self._forms, self._eligible = code, forms, eligible
        self._small = published.small_numbers
        self._is_exact = is_exact
        self._sites = {each.service_id: _site(services.get(each.service_id)) for each in forms}
        self._labels = {each.service_id: _label(services.get(each.service_id)) for each in forms}
        named = (services[each.service_id].trust_label for each in forms if each.service_id in services)
        self._name = as_label(next(named, None)) or code
        # In the order of names, which tells nothing of numbers.
        self._order = sorted(self._sites, key=lambda one: (self._sites[one].casefold(), self._labels[one].casefold()))

    def made(self) -> TrustReturn:
        total = self._added(self._forms)
        by_service = {one: self._of(service_id=one) for one in self._order}
        by_site = {site: self._of(site=site) for site in dict.fromkeys(self._sites[one] for one in self._order)}
        is_total_hidden = self._small.is_small(sum(total)) and not self._is_exact
        hidden_sites = self._lines(by_site, is_total_hidden)
        hidden_services = frozenset[str]()
        for site in by_site:
            of_site = {one: answers for one, answers in by_service.items() if self._sites[one] == site}
            hidden_services |= self._lines(of_site, site in hidden_sites)
        return TrustReturn(
            code=self._code,
            total=self._line((), total, is_total_hidden, self._eligible.of_trust(by_service, self._place)),
            modes=tuple(sum(self._of(mode=mode)) for mode in MODES),
            sites=[self._line((site,), answers, site in hidden_sites) for site, answers in by_site.items()],
            services=[
                self._line(self._place(one), answers, one in hidden_services, self._eligible.of(self._place(one)))
                for one, answers in by_service.items()
            ],
            by_mode=list(self._by_mode(hidden_sites, hidden_services, is_total_hidden)),
            loaded=sum(each.response_count for each in self._forms),
            without_score=sum(each.fft_unknown_count for each in self._forms),
        )

    def _by_mode(
        self, hidden_sites: frozenset[str], hidden_services: frozenset[str], is_total_hidden: bool
    ) -> Iterable[Line]:
        of_trust = {mode: self._of(mode=mode) for mode in MODES}
        cells = {(one, mode): self._of(service_id=one, mode=mode) for one in self._order for mode in MODES}
        hidden_modes = self._lines(of_trust, is_total_hidden)
        hidden = frozenset[tuple[str, str]]()
        if not self._is_exact:
            counts = {cell: sum(answers) for cell, answers in cells.items()}
            groups = self._groups(hidden_sites, hidden_services, is_total_hidden)
            hidden_modes, hidden = hidden_columns_and_cells(counts, self._small, groups, hidden_modes)
        for mode, answers in of_trust.items():
            if sum(answers):
                yield self._line(("(all)", "(all)", MODES[mode]), answers, mode in hidden_modes)
        for (one, mode), answers in cells.items():
            if sum(answers):
                yield self._line((*self._place(one), MODES[mode]), answers, (one, mode) in hidden)

    def _groups(
        self, hidden_sites: frozenset[str], hidden_services: frozenset[str], is_total_hidden: bool
    ) -> dict[frozenset[str], bool]:
        """Services, alone and together as the other lines have them, and whether each line is hidden."""
        lines: list[tuple[frozenset[str], bool]] = [(frozenset(self._order), is_total_hidden)]
        for site in dict.fromkeys(self._sites.values()):
            lines.append((frozenset(one for one in self._order if self._sites[one] == site), site in hidden_sites))
        lines += [(frozenset({one}), one in hidden_services) for one in self._order]
        # What is shown on any line is shown: a trust of one site, a site of one service.
        return {group: all(is_hidden for each, is_hidden in lines if each == group) for group, _ in lines}

    def _lines(self, answers: Mapping[str, tuple[int, ...]], is_parent_hidden: bool) -> frozenset[str]:
        if self._is_exact:
            return frozenset()
        return hidden_lines({key: sum(each) for key, each in answers.items()}, self._small, is_parent_hidden)

    def _line(
        self, names: tuple[str, ...], answers: tuple[int, ...], is_hidden: bool, eligible: int | None = None
    ) -> Line:
        return Line((self._code, self._name, *names), sum(answers), None if is_hidden else answers, eligible)

    def _place(self, service_id: str) -> tuple[str, str]:
        return self._sites[service_id], self._labels[service_id]

    def _of(self, service_id: str | None = None, site: str | None = None, mode: str | None = None) -> tuple[int, ...]:
        return self._added(
            each
            for each in self._forms
            if (service_id is None or each.service_id == service_id)
            and (site is None or self._sites[each.service_id] == site)
            and (mode is None or each.collection_mode_code == mode)
        )

    @staticmethod
    def _added(forms: Iterable[FftMonth]) -> tuple[int, ...]:
        return tuple(map(sum, zip(*((0,) * len(SCORES), *(each.answers for each in forms)), strict=True)))


def _site(service: Service | None) -> str:
    return as_label(service.site_label if service else None) or NOT_KNOWN


def _label(service: Service | None) -> str:
    return as_label(service.service_label if service else None) or NOT_KNOWN
