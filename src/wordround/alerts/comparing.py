"""Issues alert episodes, and tells the quality leads which opened, changed, closed or were withdrawn, once each.

Every published episode is issued first: it is written into the records with its figures, which it keeps. Alerts that
stand for themselves (no part of another one's change) are then compared with the notices in the records; at most one
digest goes out, and then its notices are logged. Nothing is logged that the mail server did not take, so that a failed
mail is tried again at the next run; nothing that was logged is told again. An alert is restated only where its comments
differ by as many as the rule `least_restated_count` says, so that no digest tells what one comment that was erased had
said. History is not told: episodes that are over and opened more than eight weeks ago are logged as known.
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
from wordround.records import issued_alerts, notices, store
from wordround.records.issued_alerts import Issue
from wordround.records.notices import Figures, Notice
from wordround.settings import Settings

NEWS_WITHIN = timedelta(weeks=8)


class Watched(Outcome):
    """How many episodes were issued, how many notices of each event were logged, and whether a digest went out.

    reason: why nobody was sent the news, where there was some.
    """

    issued: int
    opened: int
    updated: int
    closed: int
    withdrawn: int
    known: int
    sent: bool
    reason: str | None = None


def watch(settings: Settings) -> Watched:
    """Issue what is new, send one digest of it, then log it.

    Raises NothingPublished, PublicationUnusable, MailRefused (nothing is logged, the next run tries again),
    RecordsFailed, StorageFailed.
    """
    episodes = read_episodes(settings)
    # Two runs at once would both find the same news.
    with store.alone(settings, "alerts"):
        issued = issued_alerts.issue(settings, _issues(episodes.alerts), episodes.publication.build_id)
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
        issued=issued,
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


def _issues(alerts: list[AlertEpisode]) -> list[Issue]:
    return [
        Issue(
            alert.alert_id, alert.series_id, alert.series_code, alert.trust_code, alert.service_id, alert.theme_code,
            alert.direction, alert.since_week_date, alert.opened_week_date, alert.evidence, alert.negative_count,
            alert.comment_count, alert.expected_share, alert.baseline_comment_count, alert.baseline_week_count,
        )
        for alert in alerts
    ]  # fmt: skip


def compare(episodes: Episodes, log: list[Notice]) -> list[Notice]:
    """The notices that are due: what is published against what was last told of each alert. Pure."""
    last = {notice.alert_id: notice for notice in log}
    due: list[Notice] = []
    for alert in episodes.alerts:
        before = last.pop(alert.alert_id, None)
        # What was told once is followed, also where it turns out to be a part of another.
        if before is not None or (alert.tier_code == "alert" and alert.part_of_alert_id is None):
            due += _due(alert.alert_id, _figures(alert, episodes), before, episodes)
    gone = [notice for notice in last.values() if notice.event != "withdrawn"]
    return due + [_withdrawn(notice) for notice in gone]


def _due(alert_id: str, now: Figures, before: Notice | None, episodes: Episodes) -> list[Notice]:
    is_open, last_week = now.status == "open", episodes.last_week
    if now.status == "withdrawn":
        return [_withdrawn(before)] if before and before.event != "withdrawn" else []
    if before is None or before.event == "withdrawn" or (before.event == "known" and is_open):
        if not is_open and last_week and last_week - now.opened_week > NEWS_WITHIN:
            return [Notice(alert_id, "known", now, is_told=False)]
        first = [Notice(alert_id, "opened", now)]
        return first if is_open else [*first, Notice(alert_id, "closed", now)]
    if before.event == "known":
        return []
    told, due = before.figures, []
    if _is_restated(told, now, episodes.rules.least_restated):
        due.append(Notice(alert_id, "updated", replace(now, status=told.status), what="restated", before=told))
        told = now
    # What is not told again stays as it was told.
    followed = replace(told, status=now.status)
    if not is_open and before.figures.status == "open":
        due.append(Notice(alert_id, "closed", followed))
    elif is_open and before.figures.status == "closed":
        due.append(Notice(alert_id, "updated", followed, what="reopened"))
    return due


def _withdrawn(told: Notice) -> Notice:
    return Notice(told.alert_id, "withdrawn", replace(told.figures, status="withdrawn"), is_told=told.event != "known")


def _is_restated(told: Figures, now: Figures, least: int) -> bool:
    """Whether the counts of today are to be told: they differ by as many comments as hide single ones."""
    former = told.restated_comments or told.comments
    return former != now.restated_comments and disclosure.in_company(former, now.restated_comments, least)


def _figures(alert: AlertEpisode, episodes: Episodes) -> Figures:
    small = episodes.rules.small_numbers
    negative, comments = alert.restated_negative_count, alert.restated_comment_count
    is_shown = negative is not None and comments is not None and small.share_shown(negative, comments) is not None
    return Figures(
        subject=_subject(alert, episodes),
        direction=alert.direction,
        status=alert.status,
        since_week=alert.since_week_date,
        opened_week=alert.opened_week_date,
        negative=disclosure.label_shown(alert.negative_count_label),
        comments=disclosure.label_shown(alert.comment_count_label),
        expected=wording.whole_percent(alert.expected_share),
        once_in_years=alert.once_in_years,
        explained_by=alert.explained_by,
        restated_negative=str(negative) if is_shown else None,
        restated_comments=str(comments) if is_shown else None,
    )


def _subject(alert: AlertEpisode, episodes: Episodes) -> str:
    """What the alert is about: a service, a theme of it, or all services of a trust."""
    where = "All services"
    if alert.service_id is not None:
        where = as_label(episodes.label(alert.service_id) or "A service that is no longer listed")
    if alert.theme_code is None:
        return where
    return f"{where}, {as_label(episodes.themes.get(alert.theme_code, 'a theme that is no longer coded'))}"


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
