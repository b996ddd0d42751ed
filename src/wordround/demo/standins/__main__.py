"""Serves posts of a folder: `python -m wordround.demo.standins --posts sample_data/synthetic_social`.

The folder holds a file `<source>.jsonl` for each source, one post a line with the fields of `world.Post`. First one
line of JSON is printed, {source: {address, secrets}}, where `secrets` are what the stand-in wants of who asks. Then
they serve, on loopback, until standard input is closed: a process that started them cannot leave them behind.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from wordround.demo.standins.server import StandIn
from wordround.demo.standins.world import Post

# Name of a secret, as its connector declares it: the constant of the stand-in's module that holds it.
_SECRETS: Mapping[str, Mapping[str, str]] = {
    "bluesky": {"login": "LOGIN", "password": "PASSWORD"},
    "mastodon": {"token": "TOKEN"},
    "x": {"bearer_token": "TOKEN"},
    "care_opinion": {"key": "KEY"},
}
# Where stories do not bring their services along, each costs a request, and a fifth of a second. A feed shows its
# latest entries alone, and who asks once wants all.
_HABITS: Mapping[str, Mapping[str, object]] = {"care_opinion": {"embeds": True}, "feeds": {"shows": 1_000}}

_MOMENTS = ("posted_at", "received_at", "edited_at")
_TUPLES = ("links", "mentions")


def post_of(line: str) -> Post:
    """Return the post of a line. Raises TypeError where a field is none of a post's, KeyError where one is missing."""
    fields = json.loads(line)
    fields |= {name: datetime.fromisoformat(fields[name]) for name in _MOMENTS if name in fields}
    fields |= {name: tuple(fields[name]) for name in _TUPLES if name in fields}
    return Post(**fields)


def posts_in(file: Path) -> list[Post]:
    """Return the posts of a file."""
    return [post_of(line) for line in file.read_text(encoding="utf-8").splitlines()]


def standin_for(source: str, posts: list[Post]) -> tuple[StandIn, dict[str, str]] | None:
    """Return the stand-in of a source with these posts, and what it wants of who asks; None where there is none."""
    try:
        module = import_module(f"wordround.demo.standins.{source}")
    except ModuleNotFoundError:
        return None
    standin: StandIn = _kind_in(module)(posts)
    for name, value in _HABITS.get(source, {}).items():
        setattr(standin, name, value)
    return standin, {name: getattr(module, constant) for name, constant in _SECRETS.get(source, {}).items()}


def _kind_in(module: ModuleType) -> type[Any]:
    kinds = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, StandIn)]
    return next(kind for kind in kinds if kind.__module__ == module.__name__)


def main() -> None:
    """Serve until standard input is closed."""
    parser = argparse.ArgumentParser(prog="python -m wordround.demo.standins", description=__doc__)
    parser.add_argument("--posts", type=Path, required=True, help="folder with a file <source>.jsonl for each source")
    folder = parser.parse_args().posts
    with ExitStack() as stack:
        started = {}
        for file in sorted(folder.glob("*.jsonl")):
            if found := standin_for(file.stem, posts_in(file)):
                standin, secrets = found
                started[file.stem] = {"address": stack.enter_context(standin).address, "secrets": secrets}
        print(json.dumps(started), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
