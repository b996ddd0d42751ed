"""Care Opinion: stories of patients and carers, moderated before they are published.

Contract: the pages "Version 2 API" of careopinion.org.uk (endpoints, content, authentication, rate limiting). Stories
come oldest published first, by `skip` and `take`; only an empty page is the end. A story says by links which services
it is about and how many stars it gave them; only where it does not are its services asked for. Links in answers are
read and not followed: requests carry the key, so they go to the configured address alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

from wordround.comments import Rejected
from wordround.connectors.asking.contract import Answer, Asked, Connector, Item, Page, Request, Window, each
from wordround.connectors.asking.dialects import Dialect
from wordround.connectors.asking.parts import parts
from wordround.connectors.blocks import Query
from wordround.connectors.care_opinion import TERMS, Block
from wordround.connectors.care_opinion.rows import is_later, is_withdrawn, item_of, linked, published
from wordround.errors import AnswerUnreadable

_STORIES_A_PAGE = 100
# More broken stories in a row than this mean that the answer is not as documented.
_MOST_BROKEN = 3


class _ServicesOf(NamedTuple):
    """A story whose services are asked for, the stories that wait for theirs, and the request after them."""

    story: Mapping[str, Any]
    waiting: tuple[Mapping[str, Any], ...]
    then: Request | None


class Source(Connector):
    """Lists stories by place and tag."""

    name = "care_opinion"
    terms = TERMS
    block_type = Block
    credentials = {"key": "the HTTP header key of the trust's subscription"}  # noqa: RUF012
    dialect = Dialect("x-ratelimit-remaining", "x-ratelimit-reset")
    seconds_between = 0.2
    # Oldest first: half an answer lacks the newest stories, so it is whole from no moment on.
    order = "none"

    def headers(self, session: Any) -> dict[str, str]:
        return {"Authorization": f"SUBSCRIPTION_KEY {self.secrets['key']}", "Accept": "application/json"}

    def is_not_found_an_answer(self) -> bool:
        return True

    def asks(self, query: Query, window: Window) -> Iterator[Request]:
        # The contract does not say whether the day itself is included. The driver leaves out what is too early.
        after = f"{window.since - timedelta(days=1):%Y-%m-%d}"
        for name, values in (("nacs", query.places), ("tag", query.hashtags)):
            for value in values:
                params = {name: value, "publishedafter": after, "skip": 0, "take": _STORIES_A_PAGE}
                yield Request(f"{self.block.address}/opinions", params, about=0, listing=f"{name} {value}")

    def read(self, answer: Answer, asked: Asked) -> Page:
        if isinstance(asked.request.about, _ServicesOf):
            return self._services_page(answer, asked)
        if not isinstance(answer.content, list):
            return _smaller(answer, asked)
        ready: list[Any] = []
        waiting: list[Mapping[str, Any]] = []
        for story in answer.content:
            (waiting if _must_be_asked(story, asked.window) else ready).append(story)
        items = each(ready, lambda story: self._item(story, parts(story.get("healthservices")), asked))
        # Skips the number of stories that came: a page that lacks some must not make the next one skip any.
        following: Request | None = _next(asked.request, skip=len(answer.content))
        if all(is_later(story, asked.window) for story in answer.content):
            following = None  # an empty page, or nothing but what was published after the window
        return Page(items, self._ask_services(waiting, following))

    def checks(self, native_ids: Sequence[str]) -> Iterator[tuple[Sequence[str], Request]]:
        # First checks that this is the API: at a wrong address every story would seem to be gone.
        yield (), Request(f"{self.block.address}/opinions", {"take": 1})
        for native_id in native_ids:
            yield [native_id], Request(f"{self.block.address}/opinions/{quote(native_id, safe='')}")

    def gone(self, native_ids: Sequence[str], answer: Answer) -> set[str]:
        if not native_ids and not isinstance(answer.content, list):
            raise AnswerUnreadable(f"{self.name}: gives no list of stories. Nothing was erased. Look at `address`.")
        if answer.content is None or (isinstance(answer.content, dict) and is_withdrawn(answer.content)):
            return set(native_ids)
        return set()

    def still_there(self, native_ids: Sequence[str], answer: Answer) -> list[Item]:
        # The services of a story that does not name them are not asked for again.
        return each([answer.content], lambda one: item_of(one, parts(one.get("healthservices")), self.trust_code, ""))

    def _services_page(self, answer: Answer, asked: Asked) -> Page:
        """Read the services of one story. Where they cannot be had, the story is kept without them."""
        about: _ServicesOf = asked.request.about
        services = answer.content if isinstance(answer.content, list) else ()
        items = each([about.story], lambda story: self._item(story, services, asked))
        return Page(items, self._ask_services(about.waiting, about.then))

    def _item(self, story: Mapping[str, Any], services: Sequence[Any], asked: Asked) -> Item:
        return item_of(story, services, self.trust_code, asked.query.id)

    def _ask_services(self, waiting: Sequence[Mapping[str, Any]], then: Request | None) -> Request | None:
        if not waiting:
            return then
        story_id = quote(str(waiting[0]["id"]), safe="")
        about = _ServicesOf(waiting[0], tuple(waiting[1:]), then)
        return Request(f"{self.block.address}/opinions/{story_id}/healthservices", about=about)


def _next(request: Request, skip: int, broken: int = 0, take: int = _STORIES_A_PAGE) -> Request:
    params = {**request.params, "skip": request.params["skip"] + skip, "take": take}
    return request._replace(params=params, about=broken)


def _smaller(answer: Answer, asked: Asked) -> Page:
    """Skip a story that the server cannot give: one such fails its whole page ("Sorry! Something went wrong.")."""
    take = asked.request.params["take"]
    if answer.content is None or asked.request.about >= _MOST_BROKEN:
        raise TypeError("no list")
    if take > 1:
        return Page([], _next(asked.request, 0, asked.request.about, take // 2))
    rejected = Rejected(asked.request.params["skip"] + 1, "(whole row)", "unreadable_item", {})
    return Page([rejected], _next(asked.request, 1, asked.request.about + 1))


def _must_be_asked(story: Any, window: Window) -> bool:
    """Whether the services of a story must be asked for: it is of this window, and only says that it has some."""
    if not isinstance(story, dict) or "healthservices" in story or not story.get("id") or is_withdrawn(story):
        return False
    if linked(story, "healthservice") or (parts(story.get("links")) and not linked(story, "healthservices")):
        return False
    when = published(story)
    return when is not None and window.since <= when < window.until
