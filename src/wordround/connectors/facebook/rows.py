"""What a post or a comment of a Facebook Page says: it becomes a comment record, or a refusal.

Pure. Facebook names the author only of what a Page wrote, and of visitors that have to do with the app: most rows have
none. What has no words (a picture, a sticker, a new cover) is no row at all, unless it had some when it was stored.
"""

from typing import Any

from wordround.comments import Comment, Kind, LinkTitle, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item
from wordround.connectors.asking.parts import is_set, name, names, part, parts, written
from wordround.plain_text import plain

_OWN_DOMAINS = frozenset({"facebook.com", "fb.com", "fb.me", "fb.watch"})


def post_of(
    post: dict[str, Any], own: frozenset[str], trust_code: str, query_id: str, is_stored: bool = False
) -> Item | None:
    """Return what a post on the Page is. `own`: ids of the trust's Pages."""
    if reason := refusal(post):
        return Refused(reason)
    text, original = plain(written(post.get("message"))), name(post.get("parent_id"))
    if not text and not original and not is_stored:
        return None
    kind: Kind = "quote" if text and original else "post"
    record = _record(post, kind, text or None, own, trust_code, query_id)
    links, titles = _attached(post)
    return record._replace(
        link_domains=tuple(dict.fromkeys((*record.link_domains, *links))),
        link_titles=titles,
        reshare_of=original,
        likes=_total(post.get("reactions")),
        replies=_total(post.get("comments")),
        shares=texts.count(part(post, "shares").get("count")),
    )


def comment_of(
    one: dict[str, Any],
    post_id: str | None,
    own: frozenset[str],
    trust_code: str,
    query_id: str,
    is_stored: bool = False,
) -> Item | None:
    """Return what a comment under a post is; it answers another comment, or the post."""
    if reason := refusal(one):
        return Refused(reason)
    text = plain(written(one.get("message")))
    if not text and not is_stored:
        return None
    return _record(one, "reply", text or None, own, trust_code, query_id)._replace(
        in_reply_to=name(part(one, "parent").get("id")) or post_id,
        likes=texts.count(one.get("like_count")),
        replies=texts.count(one.get("comment_count")),
    )


def refusal(one: dict[str, Any]) -> str | None:
    """Return why a post or comment may not be kept, one of comments.REFUSALS; None where it may."""
    if is_set(one.get("is_hidden")):
        return "removed"
    seen_by = part(one, "privacy").get("value") or "EVERYONE"
    if is_set(one.get("is_private")) or one.get("is_published") is False or seen_by != "EVERYONE":
        return "not_public"
    return None


def _record(
    one: dict[str, Any], kind: Kind, text: str | None, own: frozenset[str], trust_code: str, query_id: str
) -> Comment:
    own_id, posted = name(one.get("id")), texts.moment(one["created_time"])
    if own_id is None:
        raise ValueError("no id")
    author = name(part(one, "from").get("id"))
    shown = text or ""
    return Comment(
        native_id=own_id,
        kind=kind,
        posted_on=texts.day_of(posted),
        text=text,
        trust_code=trust_code,
        author_id=author,
        author_handle=author,
        author_role="organisation" if author in own else None,
        posted_at=posted,
        hashtags=texts.hashtags_in(shown),
        link_domains=texts.domains_of(texts.links_in(shown)),
        # Of who is named, only Pages: the others are people.
        mentions=tuple(names([tag.get("id") for tag in parts(one.get("message_tags")) if tag.get("type") == "page"])),
        query_id=query_id,
    )


def _attached(post: dict[str, Any]) -> tuple[list[str], tuple[LinkTitle, ...]]:
    """Return the domains of pages that are attached to a post, and their titles; pictures and posts lie at Facebook."""
    cards = [
        (address, name(each.get("title")))
        for each in parts(part(post, "attachments").get("data"))
        if (address := name(each.get("unshimmed_url")))
    ]
    domains = [one for one in texts.domains_of(address for address, _ in cards) if one not in _OWN_DOMAINS]
    return domains, tuple(each for each in texts.titles_of(cards) if each.domain in domains)


def _total(edge: Any) -> int | None:
    return texts.count(part({"": edge}, "", "summary").get("total_count"))
