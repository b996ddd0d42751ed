"""Permission: whether a source may be read, and what is still missing.

A source stays closed while `[governance]` or `[sources.<name>.governance]` is incomplete or contradicts itself, and
while answers of the fictional trust stand over comments of another one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import get_args

from wordround.errors import GovernanceIncomplete
from wordround.folders import documentation
from wordround.governance import (
    CONDITIONS,
    FICTIONAL_TRUST,
    LAWFUL_BASES,
    Governance,
    Purpose,
    SourceGovernance,
    is_fictional,
)
from wordround.settings import Settings, Trust

_A_PERSON = re.compile(r"@|\b(dr|mr|mrs|ms|miss|mx|prof|professor|sir|dame)\b\.?\s+\S", re.IGNORECASE)
# Two or three names and no word of a role or a group: "Joan Pike", and not "Caldicott Guardian".
_NAMES_ALONE = re.compile(r"[A-Z][a-z'-]+(?: [A-Z][a-z'-]+){1,2}")
_OF_ROLES = re.compile(
    r"office|group|committee|board|team|lead|guardian|director|department|manager|chair|head|panel|unit|service|network"
    r"|council|govern|research|audit|quality|governance|chief|nurse|medical|trust|sponsor|ethics|executive",
    re.IGNORECASE,
)

_NO_BASIS = {
    "6(1)(b)": "nobody has a contract with the trust about feedback. Usually 6(1)(e), public task",
    "6(1)(d)": "no life depends on a routine feedback channel. Usually 6(1)(e), public task",
    "6(1)(f)": "a public authority may not rely on it for its tasks (Article 6(1), last sentence). Use 6(1)(e)",
}
_NO_CONDITION = {
    "9(2)(b)": "reading feedback is no duty of employment or social security law. Usually 9(2)(h)",
    "9(2)(c)": "no life depends on a routine feedback channel. Usually 9(2)(h)",
    "9(2)(d)": "it is for political, philosophical, religious and trade-union bodies. Usually 9(2)(h)",
    "9(2)(f)": "a routine feedback channel serves no legal claim. Usually 9(2)(h)",
}
_FOR_RESEARCH = {"9(2)(a)", "9(2)(e)", "9(2)(j)"}

_WANTED = {
    "controller": "name the organisation that decides why and how comments are used",
    "contact": "say how to reach its data protection officer: a role and an address, not a person",
    "dpia_reference": "give the reference of the signed impact assessment "
    f"(a start: {documentation('privacy/dpia.md')})",
    "privacy_notice_url": "give the https address of the published notice "
    f"(a template: {documentation('privacy/notice.md')})",
    "lawful_basis_article_6": 'give the lawful basis, such as "6(1)(e)"',
    "condition_article_9": 'comments speak of health: give the Article 9 condition, such as "9(2)(h)"',
    "retention_days": "say after how many days the text is erased",
    "purpose": "record the outcome of the research-or-evaluation question: " + ", ".join(get_args(Purpose)),
    "purpose_decided_on": "give the day of that decision",
    "purpose_decided_by": "give the role or group that decided it, not a person",
}
_OF_THE_TRUST = ("controller", "contact", "dpia_reference", "privacy_notice_url", "dpia_reviewed_on")


@dataclass(frozen=True)
class Problem:
    """One reason for which a source may not be read: the key in the settings, and what is wrong and what to do."""

    key: str
    says: str


def problems(settings: Settings, source: str, today: date | None = None) -> list[Problem]:
    """Return every reason for which a source may not be read, by key; empty where it may."""
    block = settings.sources.named(source)
    held = Governance.of(settings.governance, block.governance)
    found = [*_missing(held), *_contradictions(held, block.is_public, today or date.today())]
    if settings.trust.code != FICTIONAL_TRUST:
        found += _fictional(held)
    places = {name: f"sources.{source}.governance.{name}" for name in SourceGovernance.model_fields}
    places |= {name: f"governance.{name}" for name in _OF_THE_TRUST if getattr(block.governance, name, None) is None}
    return [*_of_the_trust(settings.trust), *(Problem(places[problem.key], problem.says) for problem in found)]


def require(settings: Settings, source: str) -> None:
    """Raise GovernanceIncomplete, which names every key and what to do, unless the source may be read."""
    found = problems(settings, source)
    if not found:
        return
    raise GovernanceIncomplete(source, str(settings.environment.config), [(each.key, each.says) for each in found])


def _missing(held: Governance) -> Iterator[Problem]:
    for name, wanted in _WANTED.items():
        if getattr(held, name) is None:
            yield Problem(name, f"is missing: {wanted}.")
    if held.purpose == "research" and held.research_approval_reference is None:
        says = "is missing: research needs the approval of a research ethics committee or the HRA; give its reference."
        yield Problem("research_approval_reference", says)


def _contradictions(held: Governance, is_public: bool, today: date) -> Iterator[Problem]:
    basis, condition = held.lawful_basis_article_6 or "", held.condition_article_9 or ""
    if basis in _NO_BASIS:
        yield Problem("lawful_basis_article_6", f"{basis} ({LAWFUL_BASES[basis]}): {_NO_BASIS[basis]}.")
    if condition in _NO_CONDITION:
        says = f"{condition} ({CONDITIONS[condition]}): {_NO_CONDITION[condition]}."
        yield Problem("condition_article_9", says)
    if condition == "9(2)(e)" and not is_public:
        says = "9(2)(e) is for what people made public themselves; these answers were given to the trust alone."
        yield Problem("condition_article_9", f"{says} Usually 9(2)(h).")
    if condition == "9(2)(j)" and held.purpose not in (None, "research"):
        says = f"9(2)(j) is for research, and `purpose` says {held.purpose}. Use 9(2)(h), or record research."
        yield Problem("condition_article_9", says)
    if held.purpose == "research" and condition and condition not in _FOR_RESEARCH | set(_NO_CONDITION):
        says = f"{condition} ({CONDITIONS[condition]}) does not cover research. Use 9(2)(j), or 9(2)(a) with consent."
        yield Problem("condition_article_9", says)
    if held.purpose_decided_by and _names_a_person(held.purpose_decided_by):
        says = "names a person, and it is published. Give the role or group, such as research and development office."
        yield Problem("purpose_decided_by", says)
    for name in ("purpose_decided_on", "dpia_reviewed_on"):
        if (day := getattr(held, name)) and day > today:
            yield Problem(name, f"{day} lies in the future. Give the day on which it happened.")


def _names_a_person(decided_by: str) -> bool:
    is_names = _NAMES_ALONE.fullmatch(decided_by.strip()) and not _OF_ROLES.search(decided_by)
    return bool(_A_PERSON.search(decided_by) or is_names)


def _fictional(held: Governance) -> Iterator[Problem]:
    for name, value in held.values().items():
        if is_fictional(value):
            yield Problem(name, "is the fictional trust's, and trust.code is not. Give your own.")


def _of_the_trust(trust: Trust) -> Iterator[Problem]:
    if trust.code != FICTIONAL_TRUST and is_fictional(trust.name):
        yield Problem("trust.name", "is the fictional trust's, and trust.code is not. Give your own.")
    if is_fictional(trust.code):
        yield Problem("trust.code", "is not answered. Give your ODS code, such as RXX.")
    if trust.code == FICTIONAL_TRUST and not is_fictional(trust.name):
        yield Problem("trust.code", f"{FICTIONAL_TRUST} is the fictional trust's. Give your own ODS code.")
