"""Governance: on what authority each source is read, for how long its text is kept, and who decided so.

Only the answers are here: the blocks `[governance]` and `[sources.<name>.governance]` of the settings, of which any key
may be missing, and those in force for a source. Whether they suffice to read it: `collect/permission.py`.
"""

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

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


class Block(BaseModel):
    """A block of the settings file: frozen, and an unknown key is an error.

    Its validator is built at its first use, because a process uses few of the dozen sources' blocks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _https(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname or re.search(r"[\s<>\"']", address):
        raise ValueError("must be an address that begins with https://, as people can open it")
    return address


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
HttpsAddress = Annotated[str, AfterValidator(_https)]
RetentionDays = Annotated[int, Field(ge=1, le=3653)]


class TrustGovernance(Block):
    """Answers for all sources of the trust."""

    controller: Words | None = None
    contact: Words | None = None
    dpia_reference: Words | None = None
    dpia_reviewed_on: date | None = None
    privacy_notice_url: HttpsAddress | None = None


class SourceGovernance(Block):
    """Answers for one source; the last three replace the trust's where they are set."""

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
class Governance:
    """The answers in force for one source. Field names are those of the settings, the warehouse and `dim_sources`."""

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
        """Put the source's answers over the trust's."""
        own = {name: value for name, value in source.model_dump().items() if value is not None}
        return cls(**(dict.fromkeys(cls.__dataclass_fields__) | trust.model_dump() | own))

    def values(self) -> dict[str, Any]:
        """Every field by name."""
        return asdict(self)

    @property
    def is_fictional(self) -> bool:
        """Whether any answer is marked as invented."""
        return any(is_fictional(value) for value in self.values().values())


def is_fictional(value: object) -> bool:
    """Whether a value is marked as invented: by the word "fictional", or by a domain reserved for examples."""
    return isinstance(value, str) and ("fictional" in value.casefold() or bool(_RESERVED.search(value)))
