"""On what authority the comments behind a report are read, in words for its footer.

Nothing but an https address becomes a link, and the invented answers of the fictional trust never stand under the
comments of another one.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date

from wordround.governance import CONDITIONS, FICTIONAL_TRUST, LAWFUL_BASES, is_fictional
from wordround.plain_text import label as as_label
from wordround.published import wording
from wordround.published.tables import Service, Source

_DAYS_A_YEAR = 365.25

PURPOSES = {
    "service_evaluation": "service evaluation",
    "audit": "audit",
    "usual_practice": "usual practice",
    "research": "research",
}


@dataclass(frozen=True)
class Statement:
    """What is stated of one source: its label, the address of its privacy notice, and sentences."""

    source: str
    notice: str | None
    lines: list[str]


def statements(sources: Sequence[Source], services: Sequence[Service]) -> list[Statement]:
    """Return one statement for each source that has comments."""
    return [
        Statement(as_label(source.source_label), _notice(source, services), _lines(source, services))
        for source in sources
        if source.comment_count
    ]


def notices(sources: Sequence[Source], services: Sequence[Service]) -> list[str]:
    """Return the addresses of the privacy notices of sources that have comments, each once."""
    found = (_notice(source, services) for source in sources if source.comment_count)
    return list(dict.fromkeys(address for address in found if address))


def _is_another_trusts(source: Source, services: Sequence[Service]) -> bool:
    """Whether invented answers would stand under the comments of a trust that exists."""
    trusts = {service.trust_code for service in services if service.comment_count}
    return bool(trusts - {FICTIONAL_TRUST}) and any(is_fictional(value) for value in astuple(source))


def _notice(source: Source, services: Sequence[Service]) -> str | None:
    address = source.privacy_notice_url or ""
    is_sound = address.startswith("https://") and not any(c.isspace() for c in address)
    return address if is_sound and not _is_another_trusts(source, services) else None


def _lines(source: Source, services: Sequence[Service]) -> list[str]:
    basis, condition = source.lawful_basis_article_6, source.condition_article_9
    if not basis:
        return ["On what authority these comments are read was not recorded."]
    if _is_another_trusts(source, services):
        return ["The authority on record is that of the fictional trust and does not cover these comments."]
    lines = [
        f"Data controller: {source.controller}. Contact: {source.contact}.",
        f"Impact assessment: {source.dpia_reference}{_on(', reviewed on', source.dpia_reviewed_on)}.",
        f"Lawful basis: UK GDPR Article {basis} ({LAWFUL_BASES.get(basis, 'unknown')}) and "
        f"Article {condition} ({CONDITIONS.get(condition or '', 'unknown')}).",
        f"Purpose: {_purpose(source)}, decided{_on(' on', source.purpose_decided_on)} by {source.purpose_decided_by}.",
    ]
    if source.retention_days is not None:
        lines.append(f"The text of a comment is kept for {_period(source.retention_days)}; figures stay.")
    return [as_label(line) for line in lines]


def _purpose(source: Source) -> str:
    purpose, approval = PURPOSES.get(source.purpose or "", "unknown"), source.research_approval_reference
    return f"{purpose} ({approval})" if approval else purpose


def _on(words: str, day: date | None) -> str:
    return f"{words} {wording.day(day)}" if day else ""


def _period(days: int) -> str:
    years = round(days / _DAYS_A_YEAR)
    return f"{days:,} days (about {wording.counted(years, 'year')})" if days >= _DAYS_A_YEAR else f"{days} days"
