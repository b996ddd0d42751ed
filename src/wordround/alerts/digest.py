"""The alert digest in words: what opened, changed, closed or was withdrawn, and what to do about it.

Small numbers are hidden in the figures of a notice already. No comment text.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wordround.alerts.telling import Digest
from wordround.plain_text import label as as_label
from wordround.published import wording
from wordround.published.rules import Rules
from wordround.records.notices import Figures, Notice
from wordround.reports.page import environment, plain_environment

_ORDER = ("opened", "updated", "closed", "withdrawn")
_LETTERS = 8  # of an id, which the verbs take for the whole
_MOST_BRIEF = 10  # entries of a message to a webhook, which takes some thousand characters

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


def write(trust: str, notices: list[Notice], rules: Rules, privacy_notices: Sequence[str] = ()) -> Digest:
    """One digest of some notices.

    rules: those that its figures were made by; privacy_notices: the addresses that it ends with.
    """
    notices = sorted(notices, key=lambda notice: (_ORDER.index(notice.event), notice.figures.direction))
    directions = {notice.figures.direction for notice in notices if notice.event == "opened"}
    about = {
        "trust": as_label(trust),
        "summary": _summary(notices),
        "entries": [_entry(notice) for notice in notices],
        "rules": rules,
        "rate_card": wording.rate_card(rules.false_alerts_per_year),
        "privacy_notices": privacy_notices,
        "to_do": [
            (direction, _TO_DO[direction]) for direction in ("concern", "improvement") if direction in directions
        ],
    }
    subject = f"Patient comments: {about['summary']}, {about['trust']}"
    return Digest(
        subject,
        plain_environment().get_template("digest.txt.j2").render(**about).strip() + "\n",
        environment().get_template("digest.html.j2").render(**about),
        _brief([_entry(notice) for notice in notices]),
    )


def _brief(entries: list[_Entry]) -> str:
    """The same for a webhook: what and how much, of the first ones, and where the rest is."""
    parts = ["\n".join([f"{entry.tag}: {entry.heading}", *entry.lines]) for entry in entries[:_MOST_BRIEF]]
    more = len(entries) - len(parts)
    rest = [f"And {more} more: `wordround alerts list` shows all."] if more else []
    return "\n\n".join([*parts, *rest])


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


def _entry(notice: Notice) -> _Entry:
    figures = notice.figures
    return _Entry(
        tag=f"{_tag(notice)} {figures.direction}" if notice.event == "opened" else _tag(notice),
        direction=figures.direction,
        heading=wording.heading(figures.subject, figures.direction, figures.is_of_theme),
        lines=_LINES[notice.event](notice),
    )


def _opened(notice: Notice) -> list[str]:
    figures = notice.figures
    explained = [wording.EXPLAINED[figures.explained_by]] if figures.explained_by else []
    rarity = wording.rarity(figures.once_in_years)
    acting = f"Say what is done about it with `wordround alerts`, by this id: {notice.alert_id[:_LETTERS]}."
    leading = [f"Most of it is about: {figures.leading}."] if figures.leading else []
    return [*explained, f"{_in_short(figures)}.", *leading, f"{rarity[:1].upper()}{rarity[1:]}.", acting]


def _updated(notice: Notice) -> list[str]:
    if notice.before is None:
        return ["This alert had closed, and comments that came later have opened it again.", _as_issued(notice.figures)]
    return [
        "Comments that arrived late have changed the figures that this alert was issued with.",
        _as_issued(notice.figures),
        f"Today they would be: {notice.figures.restated_negative} of {notice.figures.restated_comments} comments.",
    ]


def _closed(notice: Notice) -> list[str]:
    return [
        "This alert has closed: the share has been back at its usual level for some weeks, or a new baseline began.",
        _as_issued(notice.figures),
    ]


def _withdrawn(notice: Notice) -> list[str]:
    return [
        "This alert no longer stands: the rule does not find it in the comments as they are now. Some may have arrived "
        "late or been erased, or a new baseline began.",
        _as_issued(notice.figures),
    ]


_LINES = {"opened": _opened, "updated": _updated, "closed": _closed, "withdrawn": _withdrawn}


def _as_issued(figures: Figures) -> str:
    return f"As issued: {_in_short(figures)}."


def _in_short(figures: Figures) -> str:
    return wording.in_short(
        figures.since_week, figures.negative, figures.comments, f"{figures.expected}%", figures.is_of_theme
    )
