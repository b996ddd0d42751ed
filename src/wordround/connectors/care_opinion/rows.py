"""What a story of Care Opinion says, field by field; whatever is missing or unknown is None. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wordround.comments import Comment, Origin, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item, Window
from wordround.connectors.asking.parts import name, names, part, parts, words, written
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
# Where a story was told first, as the source names it: the NHS website, whose reviews it republishes.
_ORIGINS: Mapping[str, Origin] = {"nhsc": "nhs_website"}
_MOST_STARS = 5


def published(story: Any) -> datetime | None:
    """Return when a story was published, None where it does not say."""
    return texts.moment_or_none(part(story).get("dateOfPublication"))


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
    known = [service for service in parts(services) if name(service.get("name"))]
    if not known:
        return None, ()
    sites = [service for service in known if service.get("type") in _SITES]
    wards = [service for service in known if service not in sites and service.get("type") != "organisation"]
    chosen = next(iter(wards or sites or known))
    code = name(chosen.get("siteNacs")) or (name(chosen.get("nacs")) if chosen in sites else None)
    of_the_site = [site["name"] for site in sites if code and code in (site.get("nacs"), site.get("siteNacs"))]
    labels = names([chosen.get("organisation"), *of_the_site[:1], chosen["name"]])
    return code, tuple(dict.fromkeys(map(one_line, labels)))


def item_of(story: Mapping[str, Any], services: Sequence[Any], trust_code: str, query_id: str) -> Item:
    """Return a story as a comment, or as refused; `services`: names of those that it is about, where they came along.

    Raises ValueError where it has no id or no date of publication.
    """
    if is_withdrawn(story):
        return Refused("removed")
    surfaced = texts.moment(story["dateOfPublication"])
    submitted = texts.moment_or_none(story.get("dateOfSubmission")) or surfaced
    posted = min(submitted, surfaced)
    text, links = texts.text_of_markdown(written(story.get("body")))
    title = plain(words(story.get("title")))
    site_code, locations = places(services) if services else linked_place(story)
    stars = rating(story)
    return Comment(
        native_id=_own_id(story["id"]),
        kind="story",
        posted_on=texts.day_of(posted),
        # Some stories stand in the title alone.
        text=text or title,
        title=(title or None) if text else None,
        trust_code=trust_code,
        posted_at=posted,
        surfaced_at=surfaced,
        is_date_corrected=submitted > surfaced,
        author_role=role(story.get("authorRole")),
        rating=stars,
        rating_max=stars and _MOST_STARS,
        rating_note=criticality(story.get("criticality")),
        site_code=site_code,
        locations=locations,
        hashtags=tags(story),
        link_domains=texts.domains_of([*links, *texts.links_in(text)]),
        # What the organisation answered is not the public's voice: only that it did is kept.
        replies=len(linked(story, "response")),
        origin=_ORIGINS.get(words(story.get("source")).lower()),
        query_id=query_id,
    )


def linked(story: Mapping[str, Any], relation: str) -> list[dict[str, Any]]:
    """Return the links of a story of one relation; old answers call it `rel`, newer ones `relation`."""
    return [link for link in parts(story.get("links")) if relation in (link.get("rel"), link.get("relation"))]


def linked_place(story: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...]]:
    """Return (ODS code of the site, code of the service) of the first service that a story links to.

    A code is that of a site, or with a speciality behind it (`RP5DR_110`): the one that says more comes first.
    """
    codes = names([link.get("id") for link in linked(story, "healthservice")])
    code = next((code for code in codes if "_" in code), next(iter(codes), None))
    return (code.partition("_")[0], (code,)) if code else (None, ())


def rating(story: Mapping[str, Any]) -> int | None:
    """Return the stars, 1 to 5, that were given to the service."""
    scores = (texts.count(link.get("score")) for link in linked(story, "healthservice"))
    return next((score for score in scores if score is not None and 1 <= score <= _MOST_STARS), None)


def tags(story: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags of a story, each in one word."""
    given = names([link.get("id") for link in linked(story, "tag")])
    return tuple(dict.fromkeys("-".join(plain(tag).split()) for tag in given))


def _own_id(given: object) -> str:
    """Return the id of a story, a number or a text. Raises ValueError for anything else."""
    if given in (None, "") or isinstance(given, bool) or not isinstance(given, str | int):
        raise ValueError("no id")
    return str(given)
