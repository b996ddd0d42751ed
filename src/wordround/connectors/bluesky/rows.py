"""What a post of Bluesky says: it becomes a comment record, or a refusal. Pure.

Programs of all kinds write posts, and the server passes on what they wrote. Only the id and a date must be readable; an
odd part costs that part.
"""

from datetime import UTC, datetime
from typing import Any

from wordround.comments import Comment, Kind, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Item
from wordround.connectors.asking.parts import is_set, name, names, part, parts, words, written
from wordround.plain_text import plain

_QUOTES = ("app.bsky.embed.record", "app.bsky.embed.recordWithMedia")
_REFUSED_LABELS = {"!no-unauthenticated": "opted_out", "bot": "bot", "!hide": "removed", "!takedown": "removed"}
# A record's key counts microseconds since 1970 (AT Protocol, TID): 13 letters, five bits each, the last ten of a clock.
_KEY_LETTERS, _KEY_LENGTH, _CLOCK_BITS = "234567abcdefghijklmnopqrstuvwxyz", 13, 10


def item_of(post: dict[str, Any], trust_code: str, query_id: str) -> Item:
    """Return a post as a comment, or as refused. Raises ValueError where it has no id or no date."""
    if reason := refusal(post):
        return Refused(reason)
    uri, author, record = name(post.get("uri")), part(post.get("author")), part(post.get("record"))
    if uri is None:
        raise ValueError("no id")
    claimed = texts.moment_or_none(record.get("createdAt"))
    received = texts.moment_or_none(post.get("indexedAt"))
    posted, is_corrected = texts.trusted(claimed, received) if received else (claimed or _made(uri), True)
    text, embed = plain(written(record.get("text"))), part(record.get("embed"))
    quoted = _quoted(embed)
    features = [feature for facet in parts(record.get("facets")) for feature in parts(facet.get("features"))]
    # A quote holds what else it shows beside the post that it quotes.
    cards = [part(shown, "external") for shown in (embed, part(embed, "media"))]
    links = names([shown.get("uri") for shown in (*features, *cards)])
    tags = [*names([feature.get("tag") for feature in features]), *names(record.get("tags"))]
    parent = name(part(record, "reply", "parent").get("uri"))
    kind: Kind = "quote" if quoted else "reply" if parent else "post"
    return Comment(
        native_id=uri,
        kind=kind,
        posted_on=texts.day_of(posted),
        # A quote to which nothing is added is a repost by another name.
        text=None if quoted and texts.adds_nothing(text) else text,
        trust_code=trust_code,
        author_id=name(author.get("did")),
        author_handle=name(author.get("handle")),
        posted_at=posted,
        surfaced_at=min(filter(None, (received, claimed)), default=posted),
        is_date_corrected=is_corrected,
        language=next(filter(None, map(texts.language, names(record.get("langs")))), None),
        hashtags=texts.hashtags_of(text, tags),
        link_domains=texts.domains_of(links),
        link_titles=texts.titles_of((name(card.get("uri")), name(card.get("title"))) for card in cards),
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
    author = part(post, "author")
    if not author:
        return "not_public"  # nobody can tell what its author wants
    labels = [*parts(post.get("labels")), *parts(author.get("labels"))]
    values = (words(label.get("val")) for label in labels if not is_set(label.get("neg")))
    return next((reason for label in values if (reason := _REFUSED_LABELS.get(label))), None)


def _made(uri: str) -> datetime:
    """Return when a post was made, by its key. Raises ValueError where the key is of another kind."""
    key = uri.rsplit("/", 1)[-1]
    if len(key) != _KEY_LENGTH or not set(key) <= set(_KEY_LETTERS):
        raise ValueError("no date")
    number = 0
    for letter in key:
        number = number * len(_KEY_LETTERS) + _KEY_LETTERS.index(letter)
    return texts.moment(datetime.fromtimestamp((number >> _CLOCK_BITS) / 1_000_000, UTC).isoformat())


def _quoted(embed: dict[str, Any]) -> str | None:
    """Return the uri of the post that is quoted; an embedded list or feed is no post."""
    if embed.get("$type") not in _QUOTES:
        return None
    record = part(embed, "record")
    uri = words(record.get("uri") or part(record, "record").get("uri"))
    return uri if "/app.bsky.feed.post/" in uri else None
