"""The conversations that there are: those of the settings and those of the records. Settings win over records.

What is wrong with one is named (`faults`) and costs no other: a block that makes no conversation is left out, a host
that no registry has is left out of its conversation.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import ValidationError

from wordround import conversation_plans
from wordround.connectors.blocks import OF_CONVERSATIONS
from wordround.conversation_plans import LONDON, ConversationPlan, UnusablePlan
from wordround.errors import ConversationRefused
from wordround.records import conversations
from wordround.registers.services import named_services, organisation_accounts
from wordround.registers.typed_words import without_identifiers
from wordround.settings import Settings

State = Literal["planned", "on", "over"]

# Hosts begin before the hour, and answer after it.
BEFORE, AFTER = timedelta(minutes=30), timedelta(hours=2)


@dataclass(frozen=True)
class Declared:
    """One conversation. Moments are in UTC; `hosts` as their registry writes them; `by`: who declared it, if records.

    `first_day`, `last_day`: in Europe/London, from the first baseline day to the day of the last answers.
    """

    conversation_id: str
    label: str
    tags: tuple[str, ...]
    hosts: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    baseline_days: int
    sources: tuple[str, ...]
    declared_in: Literal["settings", "records"]
    by: str | None = None

    @property
    def query_id(self) -> str:
        """How the question for its tags is called in coverage, at every source: with other tags it is another one."""
        tags = hashlib.md5(",".join(sorted(self.tags)).encode(), usedforsecurity=False).hexdigest()
        return f"{OF_CONVERSATIONS}{self.conversation_id}-{tags[:6]}"

    @property
    def first_day(self) -> date:
        return self.begins_at.astimezone(LONDON).date() - timedelta(days=self.baseline_days)

    @property
    def last_day(self) -> date:
        return (self.ends_at + AFTER).astimezone(LONDON).date()

    def state(self, now: datetime) -> State:
        """How it stands: `on` from half an hour before it begins until two hours after it ends."""
        if now < self.begins_at - BEFORE:
            return "planned"
        return "on" if now < self.ends_at + AFTER else "over"


def known(settings: Settings) -> list[Declared]:
    """Return the conversations that there are, by when they begin. Raises RecordsFailed, RegistryInvalid."""
    found = [one for one, _ in _each(settings) if one is not None]
    return sorted(found, key=lambda one: (one.begins_at, one.conversation_id))


def faults(settings: Settings) -> list[str]:
    """Return what is wrong with declared conversations, a sentence each. Raises as `known`."""
    return examined(settings)[1]


def examined(settings: Settings) -> tuple[int, list[str]]:
    """Return how many conversations there are, and what is wrong with declared ones, without reading their labels.

    Raises as `known`.
    """
    each = list(_each(settings, with_labels=False))
    return sum(one is not None for one, _ in each), [fault for _, wrong in each for fault in wrong]


def named(settings: Settings, name: str) -> Declared:
    """Return a conversation by its name. Raises ConversationRefused where there is none; else as `known`."""
    for one in known(settings):
        if one.conversation_id == name:
            return one
    raise ConversationRefused("no conversation of this name is declared. `wordround conversation list` shows them.")


def overruled(settings: Settings) -> list[str]:
    """Return the names that both declare: those of the settings hold."""
    return sorted({one.name for one in _plans(settings)} & conversations.in_force(settings).keys())


def own_tags(settings: Settings) -> set[str]:
    """Return the hashtags of all conversations, in small letters. Raises as `known`."""
    return {tag for one in known(settings) for tag in one.tags}


def registered_hosts(hosts: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return hosts as their registry writes them, and the places, from 1, of those that none has."""
    labels = {one.label for one in organisation_accounts().values()}
    written = {name.casefold(): name for name in (*labels, *(one.service_id for one in named_services()))}
    bare = [" ".join(host.split()).casefold() for host in hosts]
    there = list(dict.fromkeys(written[host] for host in bare if host in written))
    return there, [place for place, host in enumerate(bare, 1) if host not in written]


def _plans(settings: Settings) -> Iterator[ConversationPlan]:
    return (one for one in settings.conversations if isinstance(one, ConversationPlan))


def _each(settings: Settings, with_labels: bool = True) -> Iterator[tuple[Declared | None, list[str]]]:
    """Yield each conversation, None where there is none, with what is wrong with it."""
    names = set()
    for number, plan in enumerate(settings.conversations, 1):
        if isinstance(plan, UnusablePlan):
            yield None, [plan.says]
            continue
        names.add(plan.name)
        label = without_identifiers(plan.label).kept if plan.label and with_labels else None
        yield _of_plan(plan, f"[[conversations]] {number} ({plan.name})", label)
    for name, event in conversations.in_force(settings).items():
        if name in names:
            continue
        where = f"conversation {name}, declared on {event.at:%Y-%m-%d}"
        try:
            plan = ConversationPlan.model_validate({"name": name, **event.what})
        except ValidationError as error:
            yield None, [f"{where}: {wrong}" for wrong in conversation_plans.faults(error)]
        else:
            yield _of_plan(plan, where, plan.label, event.by)


def _of_plan(
    plan: ConversationPlan, where: str, label: str | None, by: str | None = None
) -> tuple[Declared, list[str]]:
    hosts, unknown = registered_hosts(plan.hosts)
    declared = Declared(
        conversation_id=plan.name,
        label=label or plan.name.replace("_", " ").strip().capitalize(),
        tags=plan.tags,
        hosts=tuple(hosts),
        begins_at=plan.begins,
        ends_at=plan.ends,
        baseline_days=plan.baseline_days,
        sources=plan.sources,
        declared_in="records" if by is not None else "settings",
        by=by,
    )
    return declared, [
        f"{where}: hosts: number {place} is no organisation_label of organisation_accounts.csv and no id of a service: "
        "it counts as no host"
        for place in unknown
    ]
