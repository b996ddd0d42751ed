"""Tells the quality leads which alert episodes opened, changed, closed or were withdrawn, once each.

Comes in: the published `fct_alerts` and the log of what was told (`alerts/notices.jsonl`). Goes out: at most one digest
e-mail, and then its notices in the log. Nothing is logged that the mail server did not take, so that a failed mail is
tried again at the next run; nothing that was logged is told again. An issued alert keeps its figures as issued.
Refuses: to tell of history. Episodes that are over and opened more than eight weeks ago are logged as known.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock

from wordround import mail
from wordround.alerts import digest
from wordround.errors import FileUnreadable, StorageFailed
from wordround.plain_text import one_line
from wordround.published import authority, disclosure, wording
from wordround.published.reading import Episodes, Row, read_episodes, whose
from wordround.published.rules import Rules
from wordround.settings import Settings

Notice = dict[str, Any]

TOLD_WITHIN = timedelta(weeks=8)

# Limits are worked out again with every new week. Below two percentage points that is not news.
LINE_CHANGED = 2


def watch(settings: Settings) -> dict[str, Any]:
    """Send one digest of what is new, then log it.

    Raises NothingPublished, MailRefused (nothing is logged, the next run tries again), FileUnreadable (damaged log),
    StorageFailed. Returns {"opened", "updated", "closed", "withdrawn", "known", "sent"}, with "reason" where
    there was news that nobody was sent.
    """
    episodes = read_episodes(settings)
    path = settings.alert_log
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_suffix(".lock"))
    except OSError as error:
        raise StorageFailed(f"{path.parent}: cannot be written ({error.strerror}).") from error
    with lock:
        log = _Log.read(path)
        notices = compare(episodes, log.notices)
        told = [notice for notice in notices if notice["is_told"]]
        trust = whose(settings.trust, episodes.services)
        addresses = authority.notices(episodes.sources, episodes.services)
        message_id = None
        if told and not _nobody(settings):
            message_id = _send(settings, trust, told, len(log.notices), episodes.rules, addresses)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        build = episodes.publication.get("build_id")
        log.append([notice | {"at": at, "build_id": build, "message_id": message_id} for notice in notices])
    outcome: dict[str, Any] = {
        event: _count(notices, event) for event in ("opened", "updated", "closed", "withdrawn", "known")
    }
    outcome["sent"] = message_id is not None
    if told and not message_id:
        outcome["reason"] = _nobody(settings)
    return outcome


def _nobody(settings: Settings) -> str:
    """Why nobody can be told, or nothing where somebody can."""
    if not settings.alerts.recipients:
        return "no recipients in [alerts] of the settings"
    return "" if settings.mail.host else "no host in [mail] of the settings"


def compare(episodes: Episodes, log: list[Notice]) -> list[Notice]:
    """The notices that are due: what is published against what was last told of each alert. Pure."""
    last: dict[str, Notice] = {}
    for notice in log:
        last[notice["alert_id"]] = notice
    due: list[Notice] = []
    for alert in episodes.alerts:
        before = last.pop(alert["alert_id"], None)
        due += _due(alert["alert_id"], _figures(alert, episodes), before, episodes.last_week)
    gone = [notice for notice in last.values() if notice["event"] != "withdrawn"]
    return due + [_notice(n["alert_id"], "withdrawn", n["figures"], is_told=n["event"] != "known") for n in gone]


def _due(alert_id: str, now: dict[str, Any], before: Notice | None, last_week: date | None) -> list[Notice]:
    is_open = now["status"] == "open"
    if before is None or before["event"] == "withdrawn" or (before["event"] == "known" and is_open):
        opened = date.fromisoformat(now["opened_week"])
        if not is_open and last_week and last_week - opened > TOLD_WITHIN:
            return [_notice(alert_id, "known", now, is_told=False)]
        first = [_notice(alert_id, "opened", now)]
        return first if is_open else [*first, _notice(alert_id, "closed", now)]
    if before["event"] == "known":
        return []
    issued, due = before["figures"], []
    if _is_restated(issued, now):
        due.append(_notice(alert_id, "updated", now | {"status": issued["status"]}, what="restated", before=issued))
        issued = now
    course = {name: now[name] for name in ("status", "last_signal_week", "signal_weeks", "latest_share")}
    if not is_open and issued_status(before) == "open":
        due.append(_notice(alert_id, "closed", issued | course))
    elif is_open and issued_status(before) == "closed":
        due.append(_notice(alert_id, "updated", issued | course, what="reopened"))
    return due


def issued_status(notice: Notice) -> str:
    """Whether the alert was open or closed when it was last told of."""
    return str(notice["figures"]["status"])


def _is_restated(issued: dict[str, Any], now: dict[str, Any]) -> bool:
    if any(issued[name] != now[name] for name in ("opening_share", "opening_comments", "rule")):
        return True
    pairs = [(issued[name], now[name]) for name in ("mean", "lower", "upper")]
    return any((a is None) != (b is None) or (a is not None and abs(a - b) >= LINE_CHANGED) for a, b in pairs)


def _notice(alert_id: str, event: str, figures: dict[str, Any], *, is_told: bool = True, **more: Any) -> Notice:
    return {"alert_id": alert_id, "event": event, "is_told": is_told, "figures": figures, **more}


def _figures(alert: Row, episodes: Episodes) -> dict[str, Any]:
    """What may be said about an episode: labels and whole percentages, None where hidden."""
    service_id = alert["service_id"]
    weeks = episodes.service_weeks.get(service_id, [])
    hidden = disclosure.hidden_weeks(weeks, episodes.points.get(service_id, []))
    by_week = {week["week_date"]: week for week in weeks if week["week_date"] not in hidden}
    opening = by_week.get(alert["opened_week_date"], {})
    latest = by_week.get(alert["last_signal_week_date"], {})
    return {
        "service": one_line(episodes.label(service_id) or "A service that is no longer listed"),
        "direction": alert["direction"],
        "status": alert["status"],
        "rule": alert["opening_special_cause_type"],
        "opened_week": alert["opened_week_date"].isoformat(),
        "last_signal_week": alert["last_signal_week_date"].isoformat(),
        "signal_weeks": alert["signal_week_count"],
        "opening_share": disclosure.label_shown(opening.get("negative_share_label")),
        "opening_comments": disclosure.label_shown(opening.get("comment_count_label")),
        "latest_share": disclosure.label_shown(latest.get("negative_share_label")),
        "mean": wording.whole_percent(wording.figure(alert, "baseline_mean_value")),
        "lower": wording.whole_percent(max(wording.figure(alert, "baseline_lower_limit") or 0.0, 0.0)),
        "upper": wording.whole_percent(wording.figure(alert, "baseline_upper_limit")),
    }


def _send(
    settings: Settings, trust: str, told: list[Notice], logged: int, rules: Rules, privacy_notices: list[str]
) -> str:
    """Send the digest and return its Message-ID: the same when a failed attempt is repeated."""
    subject, plain, html = digest.write(trust, told, rules, privacy_notices)
    key = json.dumps(["alerts", logged, told, settings.alerts.recipients], sort_keys=True, default=str)
    message = mail.compose(settings, settings.alerts.recipients, subject, plain, html, key)
    mail.deliver(settings, message)
    return str(message["Message-ID"])


def _count(notices: list[Notice], event: str) -> int:
    return sum(notice["event"] == event for notice in notices)


@dataclass(frozen=True)
class _Log:
    """The notices so far. `sound_bytes`: how much of the file holds whole lines; the rest is a torn last line."""

    path: Path
    notices: list[Notice]
    sound_bytes: int

    @classmethod
    def read(cls, path: Path) -> "_Log":
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return cls(path, [], 0)
        except OSError as error:
            raise FileUnreadable(f"{path}: cannot be read ({error.strerror}).") from error
        whole, _, _ = content.rpartition(b"\n")
        notices = []
        for number, line in enumerate(whole.split(b"\n") if whole else [], start=1):
            try:
                notice = json.loads(line)
                notices.append({"alert_id": notice["alert_id"], "event": notice["event"], **notice})
            except (ValueError, KeyError, TypeError) as error:
                raise FileUnreadable(
                    f"{path}, line {number}: is damaged, so what was already told is not known. Restore the file "
                    "from a backup, or remove that line (its alert may then be told again)."
                ) from error
        return cls(path, notices, len(whole) + 1 if whole else 0)

    def append(self, notices: list[Notice]) -> None:
        """Write the lines and wait until they are on the disk."""
        if not notices:
            return
        lines = "".join(json.dumps(notice, ensure_ascii=False) + "\n" for notice in notices)
        try:
            with self.path.open("ab") as file:
                file.truncate(self.sound_bytes)
                file.write(lines.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StorageFailed(
                f"{self.path}: cannot be written ({error.strerror}). Free space or correct its rights."
            ) from error
