"""A world to let faults happen in: a home with a history, what is new to it, and what an undisturbed day makes of both.

There is one for each engine. A lake has its catalogue and its records in Postgres where a server is installed, else in
files.
"""

import json
import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import duckdb

from tests.chaos.reading import Reading, what_is_published
from tests.chaos.steps import CONVERSATION, CONVERSATION_DAYS, IN_ORDER, Ended, Step
from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.postgres import Server
from tests.fixtures.social import SECRETS, block
from wordround.demo.standins.__main__ import posts_in
from wordround.demo.standins.bluesky import Bluesky
from wordround.demo.standins.world import Post
from wordround.folders import SAMPLE_DATA

PROJECT = Path(__file__).resolve().parents[2]
SERVICES = ("Kestrel Ward", "Heron Ward")
PRAISE = ("Kind nurses", "Everybody was lovely", "Good food and a clean ward", "The doctor explained it all")
BLAME = ("The wait was far too long", "Nobody told us anything", "Parking was a nightmare", "Rude at the desk")
SINCE = date(2026, 9, 28)
# The steps that leave another published file.
PUBLISHING = ("publish", "erase", "restore")
WAITS = {"WORDROUND_WAIT_SECONDS": "240"}


class Undisturbed(Exception):
    """A step has failed although nothing happened to it: no fault of the campaign's making."""


@dataclass
class Home:
    """A data home, how the steps are told of it, and the folder beside it for what they say and for backups."""

    path: Path
    environment: Mapping[str, str]
    beside: Path

    @property
    def published(self) -> Path:
        return self.path / "published" / "wordround.duckdb"

    @property
    def backups(self) -> Path:
        return self.beside / f"{self.path.name}.backups"

    def step(self, name: str, argument: str = "", limit: int = 0) -> Step:
        """Start a step."""
        log = self.beside / f"{self.path.name}.{name}.log"
        return Step(name, self.environment, log, argument, limit)

    def must(self, name: str, argument: str = "") -> Ended:
        """Do a step to which nothing may happen any more. Raises Undisturbed."""
        ended = self.step(name, argument).ended()
        if ended.code:
            raise Undisturbed(f"{name} ends with {ended.code}: {ended.last}")
        return ended


def posts() -> list[Post]:
    """The sample's posts of the stand-in of the days that are asked for: few, so that a step is short."""
    file = SAMPLE_DATA / "synthetic_social" / "bluesky.jsonl"
    return [post for post in posts_in(file) if post.posted_at.date() >= SINCE]


