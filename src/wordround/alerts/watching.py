"""Issues alert episodes, and notes which opened, changed, closed or were withdrawn, once each; `telling` tells.

Every published episode is issued first: it is written into the records with its figures, which it keeps. Alerts that
stand for themselves (no part of another one's change) are then compared with the notices in the records, and what is
new is noted there. Then each subscriber is told what concerns him of all that was noted in the last weeks and was not
told to him: a run that is killed in between, or a server that refuses, loses nothing. An alert is restated only where
its comments, the negative ones and the others, differ by as many as the rule `least_restated_count` says or not at all,
so that no digest tells what one comment that was erased had said. History is not told: episodes that are over and
opened more than eight weeks ago are noted as known.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from wordround.alerts import digest, telling
from wordround.alerts.telling import NEWS_WITHIN, Digest, News, Told
from wordround.outcomes import Outcome
from wordround.plain_text import label as as_label
from wordround.published import authority, disclosure, wording
from wordround.published.reading import Episodes, read_episodes, trust_name
from wordround.published.tables import AlertEpisode
from wordround.records import issued_alerts, notices, store
from wordround.records.issued_alerts import Issue
from wordround.records.notices import Figures, LoggedNotice, Notice
from wordround.settings import Settings


class Watched(Outcome):
    """How many episodes were issued, notices of each event logged, and digests sent.

    reason: why nobody can be sent any, or nobody by mail, where that is so. refused: what is to be put right, of each
    digest that did not go out.
    """

    issued: int
    opened: int
    updated: int
    closed: int
    withdrawn: int
    known: int
    sent: int
    reason: str | None = None
    refused: tuple[str, ...] = ()


def watch(settings: Settings) -> Watched:
    """Issue what is new, note it, and tell each subscriber what he was not told yet.

    Raises NothingPublished, PublicationUnusable, RecordsFailed, StorageFailed. Who could not be told is in `refused`.
    """
    episodes = read_episodes(settings)
    # Two runs at once would both find the same news.
    with store.alone(settings, "alerts"):
        issued = issued_alerts.issue(settings, _issues(episodes.alerts), episodes.publication.build_id)
        due = compare(episodes, [one.notice for one in notices.logged(settings)])
        notices.log(settings, due, episodes.publication.build_id)
        told = _tell(settings, episodes)
    return Watched(
        issued=issued,
        opened=_count(due, "opened"),
        updated=_count(due, "updated"),
        closed=_count(due, "closed"),
        withdrawn=_count(due, "withdrawn"),
        known=_count(due, "known"),
        sent=told.sent,
        reason=_obstacle(settings),
        refused=told.refused,
    )


def _obstacle(settings: Settings) -> str | None:
    """Why nobody can be told, or nobody by mail; None where all can."""
    subscribers = settings.alerts.subscribers()
    if not subscribers:
        return "no recipients or subscriptions in [alerts] of the settings"
    is_mailed = any(subscriber.recipients for subscriber in subscribers)
    return "no host in [mail] of the settings" if is_mailed and not settings.mail.host else None


def _tell(settings: Settings, episodes: Episodes) -> Told:
    """Tell what was noted in the last weeks, to whom it was not told yet."""
    trust = trust_name(settings.trust, episodes.services)
    addresses = authority.notices(episodes.sources, episodes.services)
    news = _news(notices.logged(settings), episodes)

    def write(some: Sequence[News]) -> Digest:
        return digest.write(trust, [news[one] for one in some], episodes.rules, addresses)

    return telling.tell(settings, list(news), write)


def _news(logged: list[LoggedNotice], episodes: Episodes) -> dict[News, Notice]:
    """What there is to tell, with its notice. An alert that is not published any more concerns who was told of it."""
    published = {alert.alert_id: alert for alert in episodes.alerts}
    so_far: Counter[str] = Counter()
    found = {}
    for one in logged:
        notice = one.notice
        so_far[notice.alert_id] += 1
        if not notice.is_told:
            continue
        alert = published.get(notice.alert_id)
        found[
            News(
                key=f"{notice.alert_id}:{so_far[notice.alert_id]}",
                at=max(one.at, _alerted(alert)),
                service_id=alert.service_id if alert else None,
                theme_codes=episodes.theme_codes(alert) if alert else frozenset(),
                direction=notice.figures.direction,
                tier=alert.tier_code if alert else "watch",
            )
        ] = notice
    return found


def _alerted(alert: AlertEpisode | None) -> datetime:
    """When it became what everybody is told of, where it first stood on the page only."""
    week = alert.alerted_week_date if alert else None
    return datetime.combine(week + timedelta(weeks=1), time(), UTC) if week else datetime.min.replace(tzinfo=UTC)


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
        if before is not None or alert.part_of_alert_id is None:
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
    """Whether the counts of today are to be told: all comments, the negative ones and the others.

    Each is the same or differs by as many as hide single ones: 12 of 40 and 13 of 52 would tell of one comment.
    """
    former = _counts(told.restated_negative or told.negative, told.restated_comments or told.comments)
    today = _counts(now.restated_negative, now.restated_comments)
    return former != today and all(disclosure.in_company(*pair, least) for pair in zip(former, today, strict=True))


def _counts(negative: str | None, comments: str | None) -> tuple[str | None, str | None, str | None]:
    """The labels of all comments, of the negative ones, and of the others, which are not told and can be worked out."""
    others = int(comments.replace(",", "")) - int(negative.replace(",", "")) if negative and comments else None
    return comments, negative, None if others is None else str(others)


def _figures(alert: AlertEpisode, episodes: Episodes) -> Figures:
    small = episodes.rules.small_numbers
    negative, comments = alert.restated_negative_count, alert.restated_comment_count
    is_shown = negative is not None and comments is not None and small.share_shown(negative, comments) is not None
    return Figures(
        subject=episodes.subject(alert),
        direction=alert.direction,
        status=alert.status,
        since_week=alert.since_week_date,
        opened_week=alert.opened_week_date,
        negative=disclosure.label_shown(alert.negative_count_label),
        comments=disclosure.label_shown(alert.comment_count_label),
        expected=wording.whole_percent(alert.expected_share),
        once_in_years=alert.once_in_years,
        explained_by=alert.explained_by,
        leading=wording.listed([as_label(each) for each in episodes.leading.get(alert.alert_id, [])]) or None,
        restated_negative=str(negative) if is_shown else None,
        restated_comments=str(comments) if is_shown else None,
        is_of_theme=alert.theme_code is not None,
    )


def _count(due: list[Notice], event: notices.Event) -> int:
    return sum(notice.event == event for notice in due)
