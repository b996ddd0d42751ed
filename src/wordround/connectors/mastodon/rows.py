"""A status of Mastodon, as the comment that it becomes, or why it may not become one.

Pure: comes in what a server answers (the entities `Status` and `Account`), goes out a comment.
"""

import re
from datetime import datetime
from typing import Any

from wordround.comments import Comment, Kind
from wordround.connectors.asking import texts
from wordround.plain_text import plain

_ID_AT_HOME = re.compile(r"/statuses/(\w+)(?:/activity)?$")
# In what people write about themselves, as the server marks it up.
_ASKS_NOT = re.compile(r"#(?:<[^>]*>)?no-?(?:bots?|index|search|archive|scrap(?:e|ing)|research)\b", re.IGNORECASE)


def comment_of(status: dict[str, Any], known: dict[str, str], host: str) -> Comment:
    """Return the comment of a status, without the trust and the query that it belongs to.

    `host`: the server that showed it, to whose own accounts it gives short names. `known`: addresses by its ids.
    """
    posted = texts.moment(status["created_at"])
    author = full_name(status["account"]["acct"], host)
    text, links = texts.text_of_html(status["content"])
    links += [card["url"] for card in [status.get("card") or {}] if card.get("url")]
    boosted, quoted = (status.get("reblog") or {}).get("uri"), _quoted(status)
    kind: Kind = "quote" if quoted else "reply" if status.get("in_reply_to_id") else "post"
    return Comment(
        native_id=status["uri"],
        kind=kind,
        posted_on=texts.day_of(posted),
        text=None if boosted or (quoted and not text) else text,
        title=None if boosted else plain(status.get("spoiler_text") or "") or None,
        trust_code="",
        author_id=author,
        author_handle=author,
        posted_at=posted,
        edited_at=moment_or_none(status.get("edited_at")),
        language=status.get("language"),
        hashtags=_hashtags(text, status),
        link_domains=texts.domains_of(links),
        mentions=tuple(full_name(mention["acct"], host) for mention in status.get("mentions") or ()),
        in_reply_to=_parent(status, known),
        reshare_of=boosted or quoted,
        likes=texts.count(status.get("favourites_count")),
        shares=texts.count(status.get("reblogs_count")),
        replies=texts.count(status.get("replies_count")),
        quotes=texts.count(status.get("quotes_count")),
    )


def refusal(status: dict[str, Any], is_search: bool = False) -> str | None:
    """Return why a status may not be kept, one of REFUSALS; None where it may."""
    account, visibility = status["account"], status["visibility"]
    if visibility not in ("public", "unlisted"):
        return "not_public"
    if account.get("bot"):
        return "bot"
    if account.get("suspended"):
        return "removed"
    about = " ".join([account.get("note") or "", *(one.get("value") or "" for one in account.get("fields") or ())])
    asks_not = account.get("noindex") or account.get("discoverable") is False or _ASKS_NOT.search(about)
    # Everybody may read what is unlisted, but it was kept out of the timelines and searches that this source reads.
    is_kept_out = visibility == "unlisted" or (is_search and account.get("indexable") is False)
    return "opted_out" if asks_not or is_kept_out else None


def _quoted(status: dict[str, Any]) -> str | None:
    """Return the address of the post that is quoted, where its author let it be."""
    given = status.get("quote") or {}
    return (given.get("quoted_status") or {}).get("uri") if given.get("state") == "accepted" else None


def _parent(status: dict[str, Any], known: dict[str, str]) -> str | None:
    """Return the address of what is replied to: a server gives its id alone, which is in the address at home."""
    parent, uri = status.get("in_reply_to_id"), status["uri"]
    if (
        parent
        and status.get("in_reply_to_account_id") == status["account"].get("id")
        and uri.endswith(f"/{status['id']}")
    ):
        return f"{uri.removesuffix(status['id'])}{parent}"
    return known.get(parent) if parent else None


def _hashtags(text: str, status: dict[str, Any]) -> tuple[str, ...]:
    """Return hashtags as written; of those outside the text the server gives the name in small letters."""
    written = texts.hashtags_in(text)
    small = {tag.lower() for tag in written}
    return (*written, *(tag["name"] for tag in status.get("tags") or () if tag["name"].lower() not in small))


def id_at_home(uri: str) -> str | None:
    """Return the id by which a status's own server knows it, as its address ends; None where it is another's style."""
    found = _ID_AT_HOME.search(uri)
    return found[1] if found else None


def full_name(account: str, host: str) -> str:
    """Return an account with its server, which a server leaves out of its own."""
    return (account if "@" in account else f"{account}@{host}").lower()


def moment_or_none(written: Any) -> datetime | None:
    """Return a moment in UTC; None where it is none."""
    try:
        return texts.moment(written)
    except (ValueError, OverflowError):
        return None
