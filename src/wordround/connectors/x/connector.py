"""X: public posts that a search finds, within a budget, without anybody's name or number.

Contract: `/2/tweets/search/recent`, `/2/tweets/search/all` and `/2/tweets` of the X API (OpenAPI 2.167, which renames
`tweet` to `post` in parameters and answers; both are understood). Every post and every account in an answer costs.
Terms: nothing may be derived about a person's health, and an analysis of many people may store no ids and names of
accounts. So authors are not kept, not even as a hash; account names are only compared with those of organisations.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from wordround.comments import Refused
from wordround.connectors.asking.contract import Answer, Asked, Connector, Item, Page, Price, Request, Window, each
from wordround.connectors.asking.dialects import Dialect
from wordround.connectors.asking.parts import is_set, name, part, parts
from wordround.connectors.blocks import Query
from wordround.connectors.x import TERMS, Block
from wordround.connectors.x.rows import REPOSTED, comment_of, either, id_at, is_withheld, referred, written_at

_IDS_A_CHECK, _FEWEST_ROWS = 100, 10
_ACCOUNT_COSTS_AS = 2  # posts: $0.010 against $0.005
_FIELDS = "created_at,public_metrics,referenced_{0}s,entities,lang,author_id,edit_history_{0}_ids,withheld,note_{0}"


class Source(Connector):
    """Searches for hashtags, mentions and phrases, as many in one search as X takes."""

    name = "x"
    terms = TERMS
    block_type = Block
    block: Block
    credentials = {"bearer_token": "the bearer token of the trust's app"}  # noqa: RUF012
    dialect = Dialect("x-rate-limit-remaining", "x-rate-limit-reset")
    price = Price(unit="dollars", per_item=0.005)
    reach: timedelta | None = timedelta(days=7)  # the archive has no end
    # Rows that were paid for are not asked for again.
    order = "strict"
    tick = timedelta(0)
    # X does not search the last ten seconds.
    delay = timedelta(seconds=30)

    def __init__(
        self, block: Block, trust_code: str, secrets: Mapping[str, str], memory: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(block, trust_code, secrets, memory)
        self._rows_a_page, self._longest_question = (500, 1024) if block.archive else (100, 512)
        self.seconds_between = 1.0 if block.archive else 0.0
        self.reach = None if block.archive else timedelta(days=7)
        # A row can bring along its author and two posts that it refers to, which cost too.
        self._paid, self._paid_on = set[str](), datetime.now(UTC).date()
        self._a_row_costs_as = 1 + _ACCOUNT_COSTS_AS * block.tells_organisations + 2 * block.archive

    def headers(self, session: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secrets['bearer_token']}"}

    def is_out_of_budget(self, status: int, content: Any) -> bool:
        return status == 402 or (isinstance(content, dict) and "usage-capped" in str(content.get("type")))

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        word = self.block.vocabulary
        expansions = ["author_id"] * self.block.tells_organisations + [f"referenced_{word}s.id"] * self.block.archive
        params: dict[str, Any] = {
            "start_time": _second(window.since),
            # Of what a budget cut short, the rest ends within a second, which only an id can say.
            **({"until_id": id_at(window.until)} if window.until.microsecond else {"end_time": _second(window.until)}),
            "max_results": self._rows_a_page,
            f"{word}.fields": _FIELDS.format(word),
        }
        params |= {"expansions": ",".join(expansions)} if expansions else {}
        params |= {"user.fields": "username,protected"} if self.block.tells_organisations else {}
        url = f"{self.block.address}/2/tweets/search/{'all' if self.block.archive else 'recent'}"
        for question in _questions(query, self._longest_question):
            most = self._rows_a_page * self._a_row_costs_as
            yield Request(url, params | {"query": question}, most_items=most, listing=question)

    def for_fewer(self, request: Request, most_items: float) -> Request | None:
        rows = int(most_items // self._a_row_costs_as)
        if rows < _FEWEST_ROWS or "max_results" not in request.params:
            return None
        params = {**request.params, "max_results": rows}
        return request._replace(params=params, most_items=rows * self._a_row_costs_as)

    def read(self, answer: Answer, asked: Asked) -> Page:
        content, following = answer.content, answer.content["meta"].get("next_token")
        included = part(content, "includes")
        users, posts = _by_id(included.get("users")), _by_id(either(included, "posts"))
        rows = content.get("data") or []
        items = each(rows, lambda post: self._items(post, users, posts, asked.query.id))
        params = {**asked.request.params, "next_token": following}
        # Originals that come along with reposts may be of any age.
        moments = [moment for post in rows if (moment := written_at(post))]
        return Page(
            items,
            asked.request._replace(params=params) if following else None,
            newest=max(moments, default=None),
            oldest=min(moments, default=None),
            priced_items=self._priced(rows, posts, users),
        )

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        for start in range(0, len(native_ids), _IDS_A_CHECK):
            ids = native_ids[start : start + _IDS_A_CHECK]
            # A post costs the same with all its fields.
            word = self.block.vocabulary
            params = {"ids": ",".join(ids), f"{word}.fields": _FIELDS.format(word)}
            yield ids, Request(f"{self.block.address}/2/tweets", params, most_items=len(ids))

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        named = {
            str(error.get("resource_id") or error.get("value"))
            for error in answer.content.get("errors") or ()
            if str(error.get("type")).endswith(("/resource-not-found", "/not-authorized-for-resource"))
        }
        withheld = {post["id"] for post in answer.content.get("data") or () if is_withheld(post)}
        return set(native_ids) & (named | withheld)

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        return each(parts(answer.content.get("data")), lambda post: self._item(post, {}, {}, ""))

    def _priced(self, rows: Sequence[Any], posts: Mapping[str, Any], users: Mapping[str, Any]) -> int:
        """Return how many rows an answer costs: what was read once on a day (UTC) is not charged again on that day."""
        today = datetime.now(UTC).date()
        if self._paid_on != today:
            self._paid, self._paid_on = set(), today
        unnamed = sum(1 for row in rows if not isinstance(row, dict) or "id" not in row)
        new_posts = {*_by_id(rows), *posts} - self._paid
        new_users = {f"user {own_id}" for own_id in users} - self._paid
        self._paid |= new_posts | new_users
        return unnamed + len(new_posts) + _ACCOUNT_COSTS_AS * len(new_users)

    def _items(self, post: dict[str, Any], users: dict[str, Any], posts: dict[str, Any], query_id: str) -> list[Item]:
        """Return a post and, where it came along, the post that it reposts."""
        original = posts.get(referred(post, *REPOSTED) or "")
        both = [post, *([original] if original else ())]
        return each(both, lambda one: self._item(one, users, posts, query_id))

    def _item(self, post: dict[str, Any], users: dict[str, Any], posts: dict[str, Any], query_id: str) -> Item:
        author = users.get(name(post.get("author_id")) or "", {})
        if is_set(author.get("protected")):
            return Refused("not_public")
        if is_withheld(post):
            return Refused("removed")
        return comment_of(post, posts)._replace(
            trust_code=self.trust_code, author_handle=name(author.get("username")), query_id=query_id
        )


def _by_id(rows: Any) -> dict[str, dict[str, Any]]:
    return {own_id: row for row in parts(rows) if (own_id := name(row.get("id")))}


def _questions(query: Query, longest: int) -> Iterator[str]:
    """Yield searches, each with as many alternatives as its greatest length allows."""
    terms = [f"#{tag}" for tag in query.hashtags] + [f"@{name.lstrip('@')}" for name in query.accounts]
    terms += [f'"{words.replace(chr(34), " ")}"' for words in query.phrases]
    question = terms[0]
    for term in terms[1:]:
        if len(question) + len(" OR ") + len(term) > longest:
            yield question
            question = term
        else:
            question = f"{question} OR {term}"
    yield question


def _second(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S}Z"
