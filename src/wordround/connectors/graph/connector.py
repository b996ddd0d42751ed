"""The Graph API of Meta, as far as its sources share it: token, errors, limits, paging, and checks in batches.

Of `paging` only the cursor is used: its addresses hold the token, and are not followed.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal

from wordround.connectors.asking import texts
from wordround.connectors.asking.contract import Answer, Connector, Request
from wordround.connectors.asking.parts import is_set, part
from wordround.connectors.graph.errors import BUSY, error_of, has_token_ended, is_busy, is_gone
from wordround.connectors.graph.usage import Usage
from wordround.errors import AnswerUnreadable, SourceBusy

ROWS_A_PAGE = 100
_IDS_A_CHECK = 48  # a batch holds 50 requests


class GraphSource(Connector):
    """A source behind the Graph API. A subclass says what shows that its token still sees its account."""

    dialect = Usage()
    order: ClassVar[Literal["strict", "loose", "none"]] = "none"  # comments lie in time between the posts behind them
    # The field that says whether a row is hidden, and what the token must see, in words.
    hidden_field: ClassVar[str] = "is_hidden"
    account: ClassVar[str] = "the account"

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
        probes = self.probes()
        for start in range(0, len(native_ids) if probes else 0, _IDS_A_CHECK):
            ids = native_ids[start : start + _IDS_A_CHECK]
            # Where the token does not see its account, every post looks deleted.
            wanted = [*probes, *(f"{name}?fields=id,{self.hidden_field}" for name in ids)]
            batch = json.dumps([{"method": "GET", "relative_url": one} for one in wanted])
            yield ids, Request(f"{self.block.address}/", form={"batch": batch, "include_headers": "false"})

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        parts = answer.content
        if not isinstance(parts, list) or len(parts) != len(native_ids) + 2 or None in parts:
            raise AnswerUnreadable(f"{self.name}: did not tell of every post whether it is there. Nothing was erased.")
        answers = [(each["code"], json.loads(each["body"])) for each in parts]
        unclear = [body for code, body in answers[:2] if code != 200]
        unclear += [body for code, body in answers[2:] if code != 200 and not is_gone(body)]
        if any(error_of(body).get("code") in BUSY for body in unclear):
            raise SourceBusy(f"{self.name}: wants fewer requests. Nothing was erased; the next run asks again.")
        if unclear:
            raise AnswerUnreadable(f"{self.name}: does not show {self.account} to this token. Nothing was erased.")
        pairs = zip(native_ids, answers[2:], strict=True)
        return {name for name, (code, body) in pairs if code != 200 or is_set(body.get(self.hidden_field))}

    def call(self, path: str, **params: Any) -> Request:
        """Return the request for a node or an edge."""
        return Request(f"{self.block.address}/{path}", params)


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
