"""Reddit: submissions and comments of named communities, and submissions that a search finds, by the Data API.

Contract: OAuth client credentials at the sign-in address, listings of things (`t1` comments, `t3` submissions) at the
other. A listing takes no dates, comes newest first and ends near 1,000 things; older ones are never shown. Every
community is looked at before it is read. One that is private, quarantined or for adults is refused by name.
"""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from wordround import __version__
from wordround.comments import Comment
from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Answer, Asked, Connector, Item, Page, Request, Window, each
from wordround.connectors.asking.dialects import Dialect
from wordround.connectors.asking.parts import named_parts, part
from wordround.connectors.blocks import Query
from wordround.connectors.reddit import TERMS, Block, communities
from wordround.connectors.reddit.rows import item_of, refusal
from wordround.errors import ClosedSpace, SourceRefused
from wordround.folders import documentation

_THINGS_A_PAGE, _IDS_A_CHECK = 100, 100
# Listings end near 1,000 things, removed ones included, so that fewer are seen.
_NEAR_THE_WALL = 900
_CLOSED = ("private", "quarantined", "gold_only", "banned", "gated")


class Source(Connector):
    """Reads communities and searches phrases."""

    name = "reddit"
    terms = TERMS
    block_type = Block
    block: Block
    credentials = {"login": "id of the app that Reddit approved", "password": "its secret"}  # noqa: RUF012
    dialect = Dialect("x-ratelimit-remaining", "x-ratelimit-reset", "seconds_left")
    newest_first = True

    def sign_in(self) -> Request:
        who = base64.b64encode(f"{self.secrets['login']}:{self.secrets['password']}".encode()).decode()
        return Request(
            f"{self.block.sign_in_address}/api/v1/access_token",
            form={"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {who}", "User-Agent": self._user_agent},
        )

    def headers(self, session: Any) -> dict[str, str]:
        if not isinstance(session, dict) or "access_token" not in session:
            page = documentation("sources/reddit.md")
            raise SourceRefused(f"reddit: gave no token to these credentials. Look at them: {page}")
        return {"Authorization": f"bearer {session['access_token']}", "User-Agent": self._user_agent}

    @property
    def _user_agent(self) -> str:
        """Platform, app, version and account, in the form that Reddit asks for; unique to the trust."""
        return f"script:wordround.{self.trust_code}:v{__version__} (by /u/{self.block.account or 'unnamed'})"

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        for name in communities(query.places):
            yield self._looked_at(name, self._listing(f"/r/{name}/new"))._replace(listing=f"r/{name} new")
            yield self._looked_at(name, self._listing(f"/r/{name}/comments"))._replace(listing=f"r/{name} comments")
        for words in query.phrases:
            search = {"q": f'"{words}"', "sort": "new", "type": "link", "t": "all", "include_over_18": "off"}
            for name in self.block.search_in:
                found = self._looked_at(name, self._listing(f"/r/{name}/search", restrict_sr="on", **search))
                yield found._replace(listing=f"r/{name} {words}")
            if not self.block.search_in:
                yield self._listing("/search", **search)._replace(listing=words)

    def read(self, answer: Answer, asked: Asked) -> Page:
        request, content = asked.request, answer.content
        if isinstance(request.about, Request):
            return self._look(content, request)
        data, seen = content["data"], request.about
        children = data["children"]
        items = each(children, lambda child: item_of(child, self.trust_code, asked.query.id))
        moments = [moment for child in children if (moment := _created(child))]
        newest, oldest = max(moments, default=None), min(moments, default=None)
        seen += len(children)
        after = data.get("after")
        params = {**request.params, "after": after}
        following = request._replace(params=params, about=seen) if after else None
        is_whole = oldest is not None and oldest < asked.window.since
        is_cut = not after and seen >= _NEAR_THE_WALL and not is_whole
        return Page(items, following, newest, oldest, is_cut=is_cut)

    def is_answer(self, status: int, content: Any) -> bool:
        return status in (403, 404) and isinstance(content, dict) and content.get("reason") in _CLOSED

    def words_of(self, content: Any) -> str:
        words = super().words_of(content)
        return "this app may not do that" if words == "Forbidden" else words

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        for start in range(0, len(native_ids), _IDS_A_CHECK):
            ids = native_ids[start : start + _IDS_A_CHECK]
            yield ids, Request(f"{self.block.address}/api/info", {"id": ",".join(ids), "raw_json": 1})

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        children = answer.content["data"]["children"]
        # Raises where a child is none: it may be any of those that seem to be missing.
        shown = named_parts([child["data"] for child in children] if isinstance(children, list) else children, "name")
        return set(native_ids) - {one for one, data in shown.items() if refusal(data) not in ("removed", "not_public")}

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        own = set(native_ids)
        items = each(answer.content["data"]["children"], lambda child: item_of(child, self.trust_code, ""))
        return [item for item in items if isinstance(item, Comment) and item.native_id in own]

    def _listing(self, path: str, **params: Any) -> Request:
        # Without `raw_json` the text comes with its &, < and > written as HTML.
        return Request(f"{self.block.address}{path}", {**params, "limit": _THINGS_A_PAGE, "raw_json": 1}, about=0)

    def _looked_at(self, name: str, listing: Request) -> Request:
        return Request(f"{self.block.address}/r/{name}/about", {"raw_json": 1}, about=listing)

    def _look(self, content: Any, request: Request) -> Page:
        """Go on to the listing of a community that is open. Raises ClosedSpace for one that is not."""
        name, reason = request.url.split("/r/")[1].split("/")[0], content.get("reason")
        if reason is None:
            about = content["data"]
            kind = about.get("subreddit_type", "public")
            reason = "for adults" if about.get("over18") or about.get("over_18") else None
            reason = "quarantined" if about.get("quarantine") else reason
            reason = reason if kind in ("public", "restricted", "archived") else "private"
        if reason is not None:
            raise ClosedSpace(
                f"reddit: r/{name} is {reason.replace('_', ' ')}, so it is not read. Take it out of [sources.reddit]."
            )
        return Page([], request.about)


def _created(child: Any) -> datetime | None:
    return texts.moment_or_none(part({"": child}, "", "data").get("created_utc"))
