"""A Care Opinion server: stories, one by one and as a list, with the services that they are about.

As its pages on version 2 of the API describe it: a wrong key is sent to a login page, only an empty page is the end,
the list is sorted by publication, oldest first, and a story that cannot be given says "Sorry! Something went wrong.".
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from wordround.demo.standins.server import Call, Refuse, Reply, StandIn
from wordround.demo.standins.world import Post

KEY = "fernvale-header-key-0123456789"
SORRY = "Sorry! Something went wrong."
_LISTING = {"skip", "take", "nacs", "tag", "publishedafter", "submittedonafter", "format"}


class CareOpinion(StandIn):
    """`breaks`: whether a broken story costs its own entry or its whole page. `is_old`: links as they were named
    before. `embeds`: stories bring their services along, as some subscriptions have it. `names_services`: links say
    which services a story is about, with the stars, and its tags, as recorded answers do.
    """

    breaks = "entry"
    is_old = embeds = names_services = False

    def __init__(self, posts: list[Post] | None = None) -> None:
        super().__init__(posts)
        self.broken: set[str] = set()

    def answer(self, call: Call) -> Reply:
        if call.headers.get("authorization") != f"SUBSCRIPTION_KEY {KEY}":
            raise Refuse(302, "", {"Location": f"{self.address}/account/login?returnurl=x"})
        if call.path == "/opinions":
            return self._list(call)
        if match := re.fullmatch(r"/opinions/(\w+)(/healthservices)?", call.path):
            return self._one(match.group(1), bool(match.group(2)))
        raise Refuse(404, {"message": "No such endpoint"})

    def _list(self, call: Call) -> Reply:
        if unknown := set(call.params) - _LISTING:
            raise Refuse(400, {"message": f"unknown parameters {sorted(unknown)}"})
        skip, take = int(call.one("skip", "0")), int(call.one("take", "10"))
        if not 1 <= take <= 100 or skip < 0:
            raise Refuse(400, {"message": "take must be 1 to 100"})
        page, _ = self.page(self._found(call), str(skip), take)
        if self.breaks == "page" and any(post.id in self.broken for post in page):
            return Reply(f'"{SORRY}"')
        return Reply([SORRY if post.id in self.broken else self._view(post) for post in page])

    def _found(self, call: Call) -> list[Post]:
        after, place, tag = call.one("publishedafter"), call.one("nacs"), call.one("tag").lower()
        if after and not re.fullmatch(r"\d{4}-\d\d-\d\d", after):
            raise Refuse(400, {"message": "publishedafter must be a date"})
        found = [
            post
            for post in self.posts
            if not post.is_deleted
            # After the day itself: the stricter of two readings.
            and (not after or f"{post.received:%Y-%m-%d}" > after)
            and (not place or post.place == place)
            and (not tag or f"#{tag}" in post.text.lower())
        ]
        return sorted(found, key=lambda post: (post.received, post.id))

    def _one(self, story_id: str, wants_services: bool) -> Reply:
        post = next((post for post in self.posts if post.id == story_id and not post.is_deleted), None)
        if post is None:
            raise Refuse(404, {"message": "Not found"})
        return Reply(_services(post) if wants_services else self._view(post))

    def _view(self, post: Post) -> dict[str, Any]:
        self_link = f"{self.address}/opinions/{post.id}"
        names = ("rel", "href") if self.is_old else ("relation", "link")
        links = [("self", self_link), ("tags", f"{self_link}/tags"), ("responses", f"{self_link}/responses")]
        if _services(post):
            links.append(("healthservices", f"{self_link}/healthservices"))
        return {
            "id": int(post.id) if post.id.isdigit() else post.id,
            "title": post.title,
            "body": post.text,
            "dateOfSubmission": _iso(post.posted_at),
            "dateOfPublication": _iso(post.received),
            "criticality": post.extra.get("criticality"),
            "progress": post.extra.get("progress", "no response"),
            "authorRole": post.role,
            "authorAgeGroup": "41-50",
            "submissionRoute": "website",
            "aFieldOfTomorrow": {"nested": [None]},
            "source": post.extra.get("source", "po"),
            "links": [{names[0]: name, "id": None, names[1]: link} for name, link in links]
            + (_recorded_links(post, *names) if self.names_services else []),
        } | ({"healthservices": _services(post)} if self.embeds else {})


def _recorded_links(post: Post, relation: str, address: str) -> list[dict[str, Any]]:
    codes, tags = post.extra.get("codes", ["XFV01_110"]), post.extra.get("tags", [])
    assert isinstance(codes, list)
    assert isinstance(tags, list)
    named = [("healthservice", code) for code in codes] + [("tag", tag) for tag in tags]
    named += [("response", str(number)) for number in range(post.replies)]
    links = [{relation: name, "id": own_id, address: "https://co.example.test/x"} for name, own_id in named]
    return [link | ({"score": post.rating} if link[relation] == "healthservice" else {}) for link in links]


def _services(post: Post) -> list[dict[str, Any]]:
    given = post.extra.get("services", [service("XFV01-KES", "Kestrel Ward", "service", "XFV01")])
    assert isinstance(given, list)
    return given


def service(
    nacs: str, name: str, kind: str, site: str | None, organisation: str = "Fernvale NHS Trust"
) -> dict[str, Any]:
    return {"nacs": nacs, "name": name, "type": kind, "organisation": organisation, "siteNacs": site, "links": []}


def _iso(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def limits(remaining: int, seconds: float) -> dict[str, str]:
    """Return the headers that say what is left and when there is more."""
    reset = int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())
    return {"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": str(remaining), "X-RateLimit-Reset": str(reset)}
