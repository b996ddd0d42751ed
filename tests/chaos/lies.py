"""A source that lies: lengths that are none, posts twice, days to come, a listing without an end.

The day goes on without what cannot be believed; once the source is honest again the same is published as without it.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import duckdb

from tests.chaos.faults import in_the_end, reading, stopped
from tests.chaos.kills import Round
from tests.chaos.worlds import Home, World
from wordround.demo.standins.bluesky import Bluesky
from wordround.demo.standins.server import Call, Reply


class Liar(Bluesky):
    """A stand-in that tells the truth until `lie` is set."""

    lie: "Callable[[dict], object] | None" = None

    def answer(self, call: Call) -> Reply:
        reply = super().answer(call)
        if self.lie is not None and isinstance(reply.body, dict) and "posts" in reply.body:
            reply.body = json.loads(json.dumps(reply.body))
            self.lie(reply.body)
        return reply


def _twice(body: dict) -> None:
    body["posts"] += body["posts"]


def _loop(body: dict) -> None:
    body["cursor"] = "0"


def _future(body: dict) -> None:
    for post in body["posts"]:
        post["record"]["createdAt"] = (datetime.now(UTC) + timedelta(days=400)).isoformat()


def _half(body: dict) -> None:
    for post in body["posts"]:
        del post["record"]


LIES: dict[str, Callable[[dict], None]] = {
    "every post twice": _twice,
    "a listing without an end": _loop,
    "days to come": _future,
    "posts without their words": _half,
}
CUT = ("cut", "half", "page")


def lying_source(world: World, home: Home, found: Round) -> None:
    """A source lies for a day, and is honest on the next."""
    name = world.chance.choice([*LIES, *CUT])
    found.place = name
    standin = world.standin
    assert isinstance(standin, Liar)
    if name in LIES:
        standin.lie = LIES[name]
    else:
        standin.misbehave(name, times=1000, on="searchPosts")
    try:
        with reading(world, home, found):
            stopped(found, home.step("ask").ended())
    finally:
        standin.lie = None
        standin.faults.clear()
    if name != "days to come":
        with reading(world, home, found):
            in_the_end(world, home, found)
        return
    # By its own index the source says when it received them: that day counts.
    home.must("day")
    with duckdb.connect(str(home.published), read_only=True) as connection:
        late = "select count(*) from marts.fct_comments where posted_date > current_date"
        if connection.execute(late).fetchone() != (0,):
            found.faults.append("a day to come is published")
