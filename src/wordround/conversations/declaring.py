"""Declaring a conversation, withdrawing it, and saying of a tag that it is none: what verbs and the page do.

Nothing that may name somebody is kept: a name, a tag or a label of that kind is refused and not mended.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from wordround import conversation_plans
from wordround.conversation_plans import ConversationPlan
from wordround.conversations.declared import registered_hosts
from wordround.errors import ConversationRefused
from wordround.outcomes import Outcome
from wordround.plain_text import plain, tag_key, tag_name
from wordround.records import conversations
from wordround.records.conversations import AlreadyDeclared
from wordround.registers.role_words import names_nobody
from wordround.registers.services import named_services
from wordround.registers.typed_words import without_identifiers
from wordround.settings import Settings

_IN_SETTINGS = "Where it names nobody, declare it in the settings file ([[conversations]])."


class DeclarationLogged(Outcome):
    """What was logged: of which conversation or tag, by whom."""

    done: str
    about: str
    by: str


def declare(
    settings: Settings,
    name: str,
    by: str,
    *,
    tags: Sequence[str],
    begins: datetime | str,
    ends: datetime | str,
    label: str | None = None,
    hosts: Sequence[str] = (),
    baseline_days: int | None = None,
    sources: Sequence[str] = (),
) -> DeclarationLogged:
    """Declare a conversation; `by`: a role, initials or a login; times as the plan takes them, also as text.

    Raises ConversationRefused.
    """
    given: Mapping[str, Any] = {
        "name": name, "label": label, "tags": tuple(tags), "hosts": tuple(hosts), "begins": begins, "ends": ends,
        "baseline_days": baseline_days, "sources": tuple(sources),
    }  # fmt: skip
    try:
        plan = ConversationPlan.model_validate({key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        raise ConversationRefused("\n".join(conversation_plans.faults(error))) from None
    _refuse_names(plan, tags)
    there, unknown = registered_hosts(plan.hosts)
    if unknown:
        raise ConversationRefused(
            f"hosts: no registry has number {', '.join(map(str, unknown))} of {len(plan.hosts)}. Give organisations as "
            "the column organisation_label of organisation_accounts.csv has them, or ids of services.csv."
        )
    if any(isinstance(one, ConversationPlan) and one.name == plan.name for one in settings.conversations):
        raise ConversationRefused(f"the settings file declares '{plan.name}', and it holds. Change it there.")
    plan = plan.model_copy(update={"hosts": tuple(there)})
    try:
        conversations.declare(settings, plan.name, by, plan.model_dump(mode="json", exclude={"name"}))
    except AlreadyDeclared as before:
        raise ConversationRefused(
            f"'{plan.name}' was declared on {before.first.at:%d %B %Y} by {before.first.by}. Withdraw it first, or "
            "give this one another name."
        ) from None
    return DeclarationLogged(done="declared", about=plan.name, by=by)


def withdraw(settings: Settings, name: str, by: str) -> DeclarationLogged:
    """Withdraw a conversation that was declared so. What was collected stays. Raises ConversationRefused."""
    if not conversations.withdraw(settings, name, by):
        if any(isinstance(one, ConversationPlan) and one.name == name for one in settings.conversations):
            raise ConversationRefused("the settings file declares it: take it out there.")
        raise ConversationRefused("nobody has declared a conversation of this name, or it is withdrawn already.")
    return DeclarationLogged(done="withdrawn", about=name, by=by)


def dismiss(settings: Settings, tag: str, by: str) -> DeclarationLogged:
    """Say that a tag whose traffic rose is no conversation. Raises ConversationRefused."""
    _refuse_tag(tag)
    bare = tag_name(tag)
    if not conversation_plans.TAG.fullmatch(bare):
        raise ConversationRefused("a hashtag is one word of letters and digits.")
    conversations.dismiss(settings, bare, by)
    return DeclarationLogged(done="dismissed", about=bare, by=by)


def _refuse_names(plan: ConversationPlan, tags: Sequence[str]) -> None:
    if not names_nobody(plan.name):
        raise ConversationRefused(f"name: it may name somebody. Choose one of ordinary words. {_IN_SETTINGS}")
    for tag in tags:
        _refuse_tag(tag)
    if plan.label is not None:
        words = without_identifiers(plan.label)
        if words.kept is None or words.taken_out:
            raise ConversationRefused("label: it may name somebody. Say what is talked about, and not who.")


def _refuse_tag(tag: str) -> None:
    """Raise ConversationRefused for a tag that may name somebody, by its capitals where it has any."""
    own = {tag_key(word) for service in named_services() for word in service.hashtags}
    if tag_key(tag) not in own and not names_nobody(plain(tag).strip().lstrip("#")):
        raise ConversationRefused(
            "tag: it may name somebody. Write it with capitals where its words begin, such as #MaternityHour: that "
            f"tells what it says. {_IN_SETTINGS}"
        )
