"""What a post of Threads says: it becomes a comment record.

Pure. The name of its author is read to tell the trust's own posts and to count voices (a keyed hash). Only the id, the
moment and the words must be readable; an odd part costs that part.
"""

from typing import Any

from wordround.comments import Comment, Kind
from wordround.connectors.asking import texts
from wordround.connectors.asking.parts import is_set, name, part, words, written
from wordround.plain_text import plain

_REPOST = "REPOST_FACADE"
_OWN_DOMAINS = frozenset({"threads.net", "threads.com"})


def post_of(
    post: dict[str, Any], account: str, trust_code: str, query_id: str, is_stored: bool = False
) -> Comment | None:
    """Return what a post is; None where it has no words, had none before and repeats nothing.

    `account`: the trust's own.
    """
    own_id, posted = name(post.get("id")), texts.moment(post["timestamp"])
    if own_id is None:
        raise ValueError("no id")
    reposted, quoted = _id_in(post, "reposted_post"), _id_in(post, "quoted_post")
    is_repost = post.get("media_type") == _REPOST or reposted is not None
    text = "" if is_repost else plain(written(post.get("text")))
    if not text and not is_repost and not is_stored:
        return None
    author = name(post.get("username"))
    return Comment(
        native_id=own_id,
        kind=_kind(post),
        posted_on=texts.day_of(posted),
        text=text or None,
        trust_code=trust_code,
        author_id=author,
        author_handle=author,
        author_role="organisation" if author and author.casefold() == account.casefold() else None,
        posted_at=posted,
        hashtags=texts.hashtags_of(text, [tag] if (tag := name(post.get("topic_tag"))) else []),
        link_domains=_domains(post, text),
        in_reply_to=_id_in(post, "replied_to") or _id_in(post, "root_post"),
        reshare_of=reposted or quoted,
        query_id=query_id,
    )


def _kind(post: dict[str, Any]) -> Kind:
    if is_set(post.get("is_quote_post")):
        return "quote"
    return "reply" if is_set(post.get("is_reply")) else "post"


def _id_in(post: dict[str, Any], field: str) -> str | None:
    return name(part(post, field).get("id"))


def _domains(post: dict[str, Any], text: str) -> tuple[str, ...]:
    links = [*texts.links_in(text), words(post.get("link_attachment_url"))]
    return tuple(one for one in texts.domains_of(filter(None, links)) if one not in _OWN_DOMAINS)
