"""What a comment of YouTube says, and a thread of them: comment records, or refusals. Pure."""

from typing import Any

from wordround.comments import Comment, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item, each
from wordround.plain_text import plain


def items_of(thread: dict[str, Any], trust_code: str, query_id: str, has_answers: bool) -> list[Item]:
    """Return the first comment of a thread, and its answers where they came with it (`has_answers`)."""
    snippet = thread["snippet"]
    answers = (thread.get("replies") or {}).get("comments") or [] if has_answers else []
    comments = [snippet["topLevelComment"], *answers]
    if snippet.get("isPublic") is False:
        return [Refused("not_public")] * len(comments)
    first, *others = each(comments, lambda comment: item_of(comment, trust_code, query_id))
    if isinstance(first, Comment):
        first = first._replace(replies=texts.count(snippet.get("totalReplyCount")))
    return [first, *others]


def item_of(comment: dict[str, Any], trust_code: str, query_id: str) -> Item:
    """Return a comment, or that it is refused."""
    snippet = comment["snippet"]
    if snippet.get("moderationStatus", "published") != "published":
        return Refused("removed")
    posted, edited = texts.moment(snippet["publishedAt"]), texts.moment(snippet["updatedAt"])
    text = plain(snippet["textDisplay"])
    return Comment(
        native_id=comment["id"],
        kind="reply" if snippet.get("parentId") else "post",
        posted_on=texts.day_of(posted),
        text=text,
        trust_code=trust_code,
        author_id=(snippet.get("authorChannelId") or {}).get("value"),
        author_handle=(snippet.get("authorDisplayName") or "").removeprefix("@") or None,
        posted_at=posted,
        edited_at=edited if edited != posted else None,
        hashtags=texts.hashtags_in(text),
        link_domains=texts.domains_of(texts.links_in(text)),
        mentions=texts.mentions_in(text),
        in_reply_to=snippet.get("parentId"),
        likes=texts.count(snippet.get("likeCount")),
        query_id=query_id,
    )
