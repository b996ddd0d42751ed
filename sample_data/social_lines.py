"""One post as a line of JSON, with the id and the account that its source would give it.

Comes in: what somebody posted where and when. Goes out: the fields of a stand-in's post
(src/wordround/demo/standins/world.py), those that say nothing left out. Every account is made of two words that no
sentence of the phrases holds, and a number.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random

import voices

_FIRST = ("mossy", "brindl", "quartz", "zigzag", "tumble", "velvet", "umber", "jolly", "nimbly", "okapi", "dapple")
_SECOND = ("teapot", "otter", "marble", "lantrn", "wombat", "pebble", "cactus", "banjo", "yonder", "gizmo", "plover")
_BASE32 = "234567abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Line:
    """A post; the names are those of `wordround.demo.standins.world.Post`."""

    id: str
    text: str
    posted_at: datetime
    author: str
    received_at: datetime | None = None
    edited_at: datetime | None = None
    title: str | None = None
    language: str = "en"
    reply_to: str | None = None
    quote_of: str | None = None
    repost_of: str | None = None
    links: tuple[str, ...] = ()
    link_title: str | None = None
    likes: int = 0
    shares: int = 0
    replies: int = 0
    place: str = ""
    role: str | None = None
    is_deleted: bool = False
    is_private: bool = False
    is_opted_out: bool = False
    is_bot: bool = False
    extra: dict[str, object] = field(default_factory=dict)

    def but(self, **changes: object) -> "Line":
        """The same post, changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def written(self) -> str:
        """The line, without what is empty."""
        filled = {name: value for name, value in asdict(self).items() if value or name == "text"}
        if filled.get("language") == "en":
            del filled["language"]
        return json.dumps(filled, ensure_ascii=False, default=datetime.isoformat)


def account(rng: Random, source: str, people: int) -> str:
    """The account of one of so many people at a source: the same in every run, and another at every source."""
    who = Random(f"{source} {int(rng.random() * people)}")
    return f"{voices.pick(who, _FIRST)}{voices.pick(who, _SECOND)}{int(who.random() * 900) + 100}"


def id_at(rng: Random, source: str, when: datetime) -> str:
    """An id as the source makes them from the moment of posting: a TID at Bluesky, elsewhere a number that grows."""
    milliseconds, chance = int(when.timestamp() * 1000), int(rng.random() * 1024)
    if source == "bluesky":
        number = milliseconds * 1000 << 10 | chance
        return "".join(_BASE32[number >> shift & 31] for shift in range(60, -1, -5))
    return str(milliseconds << 12 | chance)


def write(path: Path, lines: Iterable[Line]) -> Path:
    """A file of lines, oldest first."""
    ordered = sorted(lines, key=lambda line: (line.received_at or line.posted_at, line.id))
    path.write_text("".join(f"{line.written()}\n" for line in ordered), encoding="utf-8")
    return path
