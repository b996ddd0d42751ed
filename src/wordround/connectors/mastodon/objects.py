"""A post as its own address shows it (an ActivityPub object), where the address has no id by which to ask for a status.

Pure: Akkoma, Pleroma and Friendica show the words, and when they were edited; not what the author wishes. Of what
others made of them Friendica shows the number of answers; Akkoma and Pleroma take all such figures out of what they
show, so that the stored ones stay. Once a post was edited, its words and what figures are told are taken from here.
"""

from typing import Any
from urllib.parse import urlsplit

from wordround.comments import Comment
from wordround.connectors.asking import texts
from wordround.connectors.asking.parts import name, names, part, parts, words, written
from wordround.connectors.mastodon.rows import full_name
from wordround.plain_text import plain

# ActivityStreams 2.0: the collection that everybody belongs to, as it may be written.
_EVERYBODY = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})


def is_for_everybody(post: dict[str, Any]) -> bool:
    """Whether a post is addressed to everybody; one that names nobody is, since everybody was shown it."""
    first, others = _several(post.get("to")), _several(post.get("cc"))
    return not _EVERYBODY.isdisjoint(first) or not (first or others)


def edited_comment_of(post: dict[str, Any], uri: str) -> Comment | None:
    """Return the comment of a post that was edited, without trust and query; None where it was not.

    Its counts are those of the collections that the post names with a total, and None where it tells none.

    Raises ValueError where it has no date, or words that are no text.
    """
    posted, edited = texts.moment(post["published"]), texts.moment_or_none(post.get("updated"))
    if post.get("id") != uri or "content" not in post or edited is None or edited <= posted:
        return None
    text, links = texts.text_of_html(written(post["content"]))
    host, tags = urlsplit(uri).netloc, parts(post.get("tag"))
    writer = name(next(iter(_several(post.get("attributedTo"))), None))
    author = full_name(writer.rstrip("/").rpartition("/")[2], host) if writer else None
    mentioned = (words(tag.get("name")).lstrip("@") for tag in tags if tag.get("type") == "Mention")
    languages = [*part(post, "contentMap")]
    return Comment(
        native_id=uri,
        kind="reply" if name(post.get("inReplyTo")) else "post",
        posted_on=texts.day_of(posted),
        text=text,
        title=plain(words(post.get("name")) or words(post.get("summary"))) or None,
        trust_code="",
        author_id=author,
        author_handle=author,
        posted_at=posted,
        edited_at=edited,
        language=texts.language(languages[0]) if len(languages) == 1 else None,
        hashtags=texts.hashtags_of(text, names([tag.get("name") for tag in tags if tag.get("type") == "Hashtag"])),
        link_domains=texts.domains_of(links),
        mentions=tuple(full_name(each, host) for each in mentioned if each),
        likes=_total(post, "likes"),
        shares=_total(post, "shares"),
        replies=_total(post, "replies"),
    )


def _total(post: dict[str, Any], collection: str) -> int | None:
    """Return how many are in a collection; None where it is only named, or lists some."""
    return texts.count(part(post, collection).get("totalItems"))


def _several(value: object) -> list[str]:
    """Return what may be one text or a list of them, as a list."""
    return names(value if isinstance(value, list) else [value])
