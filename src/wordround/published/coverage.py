"""What the report rests on: which sources were asked, for which days their answer is whole, and why not for the rest.

Pure. It shows days and never how many comments a day had: those numbers are small.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from wordround.plain_text import label as as_label
from wordround.published.disclosure import SmallNumbers, percent
from wordround.published.tables import QueryDay, Source

_STEP = 0.05

WHOLE, CUT, MISSING = "answered whole", "answered in part", "not answered"

_WHY = {
    "wall": "the source shows only so many results",
    "window": "the source looks back only so far",
    "budget": "the day's budget was spent",
    "time": "the time that a run may take was over",
    "SourceRefused": "the source refused",
    "SourceDown": "the source did not answer",
    "CertificateNotTrusted": "the source's certificate was not trusted",
    "SourceBusy": "the source was too busy",
    "AnswerUnreadable": "the answer could not be read",
    "AnswerBeyondLimits": "the answer was larger or slower than allowed",
    "ClosedSpace": "what was asked for is not public",
}


@dataclass(frozen=True)
class Asked:
    """One query over the recent weeks: its days and their marks, how many are whole, and why the others are not."""

    source: str
    query: str
    days: list[tuple[date, str]]
    whole: int
    why: str

    @property
    def is_whole(self) -> bool:
        return self.whole == len(self.days)

    @property
    def days_answered(self) -> str:
        """The same in words."""
        if self.is_whole:
            return f"all {len(self.days)} days"
        return f"{self.whole} of {len(self.days)} days" + (f" ({self.why})" if self.why else "")


def asked(query_days: list[QueryDay], sources: list[Source]) -> list[Asked]:
    """Return every query that was asked in the recent weeks, by source."""
    labels = {source.source_code: as_label(source.source_label) for source in sources}
    by_query = sorted(query_days, key=attrgetter("source_code", "query_id", "posted_date"))
    return [
        _asked(labels.get(source, source), list(days))
        for (source, _), days in groupby(by_query, key=attrgetter("source_code", "query_id"))
    ]


def left_out(sources: list[Source], small: SmallNumbers) -> list[str]:
    """Return, for each source that it concerns, what share of its posts was refused for being not discoverable."""
    return [
        f"About {percent(share)} of the posts that were found at {as_label(source.source_label)} are left out, because "
        "their authors did not agree to be recommended to strangers."
        for source in sources
        if source.comment_count > small.largest_hidden and (share := _in_steps(source.not_discoverable_share))
    ]


def repeated(sources: list[Source], small: SmallNumbers) -> list[str]:
    """Return, for each source that is not social, what share of its comments repeat another; posts have a table."""
    return [
        f"About {percent(share)} of the comments from {as_label(source.source_label)} say nearly the same as another "
        "one, and count once with it. So there are fewer comments here than were sent in."
        for source in sources
        if not source.is_social
        and source.copy_count > small.largest_hidden
        and (share := _in_steps(source.copy_count / (source.comment_count + source.copy_count)))
    ]


def untold(digests: int) -> list[str]:
    """Say that digests of alerts have not arrived: who reads of no alert may not have been told of one."""
    if not digests:
        return []
    of = "One of those who are told of trend alerts" if digests == 1 else f"{digests} of those who are told of alerts"
    return [f"{of} could not be told of the latest; the next run tries again."]


def _in_steps(share: float | None) -> float:
    """Return a share in steps of five per cent: what changes it by less stays out of the report."""
    return round((share or 0) / _STEP) * _STEP


def _asked(source: str, days: list[QueryDay]) -> Asked:
    marks = [(day.posted_date, _mark(day)) for day in days]
    reasons = [_WHY.get(day.error_code or day.cut_reason or "", "") for day in days if not day.was_answered]
    named = [reason for reason in dict.fromkeys(reasons) if reason]
    whole = sum(mark == WHOLE for _, mark in marks)
    return Asked(source, as_label(days[-1].query_label), marks, whole, "; ".join(named))


def _mark(day: QueryDay) -> str:
    if day.was_answered or not day.is_gap:
        return WHOLE
    is_in_part = 0 < day.answered_listing_count < day.listing_count
    return CUT if is_in_part or (day.cut_reason and not day.error_code) else MISSING
