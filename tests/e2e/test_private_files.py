"""Where everybody may read what a shell makes, nobody may read what the system makes, but whom the setting names.

The whole chain runs in one process as a DAG's tasks call it, under the mask 022 that most machines have.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.fixtures.fft_files import row, write_csv
from wordround import pipeline
from wordround.settings import PROJECT, Settings, load_settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A data home in which the chain ran, and its settings file."""
    folder = tmp_path_factory.mktemp("private")
    home = folder / "trust" / "home"
    files = write_csv(folder / "drop" / "f.csv", [row(n, date=f"2026-{1 + n % 10:02d}-15") for n in range(60)]).parent
    config = folder / "wordround.toml"
    written = (PROJECT / "wordround.toml").read_text(encoding="utf-8")
    config.write_text(written.replace('"inbox/fft" ', f'"{files}" '), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("WORDROUND_")]:
            patch.delenv(name)
        patch.setenv("WORDROUND_HOME", str(home))
        patch.setenv("WORDROUND_CONFIG", str(config))
        call(pipeline.run, pipeline.report)
        yield home, config


def call(*steps: Callable[[Settings], Any]) -> None:
    """Call steps under the mask that most machines have, which they leave as it is."""
    with open_mask():
        settings = load_settings()
        for step in steps:
            step(settings)
        assert os.umask(0o022) == 0o022


@contextmanager
def open_mask() -> Iterator[None]:
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)


def open_to(home: Path, bits: int) -> dict[str, str]:
    """What somebody else has a right to, by its place in the home."""
    paths = [home, *(path for path in home.rglob("*") if not path.is_symlink())]
    modes = {str(path.relative_to(home)): stat.S_IMODE(path.stat().st_mode) for path in paths}
    return {path: f"{mode:o}" for path, mode in modes.items() if mode & bits}


def test_nothing_that_the_chain_makes_may_be_read_by_others(ran: tuple[Path, Path]) -> None:
    home, _ = ran
    for made in ("warehouse.duckdb", "published/wordround.duckdb", "quality/index.html", "dbt/target", "keys"):
        assert (home / made).exists(), made
    assert list(home.glob("reports/*/report.html")) and list(home.glob("landing/*/*/*.parquet"))
    assert open_to(home, 0o077) == {}
    assert stat.S_IMODE(home.parent.stat().st_mode) & 0o077 == 0, "nor the folders that lead there, where it made them"


def test_everything_that_a_run_leaves_is_listed_on_the_page_for_who_signs_off(ran: tuple[Path, Path]) -> None:
    page = (PROJECT / "docs" / "privacy.md").read_text(encoding="utf-8")
    table = page.partition("## What is kept where")[2].partition("\n## ")[0]
    listed = {name.split("/")[0] for name in re.findall(r"`([\w./]+)`", table)}
    assert {path.name for path in ran[0].iterdir()} - listed == set()


def test_what_is_published_and_the_report_say_on_what_authority_comments_are_read(
    ran: tuple[Path, Path],
) -> None:
    home, _ = ran
    with duckdb.connect(str(home / "published" / "wordround.duckdb"), read_only=True) as published:
        stated = published.execute(
            "select dpia_reference, lawful_basis_article_6, condition_article_9, retention_days, purpose"
            " from marts.dim_sources"
        ).fetchall()
    assert stated == [("fictional: DPIA-2026-014", "6(1)(e)", "9(2)(h)", 2557, "service_evaluation")]
    (report,) = home.glob("reports/*/report.html")
    assert "Impact assessment: fictional: DPIA-2026-014" in report.read_text(encoding="utf-8").partition("<footer>")[2]


def test_a_group_may_read_the_published_files_where_the_setting_says_so_and_no_longer_when_it_does_not(
    ran: tuple[Path, Path],
) -> None:
    home, config = ran
    written = config.read_text(encoding="utf-8")
    (home / "published").chmod(0o2700)
    try:
        config.write_text(written.replace('published = "owner"', 'published = "group"'), encoding="utf-8")
        call(pipeline.publish)
        opened = open_to(home, 0o077)
        assert opened.pop(".") == "710", "the group passes through and sees nothing"
        assert opened.pop("published") == "2750", "what hands on the folder's group stays"
        assert {"published/wordround.duckdb", "published/manifest.json"} <= set(opened)
        assert all(path.startswith("published/") for path in opened)
        assert set(opened.values()) <= {"640", "750", "2750"}
    finally:
        config.write_text(written, encoding="utf-8")
    call(pipeline.publish)
    assert set(open_to(home, 0o077)) == {"."}, "the way through the home is the owner's to close: the doctor says so"
