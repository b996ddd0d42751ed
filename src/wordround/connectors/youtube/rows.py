"""What a comment of YouTube says, and a thread of them: comment records, or refusals. Pure."""

from typing import Any

from wordround.comments import Comment, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item, each
from wordround.connectors.asking.parts import name, part, parts, words, written
from wordround.plain_text import plain


def items_of(thread: dict[str, Any], trust_code: str, query_id: str, has_answers: bool) -> list[Item]:
    """Return the first comment of a thread, and its answers where they came with it (`has_answers`)."""
    snippet = thread["snippet"]
    answers = parts(part(thread, "replies").get("comments")) if has_answers else []
    comments = [snippet["topLevelComment"], *answers]
    if snippet.get("isPublic", True) is not True:
        return [Refused("not_public")] * len(comments)
    first, *others = each(comments, lambda comment: item_of(comment, trust_code, query_id))
    if isinstance(first, Comment):
        first = first._replace(replies=texts.count(snippet.get("totalReplyCount")))
    return [first, *others]


def item_of(comment: dict[str, Any], trust_code: str, query_id: str) -> Item:
    """Return a comment, or that it is refused. Raises ValueError where it has no id or no date."""
    own_id, snippet = name(comment.get("id")), comment["snippet"]
    if own_id is None:
        raise ValueError("no id")
    if snippet.get("moderationStatus", "published") != "published":
        return Refused("removed")
    posted, edited = texts.moment(snippet["publishedAt"]), texts.moment_or_none(snippet.get("updatedAt"))
    text, parent = plain(written(snippet.get("textDisplay"))), name(snippet.get("parentId"))
    return Comment(
        native_id=own_id,
        kind="reply" if parent else "post",
        posted_on=texts.day_of(posted),
        text=text,
        trust_code=trust_code,
        author_id=name(part(snippet, "authorChannelId").get("value")),
        author_handle=words(snippet.get("authorDisplayName")).removeprefix("@") or None,
        posted_at=posted,
        edited_at=edited if edited != posted else None,
        hashtags=texts.hashtags_in(text),
        link_domains=texts.domains_of(texts.links_in(text)),
        mentions=texts.mentions_in(text),
        in_reply_to=parent,
        likes=texts.count(snippet.get("likeCount")),
        query_id=query_id,
    )
