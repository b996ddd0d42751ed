"""How fast the web page answers: fifty readers, five seconds between pages, for two minutes.

`python bench/serving.py [HOME] [READERS] [SECONDS]`, from the root of the clone; without a home, the small published
warehouse of the tests. The server runs in a process of its own, as `wordround serve` starts it.

Prints the middle and the 95th percentile of each kind of page, in milliseconds and as a ratio to a page that reads
nothing, and how the server's memory grew.
"""

import asyncio
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import httpx
import psutil
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.fixtures.published import publish

BETWEEN_SECONDS = 5.0
EMPTY, SLOW = "/no-such-page", "/search"


@contextmanager
def served(home: Path):
    """The address of the page of this home, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).with_name("wordround"))
    environment = {**os.environ, "WORDROUND_HOME": str(home)}
    with subprocess.Popen(
        [program, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL
    ) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            while True:
                try:
                    httpx.get(f"{address}/", timeout=60)
                    break
                except httpx.ConnectError:
                    time.sleep(0.1)
            yield address, psutil.Process(process.pid)
        finally:
            process.terminate()


async def read(client: httpx.AsyncClient, until: float, took: dict[str, list[float]], chance: random.Random) -> None:
    """One reader, who opens one of the links of the page that is open, and the first page from time to time."""
    path = "/"
    await asyncio.sleep(chance.random() * BETWEEN_SECONDS)
    while time.monotonic() < until:
        begun = time.perf_counter()
        answer = await client.get(path)
        took["/" + path.strip("/").split("/")[0].split("?")[0]].append(1000 * (time.perf_counter() - begun))
        links = [
            link for link in re.findall(r'href="(/[^"]*)"', answer.text) if "assets" not in link and ".csv" not in link
        ]
        path = EMPTY if chance.random() < 0.05 else chance.choice(links) if links and chance.random() < 0.9 else "/"
        path = path.replace("&amp;", "&")
        await asyncio.sleep(BETWEEN_SECONDS)


async def load(address: str, readers: int, seconds: float) -> dict[str, list[float]]:
    """How long each page took, in milliseconds, by kind."""
    took: dict[str, list[float]] = defaultdict(list)
    limits = httpx.Limits(max_connections=readers)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits, follow_redirects=True) as client:
        until = time.monotonic() + seconds
        chances = [random.Random(number) for number in range(readers)]
        await asyncio.gather(*(read(client, until, took, chance) for chance in chances))
    return took


def percentile(values: list[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def main(home: Path, readers: int, seconds: float) -> None:
    """Load the page of a home and print what it took."""
    with served(home) as (address, process):
        # The first look at a publication reads and draws what every later one is given.
        asyncio.run(load(address, 4, 10))
        before = process.memory_info().rss
        took = asyncio.run(load(address, readers, seconds))
        after = process.memory_info().rss
    empty = median(took.pop(EMPTY, [1.0]))
    table = Table(
        title=f"{readers} readers, {seconds:.0f} s, {sum(map(len, took.values())):,} pages", title_justify="left"
    )
    for column in ("pages", "number", "middle ms", "95 % ms", "95 % / empty page"):
        table.add_column(column)
    pages = {"all but search": [one for kind, values in took.items() if kind != SLOW for one in values], **took}
    for kind, values in sorted(pages.items()):
        p95 = percentile(values)
        table.add_row(kind, f"{len(values):,}", f"{median(values):.0f}", f"{p95:.0f}", f"{p95 / empty:.1f}")
    Console().print(table)
    print(f"an empty page takes {empty:.1f} ms; memory {before / 1e6:.0f} MB before and {after / 1e6:.0f} MB after")


if __name__ == "__main__":
    given = sys.argv[1:]
    number, wanted = int(given[1]) if len(given) > 1 else 50, float(given[2]) if len(given) > 2 else 120
    if given:
        main(Path(given[0]).resolve(), number, wanted)
    else:
        with TemporaryDirectory() as folder:
            publish(Path(folder))
            main(Path(folder), number, wanted)
