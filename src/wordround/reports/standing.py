"""How the reports that lie in this home stand: what was decided about each, and whether it was sent.

All of one period are decided on together: the whole trust's and the editions of its leads. What is asked about is the
latest week, month and quarter, and one of the months and quarters before that closed late; an earlier one that nobody
decided on is left to lie.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from wordround.errors import FileUnreadable, MailRefused, ReportRenderedAnew
from wordround.outcomes import Outcome
from wordround.records import report_decisions, sent_reports
from wordround.records.report_decisions import Decision
from wordround.records.sent_reports import SentReport
from wordround.reports import decisions, report_file, sending
from wordround.reports.report_file import Report
from wordround.settings import Settings

_FOLDER = re.compile(r"\d{4}-(?:W\d{2}|Q\d|\d{2})(?:-[\w-]+)?")
_WEEK = "-W"
# A month that closes so many after it is left to lie.
LATEST = 3
_WAITS = "waits for somebody who approves or rejects it"


class ApprovedSent(Outcome):
    """What was sent, to how many, by the folders of reports; what was not, and why; and what was refused.

    sent_before: what had gone out already, and when.
    """

    sent: dict[str, int]
    sent_before: dict[str, str]
    not_sent: dict[str, str]
    refused: list[str]


@dataclass(frozen=True)
class Standing:
    """One report: its folder, its page by its digest, the decision in force, and the last message that it went by.

    decision_count: how many decisions on this page there were.
    """

    folder: Path
    report: Report
    page_sha256: str
    decision: Decision | None
    decision_count: int
    sent: SentReport | None

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided on it, and it was not sent."""
        return self.decision is None and self.sent is None

    @property
    def is_to_be_sent(self) -> bool:
        """Whether it was approved and not sent."""
        return self.decision is not None and self.decision.is_approved and self.sent is None

    @property
    def says(self) -> str:
        """How it stands, in words."""
        decided = self.decision.says if self.decision else None
        sent = f"sent on {self.sent.at:%d %B %Y at %H:%M} UTC" if self.sent else None
        return "; ".join(each for each in (decided, sent) if each) or _WAITS


def of_all(settings: Settings) -> list[Standing]:
    """All that lie here whole, the latest first, each before its editions."""
    folders = [path for path in settings.reports.glob("*") if _FOLDER.fullmatch(path.name) and not path.is_symlink()]
    reports = {folder: report for folder in folders if (report := _read(folder))}
    decided = report_decisions.of_reports(settings, [folder.name for folder in reports])
    sent = sent_reports.last_of_each(settings, [report.name for report in reports.values()])
    found = [_standing(folder, report, decided, sent.get(report.name)) for folder, report in reports.items()]
    found.sort(key=lambda each: each.report.edition)
    return sorted(found, key=lambda each: (each.report.last_day, each.report.first_day), reverse=True)


def current(settings: Settings) -> dict[str, list[Standing]]:
    """Those of the latest week, month and quarter that lie here, by the period; and those before that wait."""
    by_period: dict[str, list[Standing]] = {}
    for each in of_all(settings):
        by_period.setdefault(each.report.period, []).append(each)
    seen: Counter[str] = Counter()
    found = {}
    for period, reports in by_period.items():
        kind = re.sub(r"\d", "", period)
        seen[kind] += 1
        is_late = kind != _WEEK and seen[kind] <= LATEST and any(each.is_waiting for each in reports)
        if seen[kind] == 1 or is_late:
            found[period] = reports
    return found


def rejections(settings: Settings, folders: Iterable[Path]) -> list[str]:
    """Of the reports in these folders, those that were rejected: by whom, when and why."""
    found = ((folder.name, decisions.rejection(settings, folder)) for folder in folders)
    return [f"{name}: {decision.says}" for name, decision in found if decision]


def send_approved(settings: Settings, period: str | None = None) -> ApprovedSent:
    """Send what was approved and not sent; one that is refused stops none of the others.

    period: of this one alone; what of it is not sent is then named, and why.
    """
    asked = [each for each in of_all(settings) if period in (None, each.report.period)]
    sent, sent_before, not_sent, refused = dict[str, int](), dict[str, str](), dict[str, str](), list[str]()
    for each in asked:
        if not each.is_to_be_sent:
            if period is not None:
                (sent_before if each.sent else not_sent)[each.folder.name] = each.says
            continue
        try:
            outcome = sending.send(settings, each.folder, page_sha256=each.page_sha256)
        except (MailRefused, ReportRenderedAnew) as error:
            refused.append(f"{each.folder.name}: {error}")
            continue
        if outcome.sent:
            sent[each.folder.name] = outcome.recipients
        else:
            not_sent[each.folder.name] = outcome.reason or ""
    if period is not None and not asked:
        refused.append(f"No report of {period} lies here. `wordround report list` shows which do.")
    return ApprovedSent(sent=sent, sent_before=sent_before, not_sent=not_sent, refused=refused)


def _standing(folder: Path, report: Report, decided: list[Decision], sent: SentReport | None) -> Standing:
    page = _digest(folder / decisions.PAGE)
    count = sum((each.report, each.page_sha256) == (folder.name, page) for each in decided)
    in_force = report_decisions.in_force(decided, folder.name, page)
    return Standing(folder, report, page, in_force, count, sent)


def _read(folder: Path) -> Report | None:
    try:
        (folder / decisions.PAGE).stat()
        state = (folder / report_file.NAME).stat()
        return _read_once(folder, state.st_mtime_ns, state.st_size)
    except (OSError, FileUnreadable):
        return None


@lru_cache(maxsize=512)
def _read_once(folder: Path, _changed_at: int, _size: int) -> Report:
    return report_file.read(folder)


def _digest(page: Path) -> str:
    state = page.stat()
    return _digest_once(page, state.st_ino, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=512)
def _digest_once(page: Path, _inode: int, _changed_at: int, _size: int) -> str:
    return decisions.digest(page)
