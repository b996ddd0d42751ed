"""Whether each source may be read, whose answers those are, how old they are, and whether what is published agrees.

What is published is looked at in `dim_sources` and `dim_services`, where there are any.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from wordround.collect import permission
from wordround.doctor.finding import Finding, attention, missing, ok
from wordround.errors import NothingPublished, PublicationUnusable
from wordround.folders import documentation
from wordround.governance import FICTIONAL_TRUST, Governance
from wordround.published.database import published_warehouse
from wordround.settings import Settings

_REVIEW_AFTER_DAYS = 366


def governance(settings: Settings, today: date) -> Iterator[Finding]:
    """Look at every source of the settings, also those that are switched off."""
    published = _published(settings)
    for name, source in settings.sources:
        held = settings.governance_of(name)
        found = permission.problems(settings, name, today)
        for problem in found:
            who = documentation("privacy.md#who-decides-what")
            about = (f"[{problem.key}] {problem.says}", f"Answer in wordround.toml; {who} says who decides.")
            yield missing("governance", name, *about) if source.enabled else attention("governance", name, *about)
        if not found:
            yield ok("governance", name, f"is complete: {held.lawful_basis_article_6}, {held.condition_article_9}")
            yield from _whose(name, held, published)
            yield from _age(name, held, today)
            yield from _as_published(name, held, published)


def _whose(name: str, held: Governance, published: dict[str, Any]) -> Iterator[Finding]:
    if not held.is_fictional:
        return
    others = sorted(published.get("trusts", set()) - {FICTIONAL_TRUST})
    if others:
        says = f"the fictional trust's answers stand over comments of {', '.join(others)}"
        to_do = "Put the trust's own code and answers into wordround.toml, or take its comments out: wordround erase."
        yield missing("governance", name, says, to_do)
    else:
        says = "the answers are the fictional trust's, which is right for the demo alone"
        yield attention("governance", name, says, "Put your own trust, code and answers into wordround.toml.")


def _age(name: str, held: Governance, today: date) -> Iterator[Finding]:
    reviewed = held.dpia_reviewed_on
    if reviewed is None:
        says = "when the impact assessment was last reviewed is not said"
        yield attention("governance", name, says, "Give the day as dpia_reviewed_on under [governance].")
    elif (today - reviewed).days > _REVIEW_AFTER_DAYS:
        says = f"the impact assessment was last reviewed on {reviewed}, more than a year ago"
        to_do = f"Review it ({documentation('privacy/dpia.md')}), then set dpia_reviewed_on."
        yield attention("governance", name, says, to_do)


def _as_published(name: str, held: Governance, published: dict[str, Any]) -> Iterator[Finding]:
    stated = published.get("sources", {}).get(name)
    if stated is None:
        return
    differing = [field for field, value in held.values().items() if stated.get(field) != value]
    if differing:
        says = f"what is published states other answers: {', '.join(differing)}"
        yield attention("governance", name, says, "wordround run, or wait for tomorrow's: it publishes the new ones.")


def _published(settings: Settings) -> dict[str, Any]:
    """What the published file states of each source, and whose comments it holds; empty where it cannot be read."""
    try:
        with published_warehouse(settings) as connection:
            answer = connection.execute("select * from marts.dim_sources")
            names = [column[0] for column in answer.description]
            sources = {row[names.index("source_code")]: dict(zip(names, row, strict=True)) for row in answer.fetchall()}
            trusts = connection.execute(
                "select distinct trust_code from marts.dim_services where comment_count > 0"
            ).fetchall()
    except (NothingPublished, PublicationUnusable):
        return {}  # freshness says whether it is there; an analyst may hold it open for writing
    return {"sources": sources, "trusts": {code for (code,) in trusts}}
