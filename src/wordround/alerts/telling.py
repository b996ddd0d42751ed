"""Tells each subscriber what concerns him, once: one digest a run by mail, by webhook, or both.

What was told is in the records (`alert_deliveries`), by the key of each piece of news. So a run that was killed between
deciding and telling, and a server that did not take a digest, lose nothing: the next run tells what is still untold,
and nobody else a second time. One subscriber, server or address that fails stops no other.

A digest that may have arrived (no answer came back, or the process ended while it was sent) is sent again, by mail
under the same Message-ID where nothing has come to it, by webhook with a word that it may be known already.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from pydantic import SecretStr

from wordround import mail
from wordround.alerts import channels
from wordround.errors import MailRefused, SettingsInvalid
from wordround.outcomes import Outcome
from wordround.records import deliveries
from wordround.records.deliveries import Delivery, Way
from wordround.settings import Settings, Subscription

# Older news is no news; to a subscriber who was never told anything, not even that of the last weeks but two.
NEWS_WITHIN = timedelta(weeks=8)
FIRST_NEWS_WITHIN = timedelta(weeks=2)

AGAIN = "You may have had this message already: whether an earlier one arrived is not known."


@dataclass(frozen=True)
class News:
    """One thing to tell. `key` names it for ever; services and themes are those that subscriptions can name.

    A key is an alert's id, a colon and a number. `service_id` is None for a total over services, `theme_codes` empty
    where it is about no theme.
    """

    key: str
    at: datetime
    service_id: str | None
    theme_codes: frozenset[str]
    direction: str
    tier: str

    @property
    def alert_id(self) -> str:
        """The alert that it is about."""
        return _alert_of(self.key)


@dataclass(frozen=True)
class Digest:
    """One message. `brief` is what goes out by webhook: figures and labels, no word of a comment."""

    subject: str
    plain: str
    html: str
    brief: str


class Told(Outcome):
    """How many digests went out and failed, and the messages about those that failed."""

    sent: int = 0
    failed: int = 0
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Way:
    """One way to one subscriber."""

    subscription: Subscription
    way: Way

    @property
    def name(self) -> str:
        return f"{self.subscription.name} ({self.way})"


def concerns(subscription: Subscription, news: News) -> bool:
    """Whether a subscriber wants to be told. Where he names services or themes, one of each has to be the alert's."""
    return (
        subscription.direction in ("both", news.direction)
        and (subscription.tier == "watch" or news.tier == "alert")
        and (not subscription.services or news.service_id in subscription.services)
        and (not subscription.themes or not news.theme_codes.isdisjoint(subscription.themes))
    )


def tell(settings: Settings, news: Sequence[News], write: Callable[[Sequence[News]], Digest]) -> Told:
    """Send every subscriber one digest of what concerns him and was not sent yet; log each step.

    news: all that there was to tell in the last weeks, told or not. write: makes the digest of some of it. Raises
    RecordsFailed, StorageFailed; what a server or an address refuses is in `refused`.
    """
    log, now = deliveries.logged(settings), datetime.now(UTC)
    sent, refused = 0, []
    for way in _ways(settings):
        due = _due(way, news, log, now)
        if not due:
            continue
        try:
            _deliver(settings, way, due, write, log)
            sent += 1
        except channels.NotDelivered as failure:
            refused.append(f"{way.name}: the alert digest did not go out: {failure.reason}. The next run tries again.")
        except MailRefused as failure:
            refused.append(f"{way.name}: {failure} The next run tries again.")
    return Told(sent=sent, failed=len(refused), refused=tuple(refused))


def _ways(settings: Settings) -> Iterator[_Way]:
    for subscription in settings.alerts.subscribers():
        if subscription.recipients and settings.mail.host:
            yield _Way(subscription, "mail")
        if subscription.channel is not None:
            yield _Way(subscription, "webhook")


def _due(way: _Way, news: Iterable[News], log: Sequence[Delivery], now: datetime) -> list[News]:
    own = [step for step in log if (step.subscriber, step.way) == (way.subscription.name, way.way)]
    told = {key for step in own if step.event == "sent" for key in step.news}
    # Who was to be told of an alert hears what becomes of it, also where it is no alert any more.
    followed = {_alert_of(key) for step in own for key in step.news}
    oldest = now - (NEWS_WITHIN if own else FIRST_NEWS_WITHIN)
    lately = [one for one in news if one.key not in told and one.at >= oldest]
    return [one for one in lately if one.alert_id in followed or concerns(way.subscription, one)]


def _alert_of(key: str) -> str:
    return key.partition(":")[0]


def _deliver(
    settings: Settings, way: _Way, due: Sequence[News], write: Callable[[Sequence[News]], Digest],
    log: Sequence[Delivery],
) -> None:  # fmt: skip
    digest = write(due)
    keys = tuple(sorted(one.key for one in due))
    written = json.dumps([way.subscription.name, way.way, way.subscription.recipients, keys])
    message_key = sha256(written.encode()).hexdigest()[:32]
    may_be_known = _may_have_arrived(way, log)

    def step(event: deliveries.Event, reason: str | None = None) -> Delivery:
        return Delivery(datetime.now(UTC), way.subscription.name, way.way, event, message_key, keys, reason)

    deliveries.log(settings, [step("begun")])
    try:
        if way.way == "mail":
            _mail(settings, way.subscription, digest, message_key)
        else:
            body = f"{AGAIN}\n\n{digest.brief}" if may_be_known else digest.brief
            channels.send(_address(settings, way.subscription), digest.subject, body)
    except MailRefused:
        deliveries.log(settings, [step("failed", "the mail server did not take it")])
        raise
    except channels.NotDelivered as failure:
        deliveries.log(settings, [step("failed", failure.reason)])
        raise
    deliveries.log(settings, [step("sent")])


def _mail(settings: Settings, subscription: Subscription, digest: Digest, key: str) -> None:
    message = mail.compose(settings, subscription.recipients, digest.subject, digest.plain, digest.html, key)
    mail.deliver(settings, message)


def _address(settings: Settings, subscription: Subscription) -> SecretStr:
    try:
        known: Mapping[str, SecretStr] = channels.addresses(settings)
    except SettingsInvalid as error:
        raise channels.NotDelivered(str(error)) from None
    address = known.get(subscription.channel or "")
    if address is None:
        raise channels.NotDelivered(
            f"channel {subscription.channel} has no address in WORDROUND_CHANNELS or WORDROUND_CHANNELS_FILE"
        )
    return address


def _may_have_arrived(way: _Way, log: Sequence[Delivery]) -> bool:
    """Whether it is not known of the last digest to a subscriber what became of it."""
    own = [step for step in log if (step.subscriber, step.way) == (way.subscription.name, way.way)]
    return bool(own) and (own[-1].event == "begun" or own[-1].reason == channels.NO_ANSWER)
