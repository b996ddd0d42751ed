"""Deciding on a report: it is kept in the records first, and then told to the Airflow that waits for it.

So nothing is lost where Airflow does not answer: what was decided can be told later, by anybody who may decide. Where
no Airflow waits for the report, what was approved is sent by the verb that sends.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from wordround.errors import AirflowFailed
from wordround.local_airflow import approvals
from wordround.local_airflow.approvals import Waiting
from wordround.published.wording import counted, listed
from wordround.records import report_decisions
from wordround.records.report_decisions import AlreadyDecided, Decision
from wordround.reports import standing
from wordround.reports.standing import Standing
from wordround.settings import Settings
from wordround.web import verbs


class NotDecided(Exception):
    """A decision was not taken; the message says why, and `is_late` whether something came in between."""

    def __init__(self, says: str, *, is_late: bool) -> None:
        super().__init__(says)
        self.says, self.is_late = says, is_late


@dataclass(frozen=True)
class Approval:
    """The reports of one period: the whole trust's and its editions, decided on together."""

    period: str
    reports: tuple[Standing, ...]

    @property
    def title(self) -> str:
        """What people call the period."""
        return self.reports[0].report.title

    @cached_property
    def seen(self) -> str:
        """By what exactly these pages are known: a form says which were read."""
        pages = "\n".join(f"{each.folder.name} {each.page_sha256}" for each in self.reports)
        return hashlib.sha256(pages.encode()).hexdigest()

    @property
    def open_pages(self) -> dict[str, str]:
        """The pages that can be decided on, or anew, by their report: those that were not sent."""
        return {each.folder.name: each.page_sha256 for each in self.reports if each.sent is None}

    @property
    def decision_count(self) -> int:
        """How many decisions there were on those."""
        return sum(each.decision_count for each in self.reports if each.sent is None)

    @property
    def decision(self) -> Decision | None:
        """What was decided, where anything was: a rejection before an approval."""
        found = [each.decision for each in self.reports if each.decision]
        return next((each for each in found if not each.is_approved), found[0] if found else None)

    @property
    def is_rejected(self) -> bool:
        """Whether a rejection holds for any of it, also where the same page was made again since: it is the same."""
        return any(each.sent is None and each.decision and not each.decision.is_approved for each in self.reports)

    @property
    def is_to_be_sent(self) -> bool:
        """Whether anything of it was approved and not sent."""
        return any(each.is_to_be_sent for each in self.reports)

    @property
    def needs_somebody(self) -> bool:
        """Whether it waits for a decision, or to be sent."""
        return self.is_to_be_sent or any(each.is_waiting for each in self.reports)


def all_current(settings: Settings) -> list[Approval]:
    """The latest week, month and quarter that a report was made of, and those before that wait."""
    return [Approval(period, tuple(reports)) for period, reports in standing.current(settings).items()]


def decide(
    settings: Settings, approval: Approval, read: str, seen: int, *, is_approved: bool, by: str, why: str
) -> str:
    """Take a decision on pages that were read, tell it on, and return what became of it. Raises NotDecided.

    read: by what the pages were known; seen: how many decisions on them there were.
    """
    if approval.seen != read:
        says = "The report was written anew since you opened this page. Nothing was decided: read it again below."
        raise NotDecided(says, is_late=True)
    needs_reason = approval.is_rejected or not is_approved
    is_late = approval.decision_count > seen
    if needs_reason and not why.strip() and not is_late:
        says = "Say why the rejection is taken back: it is of this same report."
        says = says if is_approved else "Say why it is rejected, so that somebody can correct it."
        raise NotDecided(says, is_late=False)
    most = report_decisions.LONGEST_REASON
    if len(why) > most:
        raise NotDecided(f"That is {len(why):,} characters; {most:,} is the most.", is_late=False)
    pages, reason = approval.open_pages, why if needs_reason else ""
    if not pages:
        raise NotDecided("It was sent already. What you decided was not written.", is_late=True)
    try:
        report_decisions.log(settings, pages, is_approved=is_approved, by=by, way="page", why=reason, seen=seen)
    except AlreadyDecided as before:
        last = before.last
        done, when = "approved" if last.is_approved else "rejected", f"{last.at:%d %B %Y at %H:%M} UTC"
        says = f"{last.by} has {done} it on {when}. What you decided was not written: look at it below."
        raise NotDecided(says, is_late=True) from None
    return f"{'Approved' if is_approved else 'Rejected'}. {tell(settings, approval)}"


def can_be_told(settings: Settings, approval: Approval) -> bool:
    """Whether a decision may still have to be told on: to who gets the report, or to Airflow."""
    is_open = approval.decision is not None and bool(approval.open_pages)
    return approval.is_to_be_sent or (is_open and approvals.is_known(settings))


def tell(settings: Settings, approval: Approval) -> str:
    """Tell a decision to the Airflow that waits for it, else send what was approved; return what became of it."""
    names = {(each.folder.name, each.page_sha256) for each in approval.reports}
    try:
        runs = [run for run in approvals.waiting(settings) if not names.isdisjoint(run.pages.items())]
        told = [_answer(settings, run) for run in runs]
    except AirflowFailed as error:
        return f"It is kept, and Airflow does not know it yet: tell it again below. {str(error).splitlines()[0]}"
    if told:
        return " ".join(told)
    return _send(approval.period) if _is_approved(settings, approval.reports) else "It is not sent."


def _answer(settings: Settings, run: Waiting) -> str:
    decided = _decided(settings, run.pages)
    missing = sorted(name for name, decision in decided.items() if decision is None)
    if missing:
        return f"Airflow asks about {', '.join(missing)} as well, and is told once that is decided on too."
    found = [decision for decision in decided.values() if decision]
    rejected = [decision for decision in found if not decision.is_approved]
    # One answer is for all of a run: it then sends those that nobody rejected.
    is_approved = len(rejected) < len(found)
    why = "" if is_approved else rejected[0].why or ""
    if not approvals.answer(settings, run, is_approved=is_approved, why=why):
        return "Airflow had been answered before; a report that anybody rejected is not sent."
    return "Airflow was told, and sends it." if is_approved else "Airflow was told, and sends nothing."


def _decided(settings: Settings, pages: Mapping[str, str]) -> dict[str, Decision | None]:
    logged = report_decisions.of_reports(settings, pages)
    return {name: report_decisions.in_force(logged, name, page) for name, page in pages.items()}


def _is_approved(settings: Settings, reports: tuple[Standing, ...]) -> bool:
    decided = _decided(settings, {each.folder.name: each.page_sha256 for each in reports}).values()
    return any(decision and decision.is_approved for decision in decided)


def _send(period: str) -> str:
    try:
        outcome = verbs.run("report", "send", period)
    except verbs.VerbRefused as refused:
        return f"It was not sent, and can be sent again below. {str(refused).splitlines()[0]}"
    sent: Mapping[str, int] = outcome["sent"]
    said = [f"Sent to {counted(sum(sent.values()), 'recipient')}."] if sent else []
    said += _by_reason((name, f"{why}.") for name, why in outcome["not_sent"].items())
    lines = (str(line).splitlines()[0].partition(": ") for line in outcome["refused"])
    said += _by_reason((name, why) if why else ("a report", name) for name, _, why in lines)
    return " ".join(said) or "It was sent before."


def _by_reason(reports: Iterable[tuple[str, str]]) -> list[str]:
    """Each reason once, after the reports that were not sent for it."""
    names: dict[str, list[str]] = {}
    for name, why in reports:
        names.setdefault(why, []).append(name)
    return [f"{listed(each)}: {why}" for why, each in names.items()]
