"""The campaign of faults (`make chaos`) in short: a day whose every step is killed, and what the campaign notices."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.chaos.campaign import ENGINES, FAULTS, let_happen, rounds
from tests.chaos.lies import Liar
from tests.chaos.reading import Reading, differences, what_is_published
from tests.chaos.steps import CONVERSATION_DAYS, IN_ORDER
from tests.chaos.worlds import World, posts

pytestmark = pytest.mark.slow

# A day up to what analysts read; what comes after it takes as long again.
SHORT = IN_ORDER[: IN_ORDER.index("publish") + 1]


@pytest.fixture(scope="module")
def standin() -> Iterator[Liar]:
    with Liar([post for post in posts() if post.posted_at.date() >= CONVERSATION_DAYS[0]]) as standin:
        yield standin


@pytest.fixture(scope="module")
def world(standin: Liar, tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"), 7, "duckdb", standin, weeks=4, rows_a_week=6, steps=SHORT)


def test_nothing_is_lost_or_doubled_where_every_step_is_killed(world: World) -> None:
    found = let_happen(world, "killed", often=1)
    assert found.faults == []
    assert found.reads > 0
    assert found.kills.total() >= len(SHORT) / 3, found.kills


@pytest.mark.parametrize("engine", ENGINES)
def test_a_load_that_is_killed_after_each_commit_loads_everything_once(
    standin: Liar, tmp_path: Path, engine: str
) -> None:
    steps = ("collect", "load")
    world = World(tmp_path, 8, engine, standin, weeks=4, rows_a_week=6, steps=steps, publishes=False)
    found = let_happen(world, "killed at a commit", often=6)
    assert found.faults == []
    assert found.kills["load"], found.kills


def test_what_is_lost_or_doubled_or_shown_again_is_noticed(world: World, tmp_path: Path) -> None:
    before, after = world.base.published, world.expected["publish"]
    changed = shutil.copy(after, tmp_path / "changed.duckdb")
    assert differences(after, Path(changed)) == {}
    with duckdb.connect(changed) as connection:
        connection.execute("insert into marts.fct_comments from marts.fct_comments limit 1")
    assert "marts.fct_comments" in differences(after, Path(changed))
    shown = tmp_path / "shown.duckdb"
    for published, expected in (
        ((after, before), "an earlier publication again"),
        ((changed,), "never to be published"),
    ):
        reader = Reading(shown, [what_is_published(path) for path in (before, after)])
        for path in published:
            shutil.copy(path, shown)
            reader.look()
        assert any(expected in fault for fault in reader.faults)
    shown.write_bytes(after.read_bytes()[:9_000])
    reader.look()
    assert "a reader met" in reader.faults[-1]


def test_a_seed_gives_the_same_faults_again() -> None:
    first = [kind for kind, _ in zip(rounds(3), range(30), strict=False)]
    assert first == [kind for kind, _ in zip(rounds(3), range(30), strict=False)]
    assert set(FAULTS) <= set(first)
