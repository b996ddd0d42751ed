"""How fast a connector takes posts from a server on loopback, and whether memory grows with the number of pages.

The server is a process of its own that answers whole pages of one hundred different posts, so that what is measured is
the connector, the driver and (with `--land`) de-identification and landing. Run: `python bench/asking.py [POSTS]
[--land]`.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx

from tests.fixtures.social import SECRETS, block
from wordround.connectors import registry
from wordround.connectors.asking.contract import Window
from wordround.connectors.asking.driver import Driver
from wordround.connectors.asking.fetching import Fetcher
from wordround.demo.standins.bluesky import Bluesky
from wordround.demo.standins.bluesky_views import view
from wordround.demo.standins.server import Call, Reply
from wordround.demo.standins.world import posts

UNTIL = datetime(2026, 11, 20, tzinfo=UTC)
PAGES_BETWEEN_READINGS = 500


class Endless(Bluesky):
    """Answers as many pages as it was told: one page made once, with ids and moments of their own."""

    def __init__(self, count: int) -> None:
        super().__init__()
        views = [view(each, {}) for each in posts(100, until=UNTIL)]
        for number, one in enumerate(views):
            one["uri"] = f"at://did:plc:writer/app.bsky.feed.post/@{number:02}"
            one["indexedAt"] = one["record"]["createdAt"] = "!"
        self._template, self._count = json.dumps({"posts": views})[:-1], count
        self.short_every = 0

    def _search(self, call: Call) -> Reply:
        start = int(call.one("cursor", "0"))
        moment = UNTIL - timedelta(seconds=start // 100 + 1)
        body = self._template.replace("/@", f"/{start // 100:08}").replace('"!"', f'"{moment:%Y-%m-%dT%H:%M:%SZ}"')
        self.calls.clear()
        more = f', "cursor": "{start + 100}"' if start + 100 < self._count else ""
        return Reply(body + more + "}")


def serve(count: int) -> None:
    """Serve until standard input closes; print the address first."""
    with Endless(count) as standin:
        print(standin.address, flush=True)
        sys.stdin.read()


def megabytes() -> float:
    """Resident memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def ask(address: str) -> tuple[int, float, list[float]]:
    """Return (posts, seconds, resident megabytes on the way) of paging through everything."""
    kind = registry.connector("bluesky")
    settings = registry.blocks()["bluesky"](address=address, queries=[{"id": "tag", "hashtags": ["FernvaleNHS"]}])
    connector = kind(settings, "XFV", SECRETS)
    connector.wall = None
    window = Window(UNTIL - timedelta(days=400), UNTIL)
    count, memory, begun = 0, [], time.perf_counter()
    with Fetcher(connector) as fetcher:
        for number, page in enumerate(Driver(connector, fetcher).collect([(settings.queries[0], [window])])):
            count += len(page)
            if number % PAGES_BETWEEN_READINGS == 0:
                memory.append(megabytes())
    return count, time.perf_counter() - begun, [*memory, megabytes()]


def plainly(address: str) -> tuple[int, float]:
    """Return (posts, seconds) of the plainest loop there is: fetch a page, parse it, count its posts."""
    count, cursor, begun = 0, "", time.perf_counter()
    with httpx.Client() as client:
        login = {"identifier": SECRETS["login"], "password": SECRETS["password"]}
        token = client.post(f"{address}/xrpc/com.atproto.server.createSession", json=login).json()["accessJwt"]
        headers = {"Authorization": f"Bearer {token}"}
        while True:
            params = {"q": "#FernvaleNHS", "limit": 100, **({"cursor": cursor} if cursor else {})}
            page = client.get(f"{address}/xrpc/app.bsky.feed.searchPosts", params=params, headers=headers).json()
            count += len(page["posts"])
            cursor = page.get("cursor", "")
            if not cursor:
                return count, time.perf_counter() - begun


def land(address: str, folder: Path) -> tuple[int, float, list[float]]:
    """The same through de-identification and landing."""
    import os

    from wordround.collect import queries as querying
    from wordround.connectors.bluesky.connector import Source
    from wordround.settings import PROJECT, load_settings

    Source.wall = None
    config = folder / "wordround.toml"
    written = (PROJECT / "wordround.toml").read_text()
    config.write_text(written + block(_At(address), date(2026, 1, 1)))
    os.environ |= {"WORDROUND_HOME": str(folder / "home"), "WORDROUND_CONFIG": str(config)}
    begun = time.perf_counter()
    outcome = querying.collect(load_settings(), "bluesky", date(2026, 11, 20), SECRETS)
    return outcome.queries["tag"].rows, time.perf_counter() - begun, [megabytes()]


class _At:
    def __init__(self, address: str) -> None:
        self.address = address


def measure(count: int, through_landing: bool) -> dict[str, float]:
    """Return posts, seconds, posts a second, and memory at a tenth of the way and at the end, in megabytes."""
    command = [sys.executable, __file__, "--serve", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        address = server.stdout.readline().strip()
        _, plain_seconds = plainly(address)
        with tempfile.TemporaryDirectory() as folder:
            taken, seconds, memory = land(address, Path(folder)) if through_landing else ask(address)
        server.stdin.close()
    assert taken == count, f"{taken} of {count}"
    early = memory[len(memory) // 10]
    return {
        "posts": taken,
        "seconds": round(seconds, 1),
        "posts_a_second": round(taken / seconds),
        "times_a_plain_loop": round(seconds / plain_seconds, 2),
        "megabytes_early": round(early),
        "megabytes_at_the_end": round(memory[-1]),
    }


def main(posts: int) -> dict[str, float]:
    """Print what it took to ask for so many posts, and return what is to be compared."""
    measured = measure(posts, through_landing=False)
    print(json.dumps(measured))
    return {
        f"asking for {posts:,} posts, plain loops": measured["times_a_plain_loop"],
        f"asking for {posts:,} posts, MB": measured["megabytes_at_the_end"],
    }


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve(int(sys.argv[2]))
    else:
        numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
        print(json.dumps(measure(numbers[0] if numbers else 100_000, "--land" in sys.argv)))
