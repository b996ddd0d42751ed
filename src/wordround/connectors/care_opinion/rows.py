"""What a story of Care Opinion says, field by field; whatever is missing or unknown is None. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wordround.comments import Comment, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item, Window
from wordround.plain_text import one_line, plain

_ROLES = (
    (re.compile(r"\bstaff\b|\bprofessional\b"), "staff"),
    (re.compile(r"\bcarer\b|\bparent\b|\bguardian\b|\brelative\b"), "carer"),
    (re.compile(r"\bpatient\b|\bservice user\b"), "patient"),
)
_CRITICALITIES = frozenset(
    f"{degree} critical" for degree in ("not", "minimally", "mildly", "moderately", "strongly", "severely")
)
_GONE = re.compile(r"withdrawn|removed|deleted|unpublished")
_SITES = ("hospital", "site")


def published(story: Any) -> datetime | None:
    """Return when a story was published, None where it does not say."""
    try:
        return texts.moment(story["dateOfPublication"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def is_later(story: Any, window: Window) -> bool:
    """Whether a story was published after a window."""
    when = published(story)
    return when is not None and when >= window.until


def is_withdrawn(story: Mapping[str, Any]) -> bool:
    """Whether a story says that it is no longer published."""
    return bool(_GONE.search(str(story.get("progress") or "").lower()))


def role(stated: Any) -> str | None:
    """Return the role that the author states. Staff who post for a patient are staff: the words are theirs."""
    wording = one_line(str(stated or "")).lower()
    return next((role for words, role in _ROLES if words.search(wording)), None)


def criticality(stated: Any) -> str | None:
    """Return the moderator's view of the most critical statement as a note; null and unknown words are none."""
    wording = one_line(str(stated or "")).lower()
    return f"criticality_{wording.replace(' ', '_')}" if wording in _CRITICALITIES else None


def places(services: Sequence[Any]) -> tuple[str | None, tuple[str, ...]]:
    """Return (ODS code of the site, names from the organisation to the service) of the first service that is named."""
    known = [service for service in services if isinstance(service, dict) and service.get("name")]
    if not known:
        return None, ()
    sites = [service for service in known if service.get("type") in _SITES]
    wards = [service for service in known if service not in sites and service.get("type") != "organisation"]
    chosen = next(iter(wards or sites or known))
    code = chosen.get("siteNacs") or (chosen.get("nacs") if chosen in sites else None)
    of_the_site = [site["name"] for site in sites if code and code in (site.get("nacs"), site.get("siteNacs"))]
    names = [chosen.get("organisation"), *of_the_site[:1], chosen["name"]]
    return code, tuple(dict.fromkeys(one_line(str(name)) for name in names if name))


def item_of(story: Mapping[str, Any], services: Sequence[Any], trust_code: str, query_id: str) -> Item:
    """Return a story as a comment, or as refused; `services` are those that it is about."""
    if is_withdrawn(story):
        return Refused("removed")
    surfaced = texts.moment(story["dateOfPublication"])
    submitted = texts.moment(story.get("dateOfSubmission") or story["dateOfPublication"])
    posted = min(submitted, surfaced)
    text, links = texts.text_of_markdown(story["body"])
    site_code, locations = places(services)
    return Comment(
        native_id=str(story["id"]),
        kind="story",
        posted_on=texts.day_of(posted),
        text=text,
        title=plain(story.get("title") or "") or None,
        trust_code=trust_code,
        posted_at=posted,
        surfaced_at=surfaced,
        is_date_corrected=submitted > surfaced,
        author_role=role(story.get("authorRole")),
        rating_note=criticality(story.get("criticality")),
        site_code=site_code,
        locations=locations,
        link_domains=texts.domains_of([*links, *texts.links_in(text)]),
        query_id=query_id,
    )