class World:
    """`engine`: duckdb or ducklake. `server`: of the catalogue and the records of a lake, None for files.

    `steps`: of a day, by default all. `publishes`: whether the history is published before it.
    """

    def __init__(
        self, folder: Path, seed: int, engine: str, standin: Bluesky, server: Server | None = None,
        weeks: int = 16, rows_a_week: int = 8, steps: tuple[str, ...] = IN_ORDER,
        publishes: bool = True,
    ) -> None:  # fmt: skip
        self.folder, self.chance, self.engine, self.server = folder, random.Random(seed), engine, server
        self._today = date.today()
        self.steps, self.standin, self.publishes = steps, standin, publishes
        folder.mkdir(parents=True, exist_ok=True)
        self._config = folder / "wordround.toml"
        own = (PROJECT / "wordround.toml").read_text(encoding="utf-8")
        self._config.write_text(f"{own}\n{block(standin, SINCE)}\n{self._added()}", encoding="utf-8")
        self._databases: dict[str, str] = {}
        self.base = self.home("base", is_new=True)
        old, new = self._answers(weeks, rows_a_week)
        write_csv(self.base.path / "inbox" / "fft" / "history.csv", old)
        build = ("understand", "gate_loaded", "build", "gate_publishable", "publish") if publishes else ()
        for name in ("collect", "ask before", "load", *build):
            self.base.must(name)
        write_csv(self.base.path / "inbox" / "fft" / "new.csv", new)
        self.seconds: dict[str, float] = {}
        self.expected: dict[str, Path] = {}
        self._undisturbed()

    def _added(self) -> str:
        begins, ends = CONVERSATION_DAYS[0], CONVERSATION_DAYS[1] + timedelta(days=1)
        conversation = (
            f'[[conversations]]\nname = "{CONVERSATION}"\ntags = ["FernvaleNHS"]\n'
            f"begins = {begins.isoformat()}T00:00:00\nends = {ends.isoformat()}T00:00:00\n"
        )
        return conversation + ('[engine]\nwarehouse = "ducklake"\n' if self.engine == "ducklake" else "")

    def _answers(self, weeks: int, rows_a_week: int) -> tuple[list[list[str]], list[list[str]]]:
        first = self._today - timedelta(weeks=weeks + 2)
        old = self._rows(0, weeks * rows_a_week, first, weeks)
        # The newest: it corrects some answers of the history and repeats others.
        new = [*self._rows(5000, 3 * rows_a_week, first + timedelta(weeks=weeks), 2), *old[-10:]]
        new[-1] = [*new[-1][:5], "Corrected: kind nurses", *new[-1][6:]]
        return old, new

    def _rows(self, begin: int, count: int, first: date, weeks: int) -> list[list[str]]:
        chance = self.chance
        return [
            form(
                begin + number, date=(first + timedelta(days=7 * weeks * number // count)).isoformat(),
                good=f"{chance.choice(PRAISE)}, {number}", better=f"{chance.choice(BLAME)}, {number}",
                score=str(chance.randint(1, 5)), service=chance.choice(SERVICES),
            )
            for number in range(count)
        ]  # fmt: skip

    def home(self, name: str, like: Home | None = None, is_new: bool = False, below: Path | None = None) -> Home:
        """Return a home of that name: a copy of the base or of another one, or an empty one. It replaces a former."""
        path = (below or self.folder) / name
        shutil.rmtree(path, ignore_errors=True)
        environment = {
            "WORDROUND_HOME": str(path), "WORDROUND_CONFIG": str(self._config), **WAITS,
            **{f"WORDROUND_BLUESKY_{secret.upper()}": value for secret, value in SECRETS.items()},
        }  # fmt: skip
        before = None if is_new else (like or self.base)
        if before:
            shutil.copytree(before.path, path, symlinks=True)
        if self.engine == "ducklake" and self.server is not None:
            for variable in ("WORDROUND_CATALOGUE_URL", "WORDROUND_RECORDS_URL"):
                template = before.environment[variable] if before else None
                environment[variable] = self.server.new_database(like=template)
        home = Home(path, environment, self.folder)
        shutil.rmtree(home.backups, ignore_errors=True)
        home.backups.mkdir()
        if before and self.engine == "ducklake":
            # What the copied catalogue names is the home that it was copied from.
            home.must("claim")
        return home

    def _undisturbed(self) -> None:
        """Do a day to which nothing happens: how long each step takes, and what is published in the end."""
        reference = self.home("reference")
        for name in self.steps:
            if name == "erase":
                self.erased = comment_of_one(reference.published)
            ended = self.start(reference, name).ended()
            if ended.code:
                raise Undisturbed(f"{name} ends with {ended.code}: {ended.last}")
            self.seconds[name] = ended.seconds
            if name in PUBLISHING:
                self.expected[name] = self.folder / f"expected-{name}.duckdb"
                shutil.copyfile(self.published_by(reference, name), self.expected[name])
        self.counted = reference.must("count").said
        if any(count for name, count in json.loads(self.counted).items() if name.endswith("twice")):
            raise Undisturbed(f"rows stand there twice: {self.counted}")

    def bring_the_next(self, home: Home) -> None:
        """Put a file into a home that answers of today are in, later than all others, and do the day with it."""
        rows = [
            form(9000 + number, date=self._today.isoformat(), good=f"{praise}, at last", score="1", service=service)
            for number, (praise, service) in enumerate(zip(PRAISE, SERVICES * 2, strict=True))
        ]
        write_csv(home.path / "inbox" / "fft" / "next.csv", rows)
        home.must("day")

    @cached_property
    def after_the_next(self) -> Home:
        """A home to which nothing happens, on its day and on that of the next file, with its report."""
        home = self.home("after-the-next")
        home.must("day")
        self.bring_the_next(home)
        home.must("report")
        return home

    @property
    def day_seconds(self) -> float:
        """How long what a day publishes takes to make."""
        names = self.steps[: self.steps.index("publish") + 1]
        return sum(self.seconds[name] for name in names)

    def start(self, home: Home, name: str) -> Step:
        """Start a step of the day of a home; what is restored goes into an empty home of its own."""
        place = self.home("restored", is_new=True) if name == "restore" else home
        return place.step(name, self.argument(home, name))

    def finish(self, home: Home, name: str) -> Ended:
        """Do what the runbook says after a step was cut short: most are begun again. Raises Undisturbed."""
        if name == "erase":
            home.must("resume")
        ended = self.start(home, name).ended()
        if ended.code:
            raise Undisturbed(f"{name}, begun again, ends with {ended.code}: {ended.last}")
        return ended

    def argument(self, home: Home, name: str) -> str:
        """Return what a step is told beside its settings."""
        if name == "backup":
            return str(home.backups)
        if name == "restore":
            return str(next(path for path in sorted(home.backups.glob("*.tar")) if ".keys" not in path.name))
        return self.erased if name == "erase" else ""

    def published_by(self, home: Home, name: str) -> Path:
        """Return the published file that a step has made."""
        return self.folder / "restored" / "published" / "wordround.duckdb" if name == "restore" else home.published

    def reading(self, home: Home) -> Reading:
        """Return a reader of a home who accepts what may be published in a day, in that order."""
        later = [self.expected[name] for name in ("publish", "erase") if name in self.expected]
        published = [self.base.published, *later]
        return Reading(home.published, [what_is_published(path) for path in published])


def comment_of_one(published: Path) -> str:
    """Return the id of a comment whose words nobody else wrote."""
    with duckdb.connect(str(published), read_only=True) as connection:
        found = connection.execute(
            """select min(comment_id) from marts.fct_comments
               group by comment_text having count(*) = 1 order by comment_text limit 1"""
        ).fetchone()
    assert found is not None
    return str(found[0])
