"""Bluesky: public posts that a search finds, asked at the account's own server (PDS).

Contract: the lexicons `app.bsky.feed.searchPosts`, `app.bsky.feed.getPosts` and `com.atproto.server.createSession` of
the AT Protocol. A search ends near 10,000 posts and takes `until`; reposts are never in it; `createdAt` is what a
client
claims and `indexedAt` what the network saw.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from wordround.comments import Comment, Kind, Refused
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Answer, Asked, Connector, Item, Page, Request, Window, each
from wordround.connectors.asking.dialects import Dialect
from wordround.connectors.blocks import Query
from wordround.connectors.bluesky import TERMS, Block
from wordround.plain_text import plain

_POSTS_A_PAGE, _URIS_A_CHECK = 100, 25
_QUOTES = ("app.bsky.embed.record", "app.bsky.embed.recordWithMedia")
_REFUSED_LABELS = {"!no-unauthenticated": "opted_out", "bot": "bot", "!hide": "removed", "!takedown": "removed"}


class Source(Connector):
    """Searches by hashtag, mention and phrase."""

    name = "bluesky"
    terms = TERMS
    block_type = Block
    credentials = {"login": "handle of the trust's account", "password": "an app password of it"}  # noqa: RUF012
    dialect = Dialect("ratelimit-remaining", "ratelimit-reset")
    wall = 10_000

    def sign_in(self) -> Request:
        who = {"identifier": self.secrets["login"], "password": self.secrets["password"]}
        return self._call("com.atproto.server.createSession", json=who)

    def headers(self, session: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {session['accessJwt']}"} if session else {}

    def is_session_over(self, status: int, content: Any) -> bool:
        return isinstance(content, dict) and content.get("error") in ("ExpiredToken", "InvalidToken")

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        searches = [{"q": f"#{tag}", "tag": tag} for tag in query.hashtags]
        searches += [{"q": f"@{name}", "mentions": name} for name in (name.lstrip("@") for name in query.accounts)]
        searches += [{"q": f'"{words}"'} for words in query.phrases]
        since, until = (f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z" for when in window)
        for search in searches:
            params = {**search, "sort": "latest", "since": since, "until": until, "limit": _POSTS_A_PAGE}
            yield self._call("app.bsky.feed.searchPosts", params=params)

    def read(self, answer: Answer, asked: Asked) -> Page:
        items = each(answer.content["posts"], lambda post: self._item(post, asked.query.id))
        cursor = answer.content.get("cursor")
        params = {**asked.request.params, "cursor": cursor}
        return Page(items, asked.request._replace(params=params) if cursor else None)

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        for start in range(0, len(native_ids), _URIS_A_CHECK):
            uris = native_ids[start : start + _URIS_A_CHECK]
            yield uris, self._call("app.bsky.feed.getPosts", params={"uris": list(uris)})

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        there = {post["uri"] for post in answer.content["posts"] if not _refusal(post)}
        return set(native_ids) - there

    def _call(self, method: str, **request: Any) -> Request:
        return Request(f"{self.block.address}/xrpc/{method}", **request)

    def _item(self, post: dict[str, Any], query_id: str) -> Item:
        if reason := _refusal(post):
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
            trust_code=self.trust_code,
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


def _refusal(post: dict[str, Any]) -> str | None:
    labels = [*(post.get("labels") or ()), *(post["author"].get("labels") or ())]
    said = (label["val"] for label in labels if not label.get("neg"))
    return next((reason for label in said if (reason := _REFUSED_LABELS.get(label))), None)


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
