"""On what authority the comments behind a report are read, in words for its footer.

Comes in: rows of the published `dim_sources` and `dim_services`. Goes out: one statement a source, ready to be shown,
and the addresses of the privacy notices. Refuses to make a link of anything but an https address, and to let the
invented answers of the fictional trust stand under another one's comments.
"""

from datetime import date
from typing import Any

from wordround.governance import CONDITIONS, FICTIONAL_TRUST, LAWFUL_BASES, is_fictional
from wordround.plain_text import one_line
from wordround.published import wording

Row = dict[str, Any]

_DAYS_A_YEAR = 365.25

PURPOSES = {
    "service_evaluation": "service evaluation",
    "audit": "audit",
    "usual_practice": "usual practice",
    "research": "research",
}


def statements(sources: list[Row], services: list[Row]) -> list[dict[str, Any]]:
    """Return what is to be said of each source that has comments: {source, notice, lines}."""
    return [
        {
            "source": one_line(source["source_label"]),
            "notice": _notice(source, services),
            "lines": _lines(source, services),
        }
        for source in sources
        if source["comment_count"]
    ]


def notices(sources: list[Row], services: list[Row]) -> list[str]:
    """Return the addresses of the privacy notices of sources that have comments, each once."""
    found = (_notice(source, services) for source in sources if source["comment_count"])
    return list(dict.fromkeys(address for address in found if address))


def _is_another_trusts(source: Row, services: list[Row]) -> bool:
    """Whether invented answers would stand under the comments of a trust that exists."""
    heard = {service["trust_code"] for service in services if service["comment_count"]}
    return bool(heard - {FICTIONAL_TRUST}) and any(is_fictional(value) for value in source.values())


def _notice(source: Row, services: list[Row]) -> str | None:
    address = str(source.get("privacy_notice_url") or "")
    is_sound = address.startswith("https://") and not any(c.isspace() for c in address)
    return address if is_sound and not _is_another_trusts(source, services) else None


def _lines(source: Row, services: list[Row]) -> list[str]:
    if not source.get("lawful_basis_article_6"):
        return ["On what authority these comments are read was not recorded."]
    if _is_another_trusts(source, services):
        return ["The authority on record is that of the fictional trust and does not cover these comments."]
    basis, condition = source["lawful_basis_article_6"], source["condition_article_9"]
    lines = [
        f"Data controller: {source['controller']}. Contact: {source['contact']}.",
        f"Impact assessment: {source['dpia_reference']}{_on(', reviewed on', source.get('dpia_reviewed_on'))}.",
        f"Lawful basis: UK GDPR Article {basis} ({LAWFUL_BASES.get(basis, 'unknown')}) and "
        f"Article {condition} ({CONDITIONS.get(condition, 'unknown')}).",
        f"Purpose: {_purpose(source)}, decided{_on(' on', source['purpose_decided_on'])} by "
        f"{source['purpose_decided_by']}.",
        f"The text of a comment is kept for {_period(source['retention_days'])}; figures stay.",
    ]
    return [one_line(line) for line in lines]


def _purpose(source: Row) -> str:
    approval = source.get("research_approval_reference")
    said = PURPOSES.get(source["purpose"], "unknown")
    return f"{said} ({approval})" if approval else said


def _on(words: str, day: date | None) -> str:
    return f"{words} {wording.day(day)}" if day else ""


def _period(days: int) -> str:
    years = round(days / _DAYS_A_YEAR)
    return f"{days:,} days (about {wording.counted(years, 'year')})" if days >= _DAYS_A_YEAR else f"{days} days"
