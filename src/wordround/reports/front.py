"""The first page: what changed, what is good, what needs a look, what it rests on, and social media in its own place.

Each sentence is worked out from published figures; where there is nothing to say, it says so.
"""

from dataclasses import dataclass

from wordround.published import attention, coverage, episodes, totals, wording
from wordround.published.figures import ServiceFigures
from wordround.published.reading import Published
from wordround.published.wording import some
from wordround.reports import period_words
from wordround.reports.findings import Finding, section_of
from wordround.reports.social import Social, social

MOST_LINES, MOST_CHANGES = 3, 4
_CALM = Finding("Nothing that is an alert.", "nothing", "services")


@dataclass(frozen=True)
class Front:
    """The parts of the first page, each with at least one line."""

    changed: list[Finding]
    good: list[Finding]
    look: list[Finding]
    rests: list[Finding]
    social: Social

    @property
    def parts(self) -> list[tuple[str, list[Finding]]]:
        """The parts with their headings, in the order of the page; social media has a place of its own."""
        return [
            ("What changed", self.changed),
            ("What is good", self.good),
            ("What needs a look", self.look),
            ("What it rests on", self.rests),
        ]

    @property
    def in_words(self) -> dict[str, list[str]]:
        """All of it as sentences by heading."""
        parts = {heading: [line.text for line in lines] for heading, lines in self.parts}
        return {**parts, "Social media": self.social.sentences}


def front(published: Published, services: list[ServiceFigures], found: list[Finding]) -> Front:
    """Return the first page; `found`: the findings of the week, `services` in the order of the report."""
    of_period = published.period
    changed = (
        period_words.changed(published, of_period, services) if of_period else _changed(published, services, found)
    )
    return Front(
        changed=changed,
        good=_good(published, services),
        look=_look(published, services, found),
        rests=_rests(published, services, found),
        social=social(published),
    )


def _changed(published: Published, services: list[ServiceFigures], found: list[Finding]) -> list[Finding]:
    """The open alerts that stand for themselves; what is only watched is for those who look."""
    sections = {each.service_id: section_of(each) for each in services}
    alerts = [each for each in episodes.told(published) if each.tier_code == "alert"]
    lines = [
        Finding(episodes.sentence(published, each), each.direction, sections.get(each.service_id or "", "services"))
        for each in alerts[:MOST_CHANGES]
    ]
    if len(alerts) > MOST_CHANGES:
        lines.append(Finding(f"And {len(alerts) - MOST_CHANGES} more alerts.", "concern", "services"))
    return lines or [each for each in found if each.kind == "nothing"] or [_CALM]


def _good(published: Published, services: list[ServiceFigures]) -> list[Finding]:
    lines = []
    if praised := totals.most_praised(published, MOST_LINES):
        lines.append(f"Most praised {published.window.within}: {wording.listed(praised)}.")
    better = [service.label for service in services if service.alert and service.alert.direction == "improvement"]
    if better:
        lines.append(f"Fewer negative comments than usual: {some(better)}.")
    more = [
        f"{move.label} in {service.label} ({move.share}, before {move.share_before})"
        for service in services
        for move in service.moves
        if move.is_praise and move.is_up
    ]
    if more:
        lines.append(f"Praised more than in {published.window.before}: {some(more)}.")
    if share := totals.recommended(published):
        lines.append(f"{share} of forms said Very good or Good, {published.window.within}.")
    lines = lines or ["There are too few comments yet to say what people praise."]
    return [Finding(line, "improvement", "services") for line in lines[:MOST_LINES]]


def _look(published: Published, services: list[ServiceFigures], found: list[Finding]) -> list[Finding]:
    lines = []
    concerns = [service for service in services if attention.step(service) == attention.CONCERN]
    if concerns:
        lines.append(Finding(f"First: {some([each.label for each in concerns])}.", "concern", section_of(concerns[0])))
    watched = [each for each in services if attention.step(each) == attention.WATCHED]
    if watched:
        lines.append(
            Finding(f"Not yet an alert: {some([each.label for each in watched])}.", "concern", section_of(watched[0]))
        )
    fading = [each for each in services if each.watch and each.watch.is_fading]
    if fading:
        unheard = some([each.label for each in fading])
        lines.append(Finding(f"Fewer people are heard than before: {unheard}.", "coverage", section_of(fading[0])))
    worse = [(service, move) for service in services for move in service.moves if not move.is_praise and move.is_up]
    if worse:
        said = [f"{move.label} in {each.label} ({move.share}, before {move.share_before})" for each, move in worse]
        lines.append(
            Finding(
                f"Criticised more than in {published.window.before}: {some(said)}.", "concern", section_of(worse[0][0])
            )
        )
    lines += [each for each in found if each.kind == "scores"]
    if not concerns and not worse and not watched and not fading:
        lines.insert(0, Finding("No service stands out.", "nothing", "services"))
    return lines[: MOST_LINES + 1]


def _rests(published: Published, services: list[ServiceFigures], found: list[Finding]) -> list[Finding]:
    asked = coverage.asked(published.query_days, published.sources)
    lines = [totals.received(published, services)]
    if published.period:
        missing = period_words.silence_told(published, published.period)
        lines = [*missing, *period_words.comments_told(published, published.period)]
    short = [each for each in asked if not each.is_whole]
    if short:
        lines.append(f"Not every day was answered: {some([f'{each.source}, {each.days_answered}' for each in short])}.")
    unwatched = sum(not each.is_watched for each in services if not each.is_quiet)
    if unwatched:
        lines.append(f"{wording.counted(unwatched, 'service')} with too few comments or weeks to be watched alone.")
    lines.append(wording.rate_card(published.rules.false_alerts_per_year))
    lines = [line[0].upper() + line[1:] for line in lines]
    kept = [each for each in found if each.kind == "coverage"]
    return [*kept, *(Finding(line, "coverage", "coverage") for line in lines)]
