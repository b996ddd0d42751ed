"""The alert digest in words: what opened, changed, closed or was withdrawn, and what to do about it.

Small numbers are hidden in the figures of a notice already. No comment text.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wordround.plain_text import label as as_label
from wordround.published import wording
from wordround.published.rules import Rules
from wordround.records.notices import Figures, Notice
from wordround.reports.page import environment, plain_environment

_ORDER = ("opened", "updated", "closed", "withdrawn")
_TAG = {"opened": "New", "updated": "Restated", "closed": "Closed", "withdrawn": "Withdrawn"}

_TO_DO = {
    "concern": (
        "Read this service's comments of these weeks with the team, in the published warehouse.",
        "Ask what changed: staffing, a move, a new form, who was asked.",
        "Decide what to do, note it, and watch whether the chart returns to its usual range.",
    ),
    "improvement": (
        "Ask the team what they changed, so that it can be kept and shared.",
        "Check that the same people are still being asked: a change of form can look like an improvement.",
    ),
}


@dataclass(frozen=True)
class _Entry:
    """One notice as the templates show it."""

    tag: str
    direction: str
    heading: str
    lines: list[str]


def write(trust: str, notices: list[Notice], rules: Rules, privacy_notices: Sequence[str] = ()) -> tuple[str, str, str]:
    """Subject, plain text and HTML of one digest.

    rules: those that its figures were made by; privacy_notices: the addresses that it ends with.
    """
    notices = sorted(notices, key=lambda notice: (_ORDER.index(notice.event), notice.figures.direction))
    directions = {notice.figures.direction for notice in notices if notice.event == "opened"}
    about = {
        "trust": as_label(trust),
        "summary": _summary(notices),
        "entries": [_entry(notice, rules) for notice in notices],
        "rules": rules,
        "privacy_notices": privacy_notices,
        "to_do": [
            (direction, _TO_DO[direction]) for direction in ("concern", "improvement") if direction in directions
        ],
    }
    subject = f"Patient comments: {about['summary']}, {about['trust']}"
    return (
        subject,
        plain_environment().get_template("digest.txt.j2").render(**about).strip() + "\n",
        environment().get_template("digest.html.j2").render(**about),
    )


def _summary(notices: list[Notice]) -> str:
    """1 new concern, 2 closed."""
    counts: Counter[str] = Counter()
    for notice in notices:
        kind = f"new {notice.figures.direction}" if notice.event == "opened" else _tag(notice).lower()
        counts[kind] += 1
    parts = []
    for kind in ("new concern", "new improvement", "open again", "restated", "closed", "withdrawn"):
        if counts[kind]:
            plural = "s" if counts[kind] > 1 and kind.startswith("new") else ""
            parts.append(f"{counts[kind]} {kind}{plural}")
    return ", ".join(parts)


def _tag(notice: Notice) -> str:
    return "Open again" if notice.what == "reopened" else _TAG[notice.event]


def _entry(notice: Notice, rules: Rules) -> _Entry:
    figures = notice.figures
    more = "more" if figures.direction == "concern" else "fewer"
    return _Entry(
        tag=f"{_tag(notice)} {figures.direction}" if notice.event == "opened" else _tag(notice),
        direction=figures.direction,
        heading=f"{figures.service}: {more} negative comments than usual",
        lines=_opened(notice, rules) if notice.event == "opened" else _LINES[notice.event](notice),
    )


def _opened(notice: Notice, rules: Rules) -> list[str]:
    figures = notice.figures
    lines = [_opening(figures), _usual(figures)]
    if figures.latest_share and figures.last_signal_week != figures.opened_week:
        lines.append(f"In the week {wording.week_span(figures.last_signal_week)} it was {figures.latest_share}.")
    lines.append(f"The chart found {wording.rule(figures.rule, figures.direction, rules.run_length)}.")
    lines.append(wording.certainty(figures.signal_weeks))
    return [line for line in lines if line]


def _updated(notice: Notice) -> list[str]:
    if notice.before is None:
        last = wording.week_span(notice.figures.last_signal_week)
        return [f"This alert had closed. It is open again: the last signal was in the week {last}."]
    return [
        "Comments that arrived late have changed the figures that this alert was issued with.",
        f"As issued: {_in_short(notice.before)}.",
        f"Restated: {_in_short(notice.figures)}.",
    ]


def _closed(notice: Notice) -> list[str]:
    figures = notice.figures
    weeks = wording.counted(figures.signal_weeks, "week")
    last = wording.week_span(figures.last_signal_week)
    return [
        "This alert has closed: no further signal followed.",
        f"Its last signal was in the week {last}; it had shown in {weeks}.",
        f"As issued: {_in_short(figures)}.",
    ]


def _withdrawn(notice: Notice) -> list[str]:
    return [
        "This alert no longer stands. Comments that arrived late changed the weeks that it rested on.",
        f"As issued: {_in_short(notice.figures)}.",
    ]


_LINES = {"updated": _updated, "closed": _closed, "withdrawn": _withdrawn}


def _opening(figures: Figures) -> str:
    began = f"It began in the week {wording.week_span(figures.opened_week)}"
    if figures.opening_share:
        return f"{began}, when {figures.opening_share} of {figures.opening_comments} comments were negative."
    return f"{began}. The share in that week is hidden, because a number behind it is small."


def _usual(figures: Figures) -> str | None:
    usual = _usual_range(figures)
    return f"The share of negative comments is {usual}." if usual else None


def _usual_range(figures: Figures) -> str | None:
    limits = (figures.mean, figures.lower, figures.upper)
    mean, lower, upper = (None if limit is None else limit / 100 for limit in limits)
    return wording.usual_range(mean, lower, upper)


def _in_short(figures: Figures) -> str:
    share = f"{figures.opening_share} of {figures.opening_comments} comments" if figures.opening_share else "hidden"
    opening = f"{share} in the week {wording.week_span(figures.opened_week)}"
    usual = _usual_range(figures)
    return f"{opening}; {usual}" if usual else opening
