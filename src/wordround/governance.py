"""Governance: on what authority each source is read, for how long it is kept, and who has said so.

Comes in: the blocks `[governance]` and `[sources.<name>.governance]` of the settings, all of whose keys may be missing.
Goes out: what is in force for a source, and everything that still keeps it from being read.
Refuses: to let a source run that lacks an answer, whose answers contradict each other, or whose answers are those of
the fictional trust while the comments are another one's.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from wordround.errors import GovernanceIncomplete

if TYPE_CHECKING:
    from wordround.settings import Settings, Trust

FICTIONAL_TRUST = "XFV"

Article6 = Literal["6(1)(a)", "6(1)(b)", "6(1)(c)", "6(1)(d)", "6(1)(e)", "6(1)(f)"]
Article9 = Literal[
    "9(2)(a)", "9(2)(b)", "9(2)(c)", "9(2)(d)", "9(2)(e)", "9(2)(f)", "9(2)(g)", "9(2)(h)", "9(2)(i)", "9(2)(j)"
]  # fmt: skip
Purpose = Literal["service_evaluation", "audit", "usual_practice", "research"]

# The short names that the Information Commissioner's Office gives them.
LAWFUL_BASES: dict[str, str] = {
    "6(1)(a)": "consent",
    "6(1)(b)": "contract",
    "6(1)(c)": "legal obligation",
    "6(1)(d)": "vital interests",
    "6(1)(e)": "public task",
    "6(1)(f)": "legitimate interests",
}
CONDITIONS: dict[str, str] = {
    "9(2)(a)": "explicit consent",
    "9(2)(b)": "employment, social security and social protection",
    "9(2)(c)": "vital interests",
    "9(2)(d)": "not-for-profit bodies",
    "9(2)(e)": "made public by the data subject",
    "9(2)(f)": "legal claims or judicial acts",
    "9(2)(g)": "reasons of substantial public interest",
    "9(2)(h)": "health or social care",
    "9(2)(i)": "public health",
    "9(2)(j)": "archiving, research and statistics",
}

_RESERVED = re.compile(r"\.(example|test|invalid|localhost)\b|\bexample\.(com|net|org)\b", re.IGNORECASE)
_A_PERSON = re.compile(r"@|\b(dr|mr|mrs|ms|miss|mx|prof|professor|sir|dame)\b\.?\s+\S", re.IGNORECASE)

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
    "dpia_reference": "give the reference of the signed impact assessment (a start: docs/privacy/dpia.md)",
    "privacy_notice_url": "give the https address of the published notice (a template: docs/privacy/notice.md)",
    "lawful_basis_article_6": 'give the lawful basis, such as "6(1)(e)"',
    "condition_article_9": 'comments speak of health: give the Article 9 condition, such as "9(2)(h)"',
    "retention_days": "say after how many days the text is erased",
    "purpose": "record the outcome of the research-or-evaluation question: " + ", ".join(get_args(Purpose)),
    "purpose_decided_on": "give the day of that decision",
    "purpose_decided_by": "give the role or group that decided it, not a person",
}
_OF_THE_TRUST = ("controller", "contact", "dpia_reference", "privacy_notice_url", "dpia_reviewed_on")


class Block(BaseModel):
    """A block of the settings file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _https(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname or re.search(r"[\s<>\"']", address):
        raise ValueError("must be an address that begins with https://, as people can open it")
    return address


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
HttpsAddress = Annotated[str, AfterValidator(_https)]
RetentionDays = Annotated[int, Field(ge=1, le=3653)]


class TrustGovernance(Block):
    """What holds for every source of the trust."""

    controller: Words | None = None
    contact: Words | None = None
    dpia_reference: Words | None = None
    dpia_reviewed_on: date | None = None
    privacy_notice_url: HttpsAddress | None = None


class SourceGovernance(Block):
    """What holds for one source; the last three stand in for the trust's where they are given."""

    lawful_basis_article_6: Article6 | None = None
    condition_article_9: Article9 | None = None
    retention_days: RetentionDays | None = None
    purpose: Purpose | None = None
    purpose_decided_on: date | None = None
    purpose_decided_by: Words | None = None
    research_approval_reference: Words | None = None
    dpia_reference: Words | None = None
    dpia_reviewed_on: date | None = None
    privacy_notice_url: HttpsAddress | None = None


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a source from being read: the key in the settings, and what is wrong and what to do."""

    key: str
    says: str


@dataclass(frozen=True)
class Governance:
    """What is in force for one source. Field names are those of the settings, the warehouse and `dim_sources`."""

    controller: str | None
    contact: str | None
    dpia_reference: str | None
    dpia_reviewed_on: date | None
    privacy_notice_url: str | None
    lawful_basis_article_6: str | None
    condition_article_9: str | None
    retention_days: int | None
    purpose: str | None
    purpose_decided_on: date | None
    purpose_decided_by: str | None
    research_approval_reference: str | None

    @classmethod
    def of(cls, trust: TrustGovernance, source: SourceGovernance) -> "Governance":
        """The source's answers over the trust's."""
        given = {name: value for name, value in source.model_dump().items() if value is not None}
        return cls(**(dict.fromkeys(cls.__dataclass_fields__) | trust.model_dump() | given))

    def values(self) -> dict[str, Any]:
        """Every field by name."""
        return asdict(self)

    @property
    def is_fictional(self) -> bool:
        """At least one answer is marked as invented."""
        return any(is_fictional(value) for value in self.values().values())


def is_fictional(value: object) -> bool:
    """Whether a value says of itself that it is invented: the word, or a domain that is reserved for examples."""
    return isinstance(value, str) and ("fictional" in value.casefold() or bool(_RESERVED.search(value)))


def problems(settings: "Settings", source: str, today: date | None = None) -> list[Problem]:
    """Return everything that keeps a source from being read, by key; empty where it may be."""
    block = settings.sources.named(source)
    held = Governance.of(settings.governance, block.governance)
    found = [*_missing(held), *_contradictions(held, block.is_public, today or date.today())]
    if settings.trust.code != FICTIONAL_TRUST:
        found += _fictional(held)
    places = {name: f"sources.{source}.governance.{name}" for name in SourceGovernance.model_fields}
    places |= {name: f"governance.{name}" for name in _OF_THE_TRUST if getattr(block.governance, name, None) is None}
    return [*_whose(settings.trust), *(Problem(places[problem.key], problem.says) for problem in found)]


def require(settings: "Settings", source: str) -> None:
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
    if held.purpose_decided_by and _A_PERSON.search(held.purpose_decided_by):
        says = "names a person, and it is published. Give the role or group, such as research and development office."
        yield Problem("purpose_decided_by", says)
    for name in ("purpose_decided_on", "dpia_reviewed_on"):
        if (day := getattr(held, name)) and day > today:
            yield Problem(name, f"{day} lies in the future. Give the day on which it happened.")


def _fictional(held: Governance) -> Iterator[Problem]:
    for name, value in held.values().items():
        if is_fictional(value):
            yield Problem(name, "is the fictional trust's, and trust.code is not. Give your own.")


def _whose(trust: "Trust") -> Iterator[Problem]:
    if trust.code != FICTIONAL_TRUST and is_fictional(trust.name):
        yield Problem("trust.name", "is the fictional trust's, and trust.code is not. Give your own.")
    if trust.code == FICTIONAL_TRUST and not is_fictional(trust.name):
        yield Problem("trust.code", f"{FICTIONAL_TRUST} is the fictional trust's. Give your own ODS code.")
