"""Tells the quality leads which alert episodes opened, changed, closed or were withdrawn, once each.

Published episodes are compared with the notices in the records; at most one digest goes out, and then its notices are
logged. Nothing is logged that the mail server did not take, so that a failed mail is tried again at the next run;
nothing that was logged is told again. An issued alert keeps its figures as issued: its opening week is restated only
where its comments differ by as many as the rule `least_restated_count` says, so that no digest tells what one comment
that was erased had said. History is not told: episodes that are over and opened more than eight weeks ago are logged as
known.
"""

import json
from dataclasses import asdict, replace
from datetime import timedelta

from wordround import mail
from wordround.alerts import digest
from wordround.outcomes import Outcome
from wordround.plain_text import label as as_label
from wordround.published import authority, disclosure, wording
from wordround.published.reading import Episodes, read_episodes, trust_name
from wordround.published.rules import Rules
from wordround.published.tables import AlertEpisode
from wordround.records import notices, store
from wordround.records.notices import Figures, Notice
from wordround.settings import Settings

NEWS_WITHIN = timedelta(weeks=8)

# Limits are worked out again with every new week. Below two percentage points that is not news.
LINE_CHANGED = 2


class Watched(Outcome):
    """How many notices of each event were logged, and whether a digest went out; else why nobody was sent the news."""

    opened: int
    updated: int
    closed: int
    withdrawn: int
    known: int
    sent: bool
    reason: str | None = None


def watch(settings: Settings) -> Watched:
    """Send one digest of what is new, then log it.

    Raises NothingPublished, PublicationUnusable, MailRefused (nothing is logged, the next run tries again),
    RecordsFailed, StorageFailed.
    """
    episodes = read_episodes(settings)
    # Two runs at once would both find the same news.
    with store.alone(settings, "alerts"):
        log = [one.notice for one in notices.logged(settings)]
        due = compare(episodes, log)
        news = [notice for notice in due if notice.is_told]
        obstacle = _obstacle(settings) if news else None
        trust = trust_name(settings.trust, episodes.services)
        addresses = authority.notices(episodes.sources, episodes.services)
        message_id = None
        if news and not obstacle:
            message_id = _send(settings, trust, news, len(log), episodes.rules, addresses)
        notices.log(settings, due, episodes.publication.build_id, message_id)
    return Watched(
        opened=_count(due, "opened"),
        updated=_count(due, "updated"),
        closed=_count(due, "closed"),
        withdrawn=_count(due, "withdrawn"),
        known=_count(due, "known"),
        sent=message_id is not None,
        reason=obstacle,
    )


def _obstacle(settings: Settings) -> str | None:
    """Why nobody can be told, or None where somebody can."""
    if not settings.alerts.recipients:
        return "no recipients in [alerts] of the settings"
    return None if settings.mail.host else "no host in [mail] of the settings"


def compare(episodes: Episodes, log: list[Notice]) -> list[Notice]:
    """The notices that are due: what is published against what was last told of each alert. Pure."""
    last = {notice.alert_id: notice for notice in log}
    due: list[Notice] = []
    for alert in episodes.alerts:
        before = last.pop(alert.alert_id, None)
        due += _due(alert.alert_id, _figures(alert, episodes), before, episodes)
    gone = [notice for notice in last.values() if notice.event != "withdrawn"]
    return due + [Notice(n.alert_id, "withdrawn", n.figures, is_told=n.event != "known") for n in gone]


def _due(alert_id: str, now: Figures, before: Notice | None, episodes: Episodes) -> list[Notice]:
    is_open, last_week = now.status == "open", episodes.last_week
    if before is None or before.event == "withdrawn" or (before.event == "known" and is_open):
        if not is_open and last_week and last_week - now.opened_week > NEWS_WITHIN:
            return [Notice(alert_id, "known", now, is_told=False)]
        first = [Notice(alert_id, "opened", now)]
        return first if is_open else [*first, Notice(alert_id, "closed", now)]
    if before.event == "known":
        return []
    issued, due = before.figures, []
    status = issued.status
    now = _as_issued(issued, now, episodes.rules.least_restated)
    if _is_restated(issued, now):
        due.append(Notice(alert_id, "updated", replace(now, status=status), what="restated", before=issued))
        issued = now
    followed = replace(
        issued,
        status=now.status,
        last_signal_week=now.last_signal_week,
        signal_weeks=now.signal_weeks,
        latest_share=now.latest_share,
    )
    if not is_open and status == "open":
        due.append(Notice(alert_id, "closed", followed))
    elif is_open and status == "closed":
        due.append(Notice(alert_id, "updated", followed, what="reopened"))
    return due


def _as_issued(issued: Figures, now: Figures, least: int) -> Figures:
    """Figures of now, with the opening week as it was told unless it has changed in company."""
    if issued.opening_comments != now.opening_comments and disclosure.in_company(
        issued.opening_comments, now.opening_comments, least
    ):
        return now
    # Also of the same number of comments: a share that differs tells into which class single ones have moved.
    return replace(now, opening_share=issued.opening_share, opening_comments=issued.opening_comments)


def _is_restated(issued: Figures, now: Figures) -> bool:
    if (issued.opening_share, issued.opening_comments, issued.rule) != (
        now.opening_share,
        now.opening_comments,
        now.rule,
    ):
        return True
    pairs = ((issued.mean, now.mean), (issued.lower, now.lower), (issued.upper, now.upper))
    return any(a != b and (a is None or b is None or abs(a - b) >= LINE_CHANGED) for a, b in pairs)


def _figures(alert: AlertEpisode, episodes: Episodes) -> Figures:
    service_id = alert.service_id
    weeks = episodes.service_weeks.get(service_id, [])
    hidden = disclosure.hidden_weeks(weeks, episodes.points.get(service_id, []))
    by_week = {week.week_date: week for week in weeks if week.week_date not in hidden}
    opening = by_week.get(alert.opened_week_date)
    latest = by_week.get(alert.last_signal_week_date)
    return Figures(
        service=as_label(episodes.label(service_id) or "A service that is no longer listed"),
        direction=alert.direction,
        status=alert.status,
        rule=alert.opening_special_cause_type,
        opened_week=alert.opened_week_date,
        last_signal_week=alert.last_signal_week_date,
        signal_weeks=alert.signal_week_count,
        opening_share=disclosure.label_shown(opening.negative_share_label) if opening else None,
        opening_comments=disclosure.label_shown(opening.comment_count_label) if opening else None,
        latest_share=disclosure.label_shown(latest.negative_share_label) if latest else None,
        mean=wording.whole_percent(alert.baseline_mean_value),
        lower=wording.whole_percent(max(alert.baseline_lower_limit or 0.0, 0.0)),
        upper=wording.whole_percent(alert.baseline_upper_limit),
    )


def _send(
    settings: Settings, trust: str, news: list[Notice], logged: int, rules: Rules, privacy_notices: list[str]
) -> str:
    """Send the digest and return its Message-ID: the same when a failed attempt is repeated."""
    subject, plain, html = digest.write(trust, news, rules, privacy_notices)
    figures_sent = [asdict(notice) for notice in news]
    key = json.dumps(["alerts", logged, figures_sent, settings.alerts.recipients], sort_keys=True, default=str)
    message = mail.compose(settings, settings.alerts.recipients, subject, plain, html, key)
    mail.deliver(settings, message)
    return str(message["Message-ID"])


def _count(due: list[Notice], event: notices.Event) -> int:
    return sum(notice.event == event for notice in due)
