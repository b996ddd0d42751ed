"""Erasing, expiring and rotating through the whole chain: what analysts read then, and every byte of every file."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.fixtures import forum
from tests.fixtures.chains import (
    FIGURES,
    LONG,
    SHARED,
    SHORT,
    build_all,
    copied,
    feed,
    history,
    of_home,
    published,
    rows,
)  # fmt: skip
from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.legible import files_below, places_of
from wordround import erasing, pipeline
from wordround.deidentify import Deidentified
from wordround.erasing import key_rotation as rotating
from wordround.erasing import retention
from wordround.errors import RotationUnfinished, SettingsInvalid
from wordround.identity import pseudonyms
from wordround.land import batch, cleaning, parquet_files
from wordround.settings import PROJECT, Settings, load_settings
from wordround.understand.sentiment import Vader
from wordround.warehouse import engine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def chain(once: Callable[[str, Callable[[Path], None]], Path], replayed_builds: None) -> Settings:
    """A history that was loaded, built and published."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.delenv("WORDROUND_KEY", raising=False)
    monkeypatch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
    settings = load_settings()
    monkeypatch.undo()

    def fill(home: Path) -> None:
        feed(of_home(settings, home), history())
        build_all(of_home(settings, home))

    return of_home(settings, once("chain", fill))


@pytest.fixture
def settings(chain: Settings, tmp_path: Path) -> Settings:
    return copied(chain, tmp_path / "home")


def keeping(settings: Settings, days: int) -> Settings:
    fft = settings.sources.fft.model_copy(
        update={"governance": settings.sources.fft.governance.model_copy(update={"retention_days": days})}
    )
    return settings.model_copy(update={"sources": settings.sources.model_copy(update={"fft": fft})})


def comment_id(settings: Settings, text: str) -> str:
    return rows(settings, f"select comment_id from marts.fct_comments where comment_text = '{text}'")[0][0]


def test_after_an_erasure_no_byte_below_the_home_holds_the_text_and_analysts_read_what_is_left(
    settings: Settings,
) -> None:
    before = rows(settings, "select count(*) from marts.fct_comments")[0][0]
    ids = {text: comment_id(settings, text) for text in (LONG, SHORT)}
    folder = settings.published / ".parquet-older"
    folder.mkdir()
    duckdb.sql(f"copy (select '{LONG}' as said) to '{folder / 'fct_comments.parquet'}'")
    for text in (LONG, SHORT):
        assert places_of(settings.home, text) != set()
    pipeline.erase(settings, erasing.Request("comment", None, (ids[LONG],)), lambda _: True)
    assert places_of(settings.home, LONG) == set()
    assert not folder.exists()
    pipeline.erase(settings, erasing.Request("comment", "fft", ("RX0002",)), lambda _: True)
    for value in (SHORT, "RX0002", *ids.values()):
        assert places_of(settings.home, value) == set(), value
    assert rows(settings, "select count(*) from marts.fct_comments")[0][0] == before - 3
    assert len(rows(settings, f"from marts.fct_comments where comment_text = '{SHARED}'")) == 2
    assert not [path for path in files_below(settings.home) if path.suffix == ".wal"]
    assert not erasing.is_stale(settings)


