"""The union of public products: every figure of every trust once, beside nothing that was not public."""

import json
import os
from datetime import date
from pathlib import Path
from random import Random

import duckdb
import pytest
from typer.testing import CliRunner

from tests.fixtures.public_tables import WEEKS, published
from tests.fixtures.several_trusts import lay
from tests.fuzz.given import beyond_checksums
from wordround import pipeline
from wordround.cli import app
from wordround.errors import Incomplete, UnionRefused
from wordround.publish.public import FIGURES
from wordround.publish.union import unite


def asked(path: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_figure_of_every_trust_is_there_once(tmp_path: Path) -> None:
    files = [published(tmp_path, "RAA", 20), published(tmp_path, "RBB", 40)]
    united = unite(files, tmp_path / "region.duckdb")
    assert (united.trusts, united.refused, united.superseded) == (["RAA", "RBB"], [], [])
    for table in FIGURES:
        keys = [key for key in table.keys if key != "service_id"]
        figures = f"select {', '.join(keys)}, comment_count, is_suppressed from public.{table.name} order by all"
        apart = [row for file in files for row in asked(file, figures)]
        assert asked(united.file, figures) == sorted(apart, key=lambda row: [(each is None, each) for each in row])
    services = asked(united.file, "select service_id, trust_code from public.public_services order by all")
    assert services == [("RAA.ward_1", "RAA"), ("RAA.ward_2", "RAA"), ("RBB.ward_1", "RBB"), ("RBB.ward_2", "RBB")]
    weeks = asked(united.file, "select week_date from public.public_weeks order by all")
    assert weeks == [(week,) for week in WEEKS]
    assert asked(united.file, "select count(*) from examples.services_by_month") == [(4,)]
    assert asked(united.file, "select comment from duckdb_tables() where table_name = 'public_weeks'") == [
        ("The weeks.",)
    ]


def test_what_was_hidden_stays_hidden(tmp_path: Path) -> None:
    united = unite([published(tmp_path, "RAA", 20), published(tmp_path, "RBB", 40)], tmp_path / "region.duckdb")
    query = "select distinct service_id, comment_count, is_suppressed from public.public_service_weeks order by all"
    assert asked(united.file, query) == [
        ("RAA.ward_1", 20, False), ("RAA.ward_2", None, True), ("RBB.ward_1", 40, False), ("RBB.ward_2", None, True),
    ]  # fmt: skip


def test_who_made_the_figures_of_each_trust_is_told(tmp_path: Path) -> None:
    files = [published(tmp_path, "RAA", 20), published(tmp_path, "RBB", 40, model="learned-2")]
    united = unite(files, tmp_path / "region.duckdb")
    assert united.models == ["learned-1", "learned-2"], "figures of two models are not one series: it is said"
    query = "select trust_code, annotations_model_version, edition_number from meta.publication order by all"
    assert asked(united.file, query) == [("RAA", "learned-1", "1"), ("RBB", "learned-2", "1")]
    assert asked(united.file, "select distinct trust_code from meta.rules order by all") == [("RAA",), ("RBB",)]


def test_of_two_editions_of_a_trust_the_later_one_counts(tmp_path: Path) -> None:
    files = [published(tmp_path, "RAA", 20, edition=2), published(tmp_path, "RAA", 10), published(tmp_path, "RBB", 40)]
    united = unite(files, tmp_path / "region.duckdb")
    assert asked(united.file, "select sum(comment_count) from public.public_service_weeks") == [(3 * 60,)]
    assert [line.split(":")[0] for line in united.superseded] == [str(files[1])]


def test_a_file_that_cannot_be_taken_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    whole = published(tmp_path, "RAA", 20)
    comments, damaged = tmp_path / "comments.duckdb", tmp_path / "damaged.duckdb"
    with duckdb.connect(str(comments)) as connection:
        connection.execute(
            "create schema marts; create table marts.fct_comments as select 'Kind nurse' as comment_text"
        )
    damaged.write_bytes(whole.read_bytes()[:5000])
    first = unite([whole], tmp_path / "first.duckdb").file
    united = unite([comments, damaged, whole, first, tmp_path / "gone.duckdb"], tmp_path / "region.duckdb")
    assert united.trusts == ["RAA"]
    reasons = {Path(line.split(": ")[0]).stem: line.split(": ", 1)[1] for line in united.refused}
    assert reasons.keys() == {"comments", "damaged", "first", "gone"}
    assert "holds more than figures for the public" in reasons["comments"]
    assert "is a union itself" in reasons["first"]
    assert not any("Kind nurse" in line for line in united.refused)


def test_nothing_is_overwritten_and_nothing_is_left_behind(tmp_path: Path) -> None:
    there = tmp_path / "region.duckdb"
    there.write_text("somebody's")
    with pytest.raises(UnionRefused, match="is there already"):
        unite([published(tmp_path, "RAA", 20)], there)
    assert there.read_text() == "somebody's"
    with pytest.raises(UnionRefused, match="No file could be taken"):
        unite([tmp_path / "gone.duckdb"], tmp_path / "other.duckdb")
    assert {path.name for path in tmp_path.iterdir()} == {"region.duckdb", "RAA-1.duckdb"}


# What somebody may have done to a file that he gives, and what it is refused for.
ODD = {
    "update public.public_trust_months set trust_code = 'R''||x'": "otherwise than by its ODS code",
    "alter table public.public_weeks add column comment_text varchar": "holds more than figures for the public",
    "create table meta.notes as select 'Dr Jane Smith was rude' as note": "holds more than figures for the public",
    "update public.public_service_weeks set comment_count = 2 where service_id = 'ward_2'": "shows counts from 1 to 4",
    "update public.public_service_weeks set trust_code = 'RZZ'": "a trust of which it has no month",
    "alter table public.public_service_weeks alter comment_count type varchar": "comment_count of the type",
    "alter table public.public_trust_weeks drop column negative_share": "negative_share of the type",
    "drop table public.public_trust_weeks": "lacks public.public_trust_weeks",
    "delete from meta.publication": "when and by what it was made",
    "insert into meta.publication from meta.publication": "when and by what it was made",
    "drop table meta.rules": "lacks meta.rules",
    "delete from public.public_trust_months": "holds no month",
    "update public.public_themes set theme_label = 'Something else'": "calls a theme otherwise",
}


@pytest.mark.parametrize("harm", ODD)
def test_of_a_file_nothing_is_believed_and_the_others_go_on(tmp_path: Path, harm: str) -> None:
    whole, odd = published(tmp_path, "RAA", 20, edition=2), published(tmp_path, "RBB", 40)
    with duckdb.connect(str(odd)) as connection:
        connection.execute(harm)
    united = unite([odd, whole], tmp_path / "region.duckdb")
    assert united.trusts == ["RAA"]
    (reason,) = united.refused
    assert reason.startswith(f"{odd}: ") and ODD[harm] in reason
    assert not any(word in reason for word in ("Jane", "Something", "R'"))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of three trusts, of which two give something out."""
    for name in [name for name in os.environ if name.startswith("WORDROUND_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "trusts"
    monkeypatch.setenv("WORDROUND_TRUSTS", str(folder))
    for name in ("rab", "rcd", "rde"):
        lay(folder, name)
    for name, comments in (("rab", 40), ("rcd", 60)):
        given_out = folder / name / "data" / "published" / "public" / "wordround_public.duckdb"
        given_out.parent.mkdir(parents=True)
        published(tmp_path, name.upper(), comments).rename(given_out)
    return folder


def test_the_trusts_of_an_installation_are_united_and_who_is_not_in_it_is_named(place: Path) -> None:
    (place / "rfg").mkdir()
    united = pipeline.unite_trusts(date(2026, 10, 12))
    assert united["trusts"] == ["RAB", "RCD"]
    assert [line.partition(":")[0].rpartition("/")[2] for line in united["refused"]] == [
        "rfg",
        "wordround_public.duckdb",
    ]
    assert "/rde/" in united["refused"][1]
    assert (place / "union" / "wordround_public.duckdb").resolve() == Path(united["file"])
    with pytest.raises(Incomplete):
        pipeline.require_whole(united)


def test_a_union_that_is_there_is_not_written_again_and_the_next_takes_its_place(place: Path) -> None:
    first = Path(pipeline.unite_trusts(date(2026, 10, 12))["file"])
    before = first.read_bytes()
    with pytest.raises(UnionRefused, match="not written again"):
        pipeline.unite_trusts(date(2026, 10, 12))
    second = Path(pipeline.unite_trusts(date(2026, 11, 9))["file"])
    assert first.read_bytes() == before
    assert (place / "union" / "wordround_public.duckdb").resolve() == second != first
    assert sorted(path.name for path in (place / "union").iterdir()) == [
        "2026-10-12-wordround_public.duckdb", "2026-11-09-wordround_public.duckdb", "wordround_public.duckdb",
    ]  # fmt: skip


def test_the_command_line_takes_the_trusts_of_the_installation_where_no_file_is_named(place: Path, monkeypatch) -> None:
    out = place.parent / "region.duckdb"
    result = CliRunner().invoke(app, ["union", "--out", str(out), "--json"])
    assert (result.exit_code, json.loads(result.stdout.splitlines()[0])["trusts"]) == (1, ["RAB", "RCD"])
    assert out.is_file()
    monkeypatch.delenv("WORDROUND_TRUSTS")
    result = CliRunner().invoke(app, ["union", "--out", str(place / "other.duckdb")])
    assert result.exit_code == 1 and "Name the files to unite" in result.output


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("update meta.publication set published_at = 'infinity'", "made"),
        ("update meta.publication set annotations_model_version = 'Dr Jane Smith'", "by what it was made"),
        ("insert into public.public_themes select 't' || range, 'f', 'T', 1 from range(20000)", "more themes"),
    ],
)
def test_what_no_product_says_of_itself_is_refused(tmp_path: Path, harm: str, says: str) -> None:
    whole, odd = published(tmp_path, "RAA", 20, edition=2), published(tmp_path, "RBB", 40)
    with duckdb.connect(str(odd)) as connection:
        connection.execute(harm)
    (reason,) = unite([odd, whole], tmp_path / "region.duckdb").refused
    assert says in reason and "Jane" not in reason


def test_a_file_that_ends_whoever_opens_it_is_refused_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, odd = published(tmp_path, "RAA", 20), published(tmp_path, "RBB", 40)
    # Blocks whose checksums are right and whose content is not: of a hundred some end the process, none this one.
    for number in range(12):
        odd.write_bytes(beyond_checksums(Random(number), odd.read_bytes()))
        out = tmp_path / f"{number}.duckdb"
        united = unite([odd, whole], out)
        assert "RAA" in united.trusts and len(united.refused) + len(united.trusts) == 2


def test_a_file_may_be_called_as_its_schema_is_and_hold_views(tmp_path: Path) -> None:
    path = published(tmp_path, "RAA", 20).rename(tmp_path / "public.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute('create view "public".public.sums as select 1 as one')
        connection.execute("comment on view \"public\".public.sums is 'it''s'")
    united = unite([path], tmp_path / "region.duckdb")
    assert united.trusts == ["RAA"]
