"""The real Bluesky server of tests/live/bluesky, and people on it who post, edit, repost, label themselves and leave.

They act through the SDK (`atproto`). The server's app view indexes what they did a moment later: `eventually` waits.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atproto import Client, models

from tests.fixtures.asking import fetching, gone_of

SERVE = Path(__file__).parent / "bluesky" / "serve.sh"
WALL = 250  # posts: production ends near 10,000, which is too many to post
PASSWORD = "live-password"  # pragma: allowlist secret
POST = "app.bsky.feed.post"


@contextmanager
def serving(state: str) -> Iterator[str]:
    """Yield the address of a fresh server (PDS) whose search ends after WALL posts."""
    environment = {**os.environ, "WORDROUND_LIVE_WALL": str(WALL)}
    command = [str(SERVE), str(Path(state).resolve())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            line = server.stdout.readline()
            assert line, "the server did not start: run tests/live/bluesky/setup.sh"
            yield json.loads(line)["pds"]
        finally:
            server.stdin.close()
            server.wait(60)


def eventually(look: Callable[[], Any], seconds: float = 60) -> Any:
    """Return what `look` returns, as soon as that is true of something.

    Looks less often as time goes by: who looks by signing in may do so thirty times in five minutes.
    """
    until, pause = time.monotonic() + seconds, 0.1
    while not (seen := look()):
        assert time.monotonic() < until, "the server did not show it in time"
        time.sleep(pause)
        pause = min(5, pause * 1.5)
    return seen


def gone(address: str, who: "Person", uris: list[str]) -> set[str]:
    """Return which posts the connector finds gone, asked as an account."""
    with fetching("bluesky", address, who.secrets, [{"id": "tag", "hashtags": ["any"]}]) as (driver, _):
        return gone_of(driver, uris)


class Person:
    """An account of its own on the server, and what it does there."""

    def __init__(self, address: str, name: str) -> None:
        self.handle = f"{name}.test"
        self.client = Client(base_url=f"{address}/xrpc")
        made = {"handle": self.handle, "password": PASSWORD, "email": f"{name}@example.org"}
        self.did = self.client.com.atproto.server.create_account(made).did
        self.client.login(self.handle, PASSWORD, fetch_bsky_profile=False)

    @property
    def secrets(self) -> dict[str, str]:
        """Return what the connector wants of an account."""
        return {"login": self.handle, "password": PASSWORD}

    def post(self, text: str, tag: str | None = None, **more: Any) -> models.ComAtprotoRepoStrongRef.Main:
        """Post a text, and a hashtag behind it as apps write one; `more` goes into the record."""
        made = self.client.com.atproto.repo.create_record(
            {"repo": self.did, "collection": POST, "record": record(text, tag, **more)}
        )
        return models.ComAtprotoRepoStrongRef.Main(uri=made.uri, cid=made.cid)

    def post_many(self, records: list[dict[str, Any]]) -> None:
        """Post records, as many at once as the server takes."""
        kind = "com.atproto.repo.applyWrites#create"
        for start in range(0, len(records), 100):
            writes = [{"$type": kind, "collection": POST, "value": each} for each in records[start : start + 100]]
            self.client.com.atproto.repo.apply_writes({"repo": self.did, "writes": writes})

    def does(self, what: str, post: models.ComAtprotoRepoStrongRef.Main) -> None:
        """Like or repost a post."""
        kind = f"app.bsky.feed.{what}"
        made = {"$type": kind, "subject": ref(post), "createdAt": iso(datetime.now(UTC))}
        self.client.com.atproto.repo.create_record({"repo": self.did, "collection": kind, "record": made})

    def edit(self, uri: str, text: str, tag: str, **more: Any) -> None:
        """Put another record in the place of a post."""
        self.client.com.atproto.repo.put_record(
            {"repo": self.did, "collection": POST, "rkey": uri.rpartition("/")[2], "record": record(text, tag, **more)}
        )

    def label(self, value: str) -> None:
        """Say something of oneself, as `!no-unauthenticated`."""
        labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": value}]}
        self.client.com.atproto.repo.put_record(
            {
                "repo": self.did,
                "collection": "app.bsky.actor.profile",
                "rkey": "self",
                "record": {"$type": "app.bsky.actor.profile", "displayName": "Somebody", "labels": labels},
            }
        )

    def sees(self, tag: str, **params: Any) -> dict[str, Any]:
        """Return what a search by hashtag shows to this account through the SDK, by uri."""
        seen: dict[str, Any] = {}
        cursor: str | None = None
        while True:
            asked = {"q": f"#{tag}", "tag": [tag], "sort": "latest", "limit": 100, "cursor": cursor, **params}
            page = self.client.app.bsky.feed.search_posts(asked)
            seen |= {view.uri: view for view in page.posts}
            cursor = page.cursor
            if not cursor:
                return seen

    def waits_for(self, tag: str, count: int) -> dict[str, Any]:
        """Return what a search by hashtag shows once it shows so many posts."""
        return eventually(lambda: seen if len(seen := self.sees(tag)) == count else None)


def record(text: str, tag: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a post's record: now, in English, with the hashtag as a facet, unless `more` says otherwise."""
    made: dict[str, Any] = {"$type": POST, "createdAt": iso(datetime.now(UTC)), "langs": ["en"]}
    if tag:
        start, text = len(f"{text} ".encode()), f"{text} #{tag}"
        made["facets"] = [facet(start, len(f"#{tag}".encode()), "tag", tag=tag)]
    made |= {"text": text, **more}
    return {name: value for name, value in made.items() if value is not None}


def facet(start: int, length: int, kind: str, **feature: str) -> dict[str, Any]:
    """Return what says that so many bytes of a text are a hashtag, a mention or a link."""
    return {
        "index": {"byteStart": start, "byteEnd": start + length},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}],
    }


def reply_to(post: models.ComAtprotoRepoStrongRef.Main) -> dict[str, Any]:
    """Return the part of a record that makes it a reply."""
    return {"reply": {"root": ref(post), "parent": ref(post)}}


def quoting(post: models.ComAtprotoRepoStrongRef.Main) -> dict[str, Any]:
    """Return the part of a record that makes it a quote."""
    return {"embed": {"$type": "app.bsky.embed.record", "record": ref(post)}}


def ref(post: models.ComAtprotoRepoStrongRef.Main) -> dict[str, str]:
    """Return how a record names a post."""
    return {"uri": post.uri, "cid": post.cid}


def iso(when: datetime) -> str:
    """Return a moment as the server writes one."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"
