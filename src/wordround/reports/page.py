"""From findings and figures to the files of the report: one self-contained HTML page, plain text and JSON.

Comes in: what was read from the published warehouse. Goes out: three texts, the same for the same publication. The
page refers to nothing outside itself; every value passes Jinja's autoescape, charts excepted, which are made here.
"""

import json
import textwrap
from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wordround import getting_help
from wordround.plain_text import one_line
from wordround.published import wording
from wordround.published.authority import statements
from wordround.published.disclosure import HIDDEN, percent
from wordround.published.figures import TOP_THEMES, Part, ServiceFigures
from wordround.published.reading import RECENT_WEEKS, Published, whose
from wordround.published.rules import Rules
from wordround.quotes.choosing import Quoting
from wordround.reports import charts
from wordround.reports import coverage as resting
from wordround.reports.findings import Finding, change_sentence, last_data_day, quarantined, reasons_shown, section_of
from wordround.settings import Trust

Progress = Callable[[int, int], None]


def environment() -> Environment:
    """Templates with autoescape on, whatever their file name ends with."""
    made = Environment(
        loader=PackageLoader("wordround.reports"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals["getting_help"] = getting_help
    made.filters.update(
        day=wording.day, week_span=wording.week_span, percent=percent, moment=wording.moment, in_words=wording.in_words
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


def html(about: dict[str, Any], services: list[ServiceFigures], progress: Progress | None = None) -> str:
    """The page. `about` is what `describe` gives; progress is told (done, all) after each service."""
    heard = _heard(services)
    sections = []
    for number, service in enumerate(heard, start=1):
        sections.append(_section(service, number, about["rules"]) | about["quoting"].of(service.service_id))
        if progress:
            progress(number, len(heard))
    page = environment().get_template("report.html.j2").render(**about, services=sections, quiet=_quiet(services))
    return page.strip() + "\n"


def text(about: dict[str, Any], services: list[ServiceFigures]) -> str:
    """The plain-text part of the e-mail."""
    quoting: Quoting = about["quoting"]
    shown = [
        {"figures": service, "says": says(service, about["rules"])} | quoting.of(service.service_id)
        for service in _heard(services)
    ]
    template = plain_environment().get_template("report.txt.j2")
    return template.render(**about, services=shown, quiet=_quiet(services)).strip() + "\n"


def _heard(services: list[ServiceFigures]) -> list[ServiceFigures]:
    return [service for service in services if not service.is_quiet]


def _quiet(services: list[ServiceFigures]) -> list[str]:
    return [service.label for service in services if service.is_quiet]


def data(about: dict[str, Any], services: list[ServiceFigures]) -> str:
    """The figures shown, for programs."""
    week = about["week"]
    content = {
        "week": week["week_label"],
        "week_from": week["week_date"].isoformat(),
        "week_to": week["week_end_date"].isoformat(),
        "trust": about["trust"],
        "build_id": about["publication"].get("build_id"),
        "rules": dict(about["rules"].values),
        "governance": about["authority"],
        "findings": [finding.text for finding in about["findings"]],
        "services": [_as_json(service) for service in services],
        # An erasure looks here for reports that quote what was erased.
        "quoted_comment_ids": about["quoting"].comment_ids,
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def describe(trust: Trust, published: Published, findings: list[Finding], quoting: Quoting) -> dict[str, Any]:
    """What is the same for the whole report, and what it quotes."""
    received, aside = quarantined(published)
    small = published.small_numbers
    asked = resting.asked(published.query_days, published.sources)
    name = one_line(whose(trust, published.services))
    return {
        "trust": name,
        "is_fictional": "fictional" in name.lower(),
        "week": published.week,
        "incomplete_week": published.incomplete_week,
        "findings": findings,
        "quoting": quoting,
        "finding_tags": wording.FINDING_TAGS,
        "publication": {
            key: str(value)
            for key, value in published.publication.items()
            if value is not None and key != "published_at"
        },
        "published_at": published.publication.get("published_at"),
        "has_several_trusts": len({service["trust_label"] for service in published.services}) > 1,
        "sources": [one_line(source["source_label"]) for source in published.sources],
        "authority": statements(published.sources, published.services),
        "last_data_day": last_data_day(published),
        "recent_weeks": RECENT_WEEKS,
        "rules": published.rules,
        "rows_received": small.count_shown(received),
        "rows_aside": small.count_shown(aside),
        "aside_share": percent(aside / received) if received and aside / received >= 0.01 else "less than 1%",
        "reasons": reasons_shown(published),
        "asked": asked,
        "asked_chart": _asked_chart(asked),
        "counted": resting.counted(published.sources, small),
    }


def _asked_chart(asked: list[resting.Asked]) -> Markup | None:
    if not asked:
        return None
    told = "; ".join(f"{each.source}, {each.query}: {each.says}" for each in asked)
    return charts.coverage_strips(asked, "coverage-days", "Days for which each source answered", told)


def says(service: ServiceFigures, rules: Rules) -> str:
    """What the control chart of a service says, in words."""
    if not service.is_monitored:
        return f"This service is not monitored for change: {service.reason}."
    last = service.points[-1]
    usual = wording.usual_range(last.mean, last.lower, last.upper)
    said = f"The share of negative comments is {usual}. " if usual else ""
    if not service.alert:
        return said + "The latest weeks show no change beyond that usual variation."
    rule = wording.rule(service.alert["opening_special_cause_type"], service.alert["direction"], rules.run_length)
    sure = wording.certainty(service.alert["signal_week_count"])
    return f"{said}{change_sentence(service, is_short=True)} The chart found {rule}. {sure}"


def hidden_note(service: ServiceFigures, rules: Rules) -> str | None:
    """How many weeks of the chart are hidden, and why."""
    if not service.hidden_count:
        return None
    weeks = f"{service.hidden_count} of {len(service.points)} weeks"
    least = rules.small_numbers.smallest_shown
    return f"{weeks} are hidden because a number in them is below {least}, or could be used to work out such a number."


def _section(service: ServiceFigures, number: int, rules: Rules) -> dict[str, Any]:
    words = says(service, rules)
    return {
        "figures": service,
        "id": section_of(service),
        "says": words,
        "tag": wording.VARIATION.get(service.status, "Not monitored"),
        "hidden_note": hidden_note(service, rules),
        "control": _control(service, number, words),
        "scores": _scores(service, number),
        "themes": _themes(service, number),
        "table": list(reversed(service.points)),
        "variation": wording.VARIATION,
    }


def _control(service: ServiceFigures, number: int, words: str) -> Markup | None:
    if not service.has_chart:
        return None
    title = f"Share of negative comments by week: {service.label}"
    return charts.control_chart(service.points, f"control-{number}", title, words)


def _scores(service: ServiceFigures, number: int) -> Markup | None:
    if not service.scores:
        return None
    parts = [*service.scores, Part(" ", None, None), *service.words] if service.words else service.scores
    told = "; ".join(f"{part.label} {part.share or 'hidden'}" for part in [*service.scores, *service.words])
    title = f"How people scored {service.label}, and how they wrote about it"
    return charts.share_bars(parts, f"scores-{number}", title, told)


def _themes(service: ServiceFigures, number: int) -> Markup | None:
    top = [theme for theme in service.themes if theme.share][:TOP_THEMES]
    if not top:
        return None
    told = "; ".join(f"{t.label}: {t.share} of comments, {t.negative_share or 'hidden'} of negative ones" for t in top)
    return charts.theme_bars(top, f"themes-{number}", f"Themes of the comments on {service.label}", told)


def _as_json(figures: ServiceFigures) -> dict[str, Any]:
    """The figures that the report shows for one service; '*' where one is hidden."""
    latest = figures.points[-1] if figures.points else None
    return {
        "service_id": figures.service_id,
        "service_label": figures.label,
        "site_label": figures.site,
        "status": figures.status,
        "comments_this_week": figures.comments,
        "usual_comments_a_week": figures.usual,
        "negative_share_this_week": figures.negative or HIDDEN,
        "mean_share": percent(latest.mean) if latest and latest.mean is not None else None,
        "upper_limit_share": percent(latest.upper) if latest and latest.upper is not None else None,
        "not_monitored_reason": figures.reason,
        "hidden_week_count": figures.hidden_count,
        "negative_under_best_scores_share": figures.gap.share or HIDDEN,
        "scores": {part.label: part.share or HIDDEN for part in figures.scores},
        "words": {part.label: part.share or HIDDEN for part in figures.words},
        "themes": {
            theme.label: {"share": theme.share or HIDDEN, "negative_share": theme.negative_share or HIDDEN}
            for theme in figures.themes
        },
    }
