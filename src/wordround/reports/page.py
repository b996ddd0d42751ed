"""From findings and figures to the files of the report: one self-contained HTML page, plain text and JSON.

The same publication gives the same files. The page refers to nothing outside itself; every value passes Jinja's
autoescape, charts excepted, which are made here.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wordround import getting_help
from wordround.charts import bars, notes, of_service
from wordround.plain_text import label as as_label
from wordround.published import coverage, episodes, wording
from wordround.published.authority import Statement, statements
from wordround.published.disclosure import percent
from wordround.published.figures import Point, ServiceFigures
from wordround.published.reading import Published, trust_name
from wordround.published.rules import Rules
from wordround.published.set_aside import quarantined, reasons_shown
from wordround.published.tables import ModelSwitch, Publication, Week
from wordround.published.windows import Window
from wordround.quotes.choosing import Quoting, ServiceQuotes
from wordround.reports import Progress, period_parts, period_words, report_file
from wordround.reports.editions import Edition
from wordround.reports.findings import Finding, last_data_day, section_of, since_received
from wordround.reports.front import Front
from wordround.reports.reading_skill import Reading, reading
from wordround.reports.report_file import Report
from wordround.settings import Trust


@dataclass(frozen=True)
class About:
    """What is the same for the whole report, and what it quotes; the templates know each by its name."""

    trust: str
    is_fictional: bool
    title: str
    week: Week
    window: Window
    period: period_parts.Parts | None
    incomplete_week: Week | None
    edition: Edition
    findings: list[Finding]
    front: Front
    quoting: Quoting
    publication: Publication
    has_several_trusts: bool
    sources: list[str]
    authority: list[Statement]
    last_data_day: date | None
    rules: Rules
    reading: Reading
    model_switch: ModelSwitch | None
    received: str
    rows_received: str
    rows_quarantined: str
    quarantined_share: str
    reasons: list[tuple[str, str]]
    asked: list[coverage.Asked]
    asked_chart: Markup | None
    left_out: list[str]
    published: Published


@dataclass(frozen=True)
class _Section:
    """One service as its section shows it, charts included."""

    figures: ServiceFigures
    rows: list[tuple[str, str]]
    quoted: ServiceQuotes
    id: str
    chart_summary: str
    tag: str
    hidden_note: str | None
    notes: list[notes.Note]
    why: list[episodes.Part]
    words: list[str]
    of_themes: list[str]
    actions: list[str]
    control: Markup | None
    scores: Markup | None
    themes: Markup | None
    table: list[Point]


@dataclass(frozen=True)
class _Paragraph:
    """One service as the plain text shows it."""

    figures: ServiceFigures
    rows: list[tuple[str, str]]
    quoted: ServiceQuotes
    chart_summary: str


def environment() -> Environment:
    """Templates with autoescape on, whatever their file name ends with."""
    made = Environment(
        loader=PackageLoader("wordround.reports"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals.update(
        getting_help=getting_help,
        finding_tags=wording.FINDING_TAGS,
        variation=wording.VARIATION,
    )
    made.filters.update(
        day=wording.day,
        week_span=wording.week_span,
        percent=percent,
        moment=wording.moment,
        in_words=wording.in_words,
        month_name=lambda month: f"{month:%B %Y}",
    )
    return made


def plain_environment() -> Environment:
    """Templates of plain text, where an ampersand is an ampersand."""
    made = environment()
    made.autoescape = False
    made.filters["fold"] = lambda text, indent="": textwrap.fill(
        " ".join(str(text).split()), 76, initial_indent=indent, subsequent_indent=" " * len(indent)
    )
    return made


def html(about: About, services: list[ServiceFigures], progress: Progress | None = None) -> str:
    """The page; progress is called after each service."""
    with_data = _with_data(services)
    sections = []
    for number, service in enumerate(with_data, start=1):
        sections.append(_section(service, number, about))
        if progress:
            progress(number, len(with_data))
    name = "period.html.j2" if about.period else "report.html.j2"
    page = environment().get_template(name).render(**vars(about), services=sections, quiet=_quiet(services))
    return page.strip() + "\n"


def text(about: About, services: list[ServiceFigures]) -> str:
    """The plain-text part of the e-mail."""
    paragraphs = [
        _Paragraph(service, _rows(service, about), about.quoting.of(service.service_id), of_service.summary(service))
        for service in _with_data(services)
    ]
    template = plain_environment().get_template("report.txt.j2")
    return template.render(**vars(about), services=paragraphs, quiet=_quiet(services)).strip() + "\n"


def _with_data(services: list[ServiceFigures]) -> list[ServiceFigures]:
    return [service for service in services if not service.is_quiet]


def _quiet(services: list[ServiceFigures]) -> list[str]:
    return [service.label for service in services if service.is_quiet]


def report(about: About, services: list[ServiceFigures]) -> Report:
    """The figures shown, for programs."""
    return Report(
        period=about.period.reported.period.code if about.period else about.week.week_label,
        title=about.title,
        first_day=about.window.first if about.period else about.week.week_date,
        last_day=about.week.week_end_date,
        trust=about.trust,
        edition=about.edition.name,
        edition_title=about.edition.title,
        build_id=about.publication.build_id,
        rules=dict(about.rules.values),
        governance=about.authority,
        findings=[finding.text for finding in about.findings],
        first_page=about.front.in_words,
        services=[report_file.of_service(service) for service in services],
        quoted_comment_ids=about.quoting.comment_ids,
    )


def describe(
    trust: Trust,
    published: Published,
    findings: list[Finding],
    front: Front,
    quoting: Quoting,
    edition: Edition,
    unsent_digests: int = 0,
) -> About:
    """What is the same for the whole report, and what it quotes.

    unsent_digests: of how many of those who are told of alerts the last digest did not go out.
    """
    received, rows_quarantined = quarantined(published)
    share = rows_quarantined / received if received else 0.0
    small = published.small_numbers
    asked = coverage.asked(published.query_days, published.sources)
    name = as_label(trust_name(trust, published.services))
    return About(
        trust=name,
        is_fictional="fictional" in name.lower(),
        title=f"week {published.week.week_label}" if published.period is None else published.window.name,
        week=published.week,
        window=published.window,
        period=period_parts.parts(published, published.period) if published.period else None,
        incomplete_week=published.incomplete_week,
        edition=edition,
        findings=findings,
        front=front,
        quoting=quoting,
        publication=published.publication,
        has_several_trusts=len({service.trust_label for service in published.services}) > 1,
        sources=[as_label(source.source_label) for source in published.sources],
        authority=statements(published.sources, published.services),
        last_data_day=last_data_day(published),
        rules=published.rules,
        reading=reading(published.own_reading, published.publication.annotations_model_version),
        model_switch=_latest(published.model_switches),
        received=since_received(published),
        rows_received=small.count_shown(received),
        rows_quarantined=small.count_shown(rows_quarantined),
        quarantined_share=percent(share) if share >= 0.01 else "less than 1%",
        reasons=reasons_shown(published),
        asked=asked,
        asked_chart=_asked_chart(asked),
        left_out=[
            *coverage.repeated(published.sources, small),
            *coverage.left_out(published.sources, small),
            *coverage.untold(unsent_digests),
        ],
        published=published,
    )


def _latest(switches: Sequence[ModelSwitch]) -> ModelSwitch | None:
    """Return the last switch; models that changed at one moment are one, with all that was new."""
    if not switches:
        return None
    last = switches[-1]
    together = [each.cause for each in switches if each.switched_at == last.switched_at]
    return replace(last, cause=" and ".join(dict.fromkeys(together)))


def _asked_chart(asked: list[coverage.Asked]) -> Markup | None:
    if not asked:
        return None
    description = "; ".join(f"{each.source}, {each.query}: {each.days_answered}" for each in asked)
    return bars.coverage_strips(asked, "coverage-days", "Days for which each source answered", description)


def _section(service: ServiceFigures, number: int, about: About) -> _Section:
    summary = of_service.summary(service)
    noted = notes.notes(about.published, service)
    return _Section(
        figures=service,
        rows=_rows(service, about),
        quoted=about.quoting.of(service.service_id),
        id=section_of(service),
        chart_summary=summary,
        tag=wording.VARIATION.get(service.status, "Not monitored"),
        hidden_note=of_service.hidden_note(service, about.rules),
        **_why(service, about.published),
        control=of_service.control(service, noted, f"control-{number}", summary),
        notes=noted,
        scores=of_service.scores(service, f"scores-{number}"),
        themes=of_service.themes(service, f"themes-{number}"),
        table=list(reversed(service.points)),
    )


def _rows(service: ServiceFigures, about: About) -> list[tuple[str, str]]:
    """The figures of a service as terms and what stands behind them."""
    if about.period:
        return period_words.rows_of(service, about.period.reported)
    negative = service.negative or ("no comments" if service.comments == "0" else "hidden")
    return [
        ("Comments this week", f"{service.comments} (usually {service.usual} a week)"),
        *((("Forms filled in", service.forms),) if service.forms else ()),
        *((("People who wrote", service.voices),) if service.voices else ()),
        ("Negative this week", negative),
    ]


def _why(service: ServiceFigures, published: Published) -> dict[str, Any]:
    """Why the open change of a service moved, and what changed in its themes."""
    alert = service.alert
    themes = [each for each in episodes.told(published) if each.theme_code and each.service_id == service.service_id]
    return {
        "why": episodes.parts(published, alert) if alert else [],
        "words": published.watching.words.get(alert.alert_id, []) if alert else [],
        "of_themes": [episodes.sentence(published, each) for each in themes],
        "actions": episodes.actions(published, service.service_id),
    }
