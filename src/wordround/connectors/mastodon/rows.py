"""A status of Mastodon or a relative of it, as the comment that it becomes, or why it may not become one.

Pure: what a server answers (the entities `Status` and `Account`) in, a comment out. Only the id, the date and the words
must be readable; an odd part costs that part.
"""

import re
from typing import Any

from wordround.comments import Comment, Kind
from wordround.connectors.asking import texts
from wordround.connectors.asking.parts import is_set, name, names, part, parts, words, written
from wordround.plain_text import plain

# In what people write about themselves, as the server marks it up.
_ASKS_NOT = re.compile(r"#(?:<[^>]*>)?no-?(?:bots?|index|search|archive|scrap(?:e|ing)|research)\b", re.IGNORECASE)


def comment_of(status: dict[str, Any], known: dict[str, str], host: str) -> Comment:
    """Return the comment of a status, without the trust and the query that it belongs to.

    `host`: the server that showed it, to whose own accounts it gives short names. `known`: addresses by its ids. Raises
    ValueError where it has no address or no date.
    """
    uri, posted = name(status.get("uri")), texts.moment(status["created_at"])
    if uri is None:
        raise ValueError("no address")
    account = name(part(status, "account").get("acct"))
    author = full_name(account, host) if account else None
    # A status that is only pictures has no content at some servers.
    text, links = texts.text_of_html(written(status.get("content")))
    card = part(status, "card")
    address = name(card.get("url"))
    links = [*links, *names([address])]
    boosted, quoted = name(part(status, "reblog").get("uri")), _quoted(status)
    kind: Kind = "quote" if quoted else "reply" if name(status.get("in_reply_to_id")) else "post"
    mentioned = names([mention.get("acct") for mention in parts(status.get("mentions"))])
    return Comment(
        native_id=uri,
        kind=kind,
        posted_on=texts.day_of(posted),
        text=None if boosted or (quoted and not text) else text,
        title=None if boosted else plain(words(status.get("spoiler_text"))) or None,
        trust_code="",
        author_id=author,
        author_handle=author,
        # Pixelfed's posts have a place where their writer gave one.
        country=name(part(status, "place").get("country")),
        author_followers=texts.count(part(status, "account").get("followers_count")),
        posted_at=posted,
        edited_at=texts.moment_or_none(status.get("edited_at")),
        language=texts.language(status.get("language")),
        hashtags=texts.hashtags_of(text, names([tag.get("name") for tag in parts(status.get("tags"))])),
        link_domains=texts.domains_of(links),
        # What is reposted has its own.
        link_titles=() if boosted else texts.titles_of([(address, name(card.get("title")))]),
        mentions=tuple(full_name(each, host) for each in mentioned),
        in_reply_to=_parent(status, known),
        reshare_of=boosted or quoted,
        likes=texts.count(status.get("favourites_count")),
        shares=texts.count(status.get("reblogs_count")),
        replies=texts.count(status.get("replies_count")),
        quotes=texts.count(status.get("quotes_count")),
    )


def refusal(status: dict[str, Any], is_search: bool = False) -> str | None:
    """Return why a status may not be kept, one of REFUSALS; None where it may."""
    account, visibility = part(status, "account"), status.get("visibility")
    # Without an account nobody can tell what its owner wants.
    if visibility not in ("public", "unlisted") or not account:
        return "not_public"
    if is_set(account.get("bot")):
        return "bot"
    if is_set(account.get("suspended")):
        return "removed"
    about = " ".join([words(account.get("note")), *(words(one.get("value")) for one in parts(account.get("fields")))])
    asks_not = is_set(account.get("noindex")) or _ASKS_NOT.search(about)
    # Everybody may read what is unlisted, but it was kept out of the timelines and searches that this source reads.
    is_kept_out = visibility == "unlisted" or (is_search and account.get("indexable") is False)
    if asks_not or is_kept_out:
        return "opted_out"
    # Why this is refused too, and counted by itself: docs/adr/0018-not-discoverable.md.
    return "not_discoverable" if account.get("discoverable") is False else None


def _quoted(status: dict[str, Any]) -> str | None:
    """Return the address of the post that is quoted, where its author let it be."""
    given = part(status, "quote")
    return name(part(given, "quoted_status").get("uri")) if given.get("state") == "accepted" else None


def _parent(status: dict[str, Any], known: dict[str, str]) -> str | None:
    """Return the address of what is replied to: a server gives its id alone, which is in the address at home."""
    parent, uri, own_id = name(status.get("in_reply_to_id")), status["uri"], name(status.get("id"))
    answers_itself = status.get("in_reply_to_account_id") == part(status, "account").get("id")
    if parent and own_id and answers_itself and uri.endswith(f"/{own_id}"):
        return f"{uri.removesuffix(own_id)}{parent}"
    return known.get(parent) if parent else None


def full_name(account: str, host: str) -> str:
    """Return an account with its server, which a server leaves out of its own."""
    return (account if "@" in account else f"{account}@{host}").lower()