def test_what_a_killed_erasure_left_undone_the_nightly_run_finishes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(pipeline, "build", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            pipeline.erase(settings, erasing.Request("comment", "fft", ("RX0001",)), lambda _: True)
    assert places_of(settings.home, LONG) <= {"published/wordround.duckdb", *parquet_of(settings)}
    outcome = pipeline.honour_deletions(settings)
    assert outcome["published"] != "as it was"
    assert places_of(settings.home, LONG) == set()
    assert pipeline.honour_deletions(settings)["published"] == "as it was"


def parquet_of(settings: Settings) -> set[str]:
    return {
        path.relative_to(settings.home).as_posix()
        for folder in (settings.published / "parquet", (settings.published / "parquet").resolve())
        for path in folder.glob("*.parquet")
    }


def test_the_whole_of_the_only_source_can_go(settings: Settings) -> None:
    pipeline.erase(settings, erasing.Request("source", "fft"), lambda _: True)
    assert rows(settings, "select count(*) from marts.fct_comments") == [(0,)]
    assert places_of(settings.home, SHARED) == set()


class Hopeless:
    """A de-identifier that is sure of nothing."""

    def __init__(self, _: object) -> None:
        pass

    def __call__(self, _: str) -> Deidentified:
        return Deidentified("", withheld=True)

    def of_a_place(self, name: str) -> Deidentified:
        return Deidentified(name)


def test_a_comment_that_is_in_doubt_is_scored_by_its_ordinary_words_and_shown_to_nobody(settings: Settings) -> None:
    (before,) = rows(settings, "select sum(comment_count) from marts.fct_service_weeks")
    said = "The staff were lovely. Dziękuję serdecznie, wspaniała opieka, pielęgniarki przemiłe i cierpliwe"
    feed(settings, [form(9, good=said, better="", date=date.today().isoformat())], "doubt.csv")
    build_all(settings)
    (found,) = rows(
        settings, "select comment_text, sentiment_label, theme_codes from marts.fct_comments where is_withheld"
    )
    assert found[:2] == (None, "positive")
    assert "positive_experience" in found[2]
    assert places_of(settings.home, "cierpliwe") == {"inbox/fft/doubt.csv"}
    assert rows(settings, "select sum(comment_count) from marts.fct_service_weeks") == [(before[0] + 1,)]


def test_comments_that_are_withheld_whole_pass_both_gates_and_count(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as failing:
        for module in (batch, cleaning):
            failing.setattr(module, "deidentifier", Hopeless)
        feed(settings, [form(7, date=date.today().isoformat(), site="", service="")], "withheld.csv")
    build_all(settings)
    withheld = "from marts.fct_comments where is_withheld"
    assert (
        rows(settings, f"select comment_text, sentiment_label, is_text_expired {withheld}") == [(None, None, False)] * 2
    )
    kept = keeping(settings, 1)
    retention.expire(kept, date.today() + timedelta(days=9))
    pipeline.rebuild(kept)
    assert rows(kept, f"select count(*) {withheld}") == [(2,)]


class TestExpiry:
    def test_text_goes_and_every_figure_stays_exactly_as_it_was(self, settings: Settings) -> None:
        before, today = published(settings), date.today()
        kept = keeping(settings, 60)
        old = f"posted_date < date '{today - timedelta(days=60)}'"
        due = rows(settings, f"select count(*) from marts.fct_comments where {old}")[0][0]
        assert due > 500
        outcome = retention.expire(kept, today)
        assert (outcome["fft"]["texts"], outcome["fft"]["landed_rows"]) == (due, due)
        pipeline.rebuild(kept)
        assert published(settings) == before
        assert all(before[name] for name in FIGURES), "and there is something in each"
        assert places_of(settings.home, SHORT, but=("inbox/",)) == set()
        hashed = hashlib.md5(SHORT.encode(), usedforsecurity=False).hexdigest()
        assert places_of(settings.home, hashed) == set(), "a hash would let anybody test guesses"
        assert places_of(settings.home, LONG, but=("inbox/",)) != set(), "younger text stays"
        assert rows(settings, "select count(*) from marts.fct_comments where is_text_expired and comment_text is null")[
            0
        ] == (due,)
        assert retention.expire(kept, today)["fft"]["texts"] == 0
        assert pipeline.rebuild(kept) == {"published": "as it was"}

    def test_figures_survive_another_model_a_file_that_is_fed_again_and_a_warehouse_made_again(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before, kept = published(settings), keeping(settings, 60)
        retention.expire(kept, date.today())
        monkeypatch.setattr(Vader, "version", "vader-next")
        fed = feed(kept, [*history(), history()[-1]], "again.csv")
        assert fed["unchanged"] == fed["in"] > 1000
        landed_again = places_of(settings.home, SHORT, but=("inbox/", "published/"))
        assert landed_again, "until the next night"
        retention.expire(kept, date.today())
        assert places_of(settings.home, SHORT, but=("inbox/", "published/")) == set()
        kept.warehouse_file.unlink()
        pipeline.load(kept)
        build_all(kept)
        assert published(settings) == before

    def test_what_was_judged_of_a_post_outlives_its_text_and_a_warehouse_made_again(self, settings: Settings) -> None:
        kept, old = keeping(settings, 60), date.today() - timedelta(days=90)
        words = "Kestrel Ward were so kind to my mum, we only waited an hour"
        forum.land(kept, [forum.post(1, on=old, text=words)], on=old, source="fft")
        pipeline.load(kept)
        pipeline.understand(kept)

        def judged() -> list:
            with engine.connect(kept) as connection:
                return connection.execute(
                    "select c.text, r.reason, r.probability, m.service_ids from raw.comments as c"
                    " inner join understanding.relevance as r using (text_id)"
                    " inner join understanding.service_mentions as m using (text_id)"
                ).fetchall()

        ((_, *before),) = judged()
        assert (before[0], before[2]) == ("about_care", ["fernvale_kestrel_ward"])
        retention.expire(kept, date.today())
        assert judged() == [(None, *before)]
        kept.warehouse_file.unlink()
        pipeline.load(kept)
        assert judged() == [(None, *before)]

    def test_an_expired_comment_can_be_erased_with_its_figures(self, settings: Settings) -> None:
        kept = keeping(settings, 60)
        retention.expire(kept, date.today())
        pipeline.erase(kept, erasing.Request("comment", "fft", ("RX0003",)), lambda _: True)
        with engine.connect(kept) as connection:
            lost = (
                "select count(*) from understanding.sentiments where text_id not in (select text_id from raw.comments)"
            )
            assert connection.execute(lost).fetchone() == (0,)
        kept.warehouse_file.unlink()
        pipeline.load(kept)
        build_all(kept)
        assert comment_id(kept, LONG)

    def test_old_quarantine_old_files_and_reports_that_quote_what_expired_go_too(self, settings: Settings) -> None:
        year_ago = date.today() - timedelta(days=400)
        write_csv(settings.home / "inbox/fft/old.csv", [form(5, date=year_ago.isoformat()), form(6, date="31/02/2026")])
        from wordround.collect import files as collecting

        collecting.land_file(settings, "fft", settings.home / "inbox/fft/old.csv", year_ago)
        pipeline.load(settings)
        folder = settings.reports / "2025-W40"
        folder.mkdir(parents=True)
        (folder / "report.json").write_text(json.dumps({"quoted_comment_ids": [comment_id(settings, SHORT)]}))
        outcome = retention.expire(keeping(settings, 60), date.today())["fft"]
        assert (outcome["quarantine_files"], outcome["drop_folder_files"], outcome["reports"]) == (1, 1, 1)
        assert [path.name for path in (settings.home / "inbox/fft").iterdir()] == ["history.csv"]
        assert list(settings.quarantine.rglob("*.csv")) == []
        settings.warehouse_file.unlink()
        assert pipeline.load(settings)["rows"]["quarantined"] == 2, "the account stays what it was"


class TestRotation:
    def test_every_id_changes_and_nothing_else(self, settings: Settings) -> None:
        feed(settings, [form(8, date="31/02/2026"), form(9, better="Quite unlike any other answer")], "more.csv")
        erasing.erase(settings, erasing.Request("comment", "fft", ("RX0009",)), lambda _: True)
        pipeline.rebuild(settings)
        before, figures = ids(settings), published(settings)
        folder = settings.reports / "2026-W40"
        folder.mkdir(parents=True)
        (folder / "report.json").write_text(json.dumps({"quoted_comment_ids": [comment_id(settings, LONG)]}))
        pipeline.rotate_keys(settings)
        after = ids(settings)
        assert len(after) == len(before)
        assert not after & before
        assert published(settings) == figures
        for leaked in sorted(before)[:5]:
            assert places_of(settings.home, leaked) == set()
        assert json.loads((folder / "report.json").read_text())["quoted_comment_ids"] == [comment_id(settings, LONG)]
        again = feed(settings, [*history(), form(8, date="31/02/2026"), form(9)], "again.csv")
        assert (again["unchanged"], again["quarantined"], again["erased"]) == (again["in"] - 4, 2, 2)

    @pytest.mark.parametrize(
        ("module", "step"),
        [
            (rotating.keys, "add_key"),
            (rotating.landed, "replace_rows"),
            (rotating.quarantine, "write_rows"),
            (rotating.tombstones, "relink"),
            (rotating.rewriting, "rewrite"),
            (rotating.keys, "set_stored"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    def test_one_that_is_cut_short_stops_everything_else_and_ends_right(
        self,
        chain: Settings,
        once: Callable[[str, Callable[[Path], None]], Path],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        module: object,
        step: str,
        after: bool,
    ) -> None:
        def fill(home: Path) -> None:
            feed(of_home(chain, home), [form(1), form(2, date="31/02/2026"), form(3)])
            feed(of_home(chain, home), [form(4)], "second.csv")
            erasing.erase(of_home(chain, home), erasing.Request("comment", "fft", ("RX0003",)), lambda _: True)

        settings = copied(of_home(chain, once("to-rotate", fill)), tmp_path / "home")
        real = getattr(module, step)

        def cut(*arguments: object, **named: object) -> None:
            if after:
                real(*arguments, **named)
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(module, step, cut)
            with pytest.raises(KeyboardInterrupt):
                rotating.rotate(settings)
        if step != "set_stored" and (after or step != "add_key"):
            with pytest.raises(RotationUnfinished, match="keys rotate"):
                feed(settings, [form(1)], "third.csv")
            (settings.home / "inbox/fft/third.csv").unlink()
        rotating.rotate(settings)
        again = feed(settings, [form(1), form(2, date="31/02/2026"), form(3), form(4)], "all.csv")
        assert (again["unchanged"], again["quarantined"], again["erased"]) == (4, 2, 2)
        assert {parquet_files.link_count_of(path) for path in settings.landing.glob("*/*/*.parquet")} == {
            pseudonyms.pseudonymiser(settings).link_count
        }

    def test_a_key_from_the_environment_is_named_and_then_used(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("WORDROUND_KEY", "a" * 64)
        feed(load_settings(), [form(1)])
        with pytest.raises(SettingsInvalid, match="old,new"):
            rotating.rotate(load_settings())
        monkeypatch.setenv("WORDROUND_KEY", "a" * 64 + "," + "b" * 64)
        with pytest.raises(RotationUnfinished):
            feed(load_settings(), [form(1), form(1)], "again.csv")
        assert rotating.rotate(load_settings()).keys == 2
        assert feed(load_settings(), [form(1), form(1)], "again.csv")["unchanged"] == 4
        assert not (home / "keys" / "pseudonym.key").exists()
        monkeypatch.setenv("WORDROUND_KEY", "c" * 64)
        with pytest.raises(SettingsInvalid, match="another key"):
            feed(load_settings(), [form(1), form(1), form(1)], "third.csv")


def ids(settings: Settings) -> set[str]:
    return {one for (one,) in rows(settings, "select comment_id from marts.fct_comments")}


def test_the_keys_and_what_stays_of_an_erasure_are_for_their_owner_only(settings: Settings) -> None:
    erasing.erase(settings, erasing.Request("comment", "fft", ("RX0001",)), lambda _: True)
    rotating.rotate(settings)
    secret = [settings.home / "keys" / "pseudonym.key", settings.erasure / "tombstones", settings.erasure / "log.jsonl"]
    assert [oct(path.stat().st_mode & 0o777) for path in secret] == ["0o600"] * 3
