"""Threads: public posts that a search by a word or a topic tag finds, by Meta's Threads API.

Contract: `GET /keyword_search` (`q`, `search_type`, `search_mode`, `since`, `until`, `limit`, cursors), errors and
usage headers of the Graph API. Each word and each tag is a search of its own, and each page counts as a query. Whether
a post is still there is asked by its id.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from wordround.connectors.asking.contract import Answer, Asked, Item, Page, Price, Request, Window, chained, each
from wordround.connectors.asking.parts import name, part, parts, words
from wordround.connectors.blocks import Query
from wordround.connectors.graph.connector import ROWS_A_PAGE, GraphSource, epoch, more
from wordround.connectors.graph.errors import is_gone
from wordround.connectors.threads import TERMS, Block
from wordround.connectors.threads.rows import post_of
from wordround.errors import AnswerUnreadable

_FIELDS = (
    "id,text,timestamp,username,media_type,is_quote_post,is_reply,topic_tag,link_attachment_url,"
    "replied_to,root_post,quoted_post,reposted_post"
)


class Source(GraphSource):
    """Searches public posts."""

    name = "threads"
    terms = TERMS
    block_type = Block
    block: Block
    credentials = {"token": "a long-lived user token of the trust's account, which ends after 60 days"}  # noqa: RUF012
    order = "loose"
    price = Price("queries", per_request=1)
    # A post of somebody else that the check for deletions has seen.
    _shown: str | None = None

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        for tag in query.hashtags:
            yield self._search(tag, "TAG", window)._replace(listing=f"#{tag}")
        for phrase in query.phrases:
            yield self._search(phrase, "KEYWORD", window)._replace(listing=f'"{phrase}"')

    def read(self, answer: Answer, asked: Asked) -> Page:
        content = answer.content
        if not isinstance(part({"": content}, "").get("data"), list):
            raise AnswerUnreadable("threads: gives no list of posts.")
        items = each(content["data"], lambda post: self._wanted(post, asked))
        return Page(items, chained(more(content, asked.request)))

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        query = next(iter(self.block.queries), None)
        if not native_ids or query is None:
            return
        # Where the token has ended, or may not see posts of others by their id, every post looks deleted: the same
        # error says so. A post that the search has just shown tells.
        yield (), self.call("me", fields="id")
        mode, word = ("TAG", query.hashtags[0]) if query.hashtags else ("KEYWORD", query.phrases[0])
        yield (), self._search(word, mode)
        yield (), self.call(self._shown or "me", fields="id")
        for native_id in native_ids:
            yield (native_id,), self.call(native_id, fields=_FIELDS)

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        if is_gone(answer.content):
            if not native_ids:
                raise AnswerUnreadable("threads: shows this token no posts of others by their id. Nothing was erased.")
            return set(native_ids)
        if not native_ids and isinstance(part({"": answer.content}, "").get("data"), list):
            self._shown = self._one_of_others(answer.content)
            return set()
        if not part({"": answer.content}, "").get("id"):
            raise AnswerUnreadable("threads: did not tell whether a post is there. Nothing of it was erased.")
        return set()

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        if is_gone(answer.content):
            return []
        account = self.block.account
        return each([answer.content], lambda post: post_of(post, account, self.trust_code, "", is_stored=True))

    def _one_of_others(self, content: Any) -> str:
        """Return a post that is not the trust's own. Raises AnswerUnreadable where the search shows none."""
        for post in parts(content["data"]):
            if (found := name(post.get("id"))) and words(
                post.get("username")
            ).casefold() != self.block.account.casefold():
                return found
        raise AnswerUnreadable("threads: shows no post of others, by which to tell what is gone. Nothing was erased.")

    def _search(self, word: str, mode: str, window: Window | None = None) -> Request:
        span = {"since": epoch(window.since), "until": epoch(window.until)} if window else {}
        return self.call(
            "keyword_search",
            q=word,
            search_type="RECENT",
            search_mode=mode,
            fields=_FIELDS,
            limit=ROWS_A_PAGE,
            **span,
        )

    def _wanted(self, post: Any, asked: Asked) -> Item | None:
        """Return a post; None where it holds the words of a phrase apart from each other: the search is generous."""
        item = post_of(post, self.block.account, self.trust_code, asked.query.id)
        phrase = asked.request.params["q"] if asked.request.params["search_mode"] == "KEYWORD" else ""
        is_there = item is None or item.text is None or _bare(phrase) in _bare(item.text)
        return item if is_there else None


def _bare(text: str) -> str:
    return " ".join(text.casefold().split())
