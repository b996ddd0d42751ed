"""What a post of Bluesky says: it becomes a comment record, or a refusal. Pure."""

from typing import Any

from wordround.comments import Comment, Kind, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item
from wordround.plain_text import plain

_QUOTES = ("app.bsky.embed.record", "app.bsky.embed.recordWithMedia")
_REFUSED_LABELS = {"!no-unauthenticated": "opted_out", "bot": "bot", "!hide": "removed", "!takedown": "removed"}


def item_of(post: dict[str, Any], trust_code: str, query_id: str) -> Item:
    """Return a post as a comment, or as refused."""
    if reason := refusal(post):
        return Refused(reason)
    author, record = post["author"], post["record"]
    received, claimed = texts.moment(post["indexedAt"]), _claimed(record)
    posted, is_corrected = texts.trusted(claimed, received)
    text, embed = plain(record["text"]), record.get("embed") or {}
    quoted = _quoted(embed)
    features = [feature for facet in record.get("facets") or () for feature in facet.get("features") or ()]
    links = [feature["uri"] for feature in features if feature.get("uri")]
    # A quote holds what else it shows beside the post that it quotes.
    cards = [part.get("external") or {} for part in (embed, embed.get("media") or {})]
    links += [card["uri"] for card in cards if card.get("uri")]
    tags = [feature["tag"] for feature in features if feature.get("tag")] + list(record.get("tags") or ())
    parent = ((record.get("reply") or {}).get("parent") or {}).get("uri")
    kind: Kind = "quote" if quoted else "reply" if parent else "post"
    return Comment(
        native_id=post["uri"],
        kind=kind,
        posted_on=texts.day_of(posted),
        # A quote to which nothing is added is a repost by another name.
        text=None if quoted and texts.adds_nothing(text) else text,
        trust_code=trust_code,
        author_id=author["did"],
        author_handle=author.get("handle"),
        posted_at=posted,
        surfaced_at=min(received, claimed or received),
        is_date_corrected=is_corrected,
        language=next(iter(record.get("langs") or ()), None),
        hashtags=tuple(dict.fromkeys([*tags, *texts.hashtags_in(text)])),
        link_domains=texts.domains_of(links),
        mentions=texts.mentions_in(text),
        in_reply_to=parent,
        reshare_of=quoted,
        likes=texts.count(post.get("likeCount")),
        shares=texts.count(post.get("repostCount")),
        replies=texts.count(post.get("replyCount")),
        quotes=texts.count(post.get("quoteCount")),
        query_id=query_id,
    )


def refusal(post: dict[str, Any]) -> str | None:
    """Return why a post may not be kept, by its labels; None where it may."""
    labels = [*(post.get("labels") or ()), *(post["author"].get("labels") or ())]
    values = (label["val"] for label in labels if not label.get("neg"))
    return next((reason for label in values if (reason := _REFUSED_LABELS.get(label))), None)


def _claimed(record: dict[str, Any]) -> Any:
    try:
        return texts.moment(record["createdAt"])
    except (KeyError, ValueError, OverflowError):
        return None


def _quoted(embed: dict[str, Any]) -> str | None:
    """Return the uri of the post that is quoted; an embedded list or feed is no post."""
    if embed.get("$type") not in _QUOTES:
        return None
    record = embed.get("record") or {}
    uri = record.get("uri") or (record.get("record") or {}).get("uri") or ""
    return uri if "/app.bsky.feed.post/" in uri else None
