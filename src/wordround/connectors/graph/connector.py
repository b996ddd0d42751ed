"""The Graph API of Meta, as far as its sources share it: token, errors, limits, paging, and checks in batches.

Of `paging` only the cursor is used: its addresses hold the token, and are not followed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode

from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Answer, Connector, Item, Request, each
from wordround.connectors.asking.parts import name, part
from wordround.connectors.graph.errors import has_token_ended, is_busy, is_gone
from wordround.connectors.graph.usage import Usage
from wordround.errors import AnswerUnreadable, SourceBusy

ROWS_A_PAGE = 100
_IDS_A_CHECK = 48  # a batch holds 50 requests


class GraphSource(Connector):
    """A source behind the Graph API. A subclass says what shows that its token still sees its account."""

    dialect = Usage()
    order: ClassVar[Literal["strict", "loose", "none"]] = "none"  # comments lie in time between the posts behind them
    # The fields of a node, by the kind of row that it was collected as (comments.Kind): an error answers a field that
    # another kind of node has.
    fields_of: ClassVar[Mapping[str, str]] = {}
    # The fields that every kind of node has.
    common_fields: ClassVar[str] = "id"
    # What the token must see, in words.
    account: ClassVar[str] = "the account"
    # In a check: nodes that did not tell whether they are there, and those of which only common fields were asked for.
    _unclear: Sequence[str] = ()
    _bare: frozenset[str] = frozenset()

    def headers(self, session: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secrets['token']}"}

    def is_answer(self, status: int, content: Any) -> bool:
        return status in (400, 404) and is_gone(content)

    def is_busy(self, status: int, content: Any) -> bool:
        return is_busy(content)

    def words_of(self, content: Any) -> str:
        words = super().words_of(content)
        return f"the token is not valid any more: {words}" if has_token_ended(content) else words

    def probes(self) -> Sequence[str]:
        """Return two relative addresses that answer while the token sees its account; none where nothing can tell."""
        return ()

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        self._unclear = []
        self._bare = frozenset(one for one in native_ids if self.kinds.get(one) not in self.fields_of)
        yield from self._batches(native_ids)
        # A node may be of another kind than its row, and the answer about one may be odd: it costs itself alone.
        unclear, self._unclear = self._unclear, []
        self._bare |= set(unclear)
        yield from self._batches(unclear)
        if self._unclear:
            raise AnswerUnreadable(
                f"{self.name}: did not tell of {len(self._unclear)} of {len(native_ids)} rows whether they are there. "
                "Nothing of these was erased."
            )

    def _batches(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        probes = self.probes()
        for start in range(0, len(native_ids) if probes else 0, _IDS_A_CHECK):
            ids = native_ids[start : start + _IDS_A_CHECK]
            # Where the token does not see its account, every post looks deleted.
            wanted = [*probes, *(f"{one}?{urlencode({'fields': self._fields(one)})}" for one in ids)]
            batch = json.dumps([{"method": "GET", "relative_url": one} for one in wanted])
            yield ids, Request(f"{self.block.address}/", form={"batch": batch, "include_headers": "false"})

    def _fields(self, native_id: str) -> str:
        return self.common_fields if native_id in self._bare else self.fields_of[self.kinds[native_id]]

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        answers = self._told(native_ids, answer)
        probes, nodes = answers[:2], dict(zip(native_ids, answers[2:], strict=True))
        if any(is_busy(body) for code, body in answers if code != 200):
            raise SourceBusy(f"{self.name}: wants fewer requests. Nothing was erased; the next run asks again.")
        if any(code != 200 for code, _ in probes):
            raise AnswerUnreadable(f"{self.name}: does not show {self.account} to this token. Nothing was erased.")
        gone = {one for one, (code, body) in nodes.items() if code != 200 and is_gone(body)}
        shown = {one: part({"": body}, "") for one, (code, body) in nodes.items() if code == 200}
        there = {one: body for one, body in shown.items() if name(body.get("id"))}
        self._unclear = [*self._unclear, *(one for one in native_ids if one not in gone and one not in there)]
        return gone | {one for one, body in there.items() if self.is_withdrawn(body)}

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        nodes = zip(native_ids, self._told(native_ids, answer)[2:], strict=True)
        shown = [(self.kinds[one], body) for one, (code, body) in nodes if code == 200 and one not in self._bare]
        return each(shown, lambda row: self.stored_as(*row))

    def is_withdrawn(self, node: Any) -> bool:
        """Whether a node that is there may not be kept any more."""
        return False

    def stored_as(self, kind: str, node: Any) -> Item | None:
        """Return the row of a node that was collected as one of this kind; without words, where it has lost them."""
        return None

    def _told(self, native_ids: Sequence[str], answer: Answer) -> list[tuple[int, Any]]:
        """Return status and body of each part of a batch: of two probes, then of each id. 0 where none can be read."""
        parts = answer.content
        if not isinstance(parts, list) or len(parts) != len(native_ids) + 2 or None in parts[:2]:
            raise AnswerUnreadable(f"{self.name}: did not tell of every post whether it is there. Nothing was erased.")
        return list(map(_status_and_body, parts))

    def call(self, path: str, **params: Any) -> Request:
        """Return the request for a node or an edge."""
        return Request(f"{self.block.address}/{path}", params)


def _status_and_body(one: Any) -> tuple[int, Any]:
    # A part that took too long is null.
    try:
        return int(one["code"]), json.loads(one["body"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return 0, None


def more(content: Any, request: Request) -> tuple[Request, ...]:
    """Return the request for the next page, as a tuple of one or none. `next` only shows that there is one."""
    paging = part(content, "paging")
    after = part(paging, "cursors").get("after")
    return (request._replace(params={**request.params, "after": after}),) if paging.get("next") and after else ()


def node_of(request: Request) -> str:
    """Return the node whose edge a request asks for."""
    return request.url.split("/")[-2]


def moment_in(row: Any, field: str) -> datetime | None:
    """Return when a row of an answer was written; None where it does not say."""
    return texts.moment_or_none(part({"": row}, "").get(field))


def epoch(when: datetime) -> int:
    """Return a moment as the API takes it: whole seconds since 1970."""
    return int(when.timestamp())
