"""A trust's own evidence from drawing to settled codes, on a loaded home; coders are simulated."""

import csv
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pytest
from typer.testing import CliRunner

from tests.fixtures.chains import copied
from wordround import erasing, pipeline
from wordround.cli import app
from wordround.errors import NothingToReview, ReviewRefused
from wordround.records import reviews
from wordround.review import accuracy, disagreements, drawing, importing
from wordround.settings import Settings

SIZE = 40
Fill = Callable[[dict[str, str]], dict[str, str]]


@pytest.fixture(scope="module", autouse=True)
def replay(replayed_builds: None) -> None:
    """What dbt makes of each state of a warehouse is the same for all."""


def sheet(path: Path) -> list[dict[str, str]]:
    """The rows of a sheet as a person sees them."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    header = [str(cell) for cell in next(rows)]
    return [{name: "" if cell is None else str(cell) for name, cell in zip(header, row, strict=True)} for row in rows]


def fill_in(path: Path, fill: Fill) -> list[dict[str, str]]:
    """Fill a sheet in as a person does, in the program that it was made for; return its rows."""
    rows = [row | fill(row) for row in sheet(path)]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return rows
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    columns = {cell.value: cell.column for cell in page[1]}
    for number, row in enumerate(rows, start=2):
        for name, value in row.items():
            if name not in ("row", "coder", "asked", "comment"):
                page.cell(number, columns[name], value or None)
    book.save(path)
    return rows


def by_words(row: dict[str, str]) -> dict[str, str]:
    """What a careful coder says of the comments of the small history."""
    if "Rude" in row["comment"]:
        return {"sentiment": "very negative", "theme 1": "Staff manner & personal attributes", "polarity 1": "negative"}
    if "Kind" in row["comment"] or "kind" in row["comment"]:
        return {"sentiment": "positive", "theme 1": "Staff manner & personal attributes"}
    return {"sentiment": "neutral"}


def drawn(trust: Settings, tmp_path: Path, suffix: str = ".xlsx", size: int = SIZE, **options: object) -> list[Path]:
    outcome = drawing.sample(trust, size, tmp_path / f"codes{suffix}", ["AB", "CD"], 7, **options)  # type: ignore[arg-type]
    return [Path(one) for one in outcome.files]


class TestDrawing:
    def test_each_coder_has_the_same_comments_in_an_own_order_and_sees_no_answer(
        self, trust: Settings, tmp_path: Path
    ) -> None:
        outcome = drawing.sample(trust, SIZE, tmp_path / "codes.xlsx", ["AB", "CD"], seed=7, by="quality lead")
        one, other = map(sheet, map(Path, outcome.files))
        assert {row["row"] for row in one} == {row["row"] for row in other}
        assert [row["row"] for row in one] != [row["row"] for row in other]
        assert len(one) == outcome.comments > SIZE / 2
        assert {row["coder"] for row in one} == {"AB"}
        assert list(one[0])[:5] == ["row", "coder", "asked", "comment", "sentiment"]
        assert all(not row[name] for row in one for name in row if name not in ("row", "coder", "asked", "comment"))
        assert all(stat.S_IMODE(Path(path).stat().st_mode) == 0o600 for path in outcome.files)
        kept = reviews.samples(trust)[outcome.sample]
        assert (kept.by, kept.seed, kept.coders) == ("quality lead", 7, ("AB", "CD"))

    def test_lists_to_choose_from_stand_in_the_workbook_and_are_explained(
        self, trust: Settings, tmp_path: Path
    ) -> None:
        path = drawn(trust, tmp_path)[0]
        book = openpyxl.load_workbook(path)
        lists = {
            str(one.sqref).split(":")[0][0]: one.formula1 for one in book["to code"].data_validations.dataValidation
        }
        assert "very positive" in lists["E"]
        assert lists["F"].startswith("codes!$A$2")
        explained = [row[0] for row in book["codes"].iter_rows(min_row=2, values_only=True)]
        assert "Parking" in explained
        assert any("Impact of diagnosis" in str(cell) for cell in explained)

    def test_the_weights_stand_for_the_whole_population(self, trust: Settings, tmp_path: Path) -> None:
        outcome = drawing.sample(trust, SIZE, tmp_path / "codes.csv", ["AB", "CD"], seed=7)
        items = reviews.items(trust).values()
        strata = reviews.samples(trust)[outcome.sample].strata
        assert sum(stratum.drawn for stratum in strata) == SIZE
        assert sum(item.weight for item in items) == pytest.approx(outcome.population)
        assert outcome.population == sum(stratum.comments for stratum in strata)
        shares = [stratum.drawn / stratum.comments for stratum in sorted(strata, key=lambda one: one.comments)]
        assert shares[0] > shares[-1]

    def test_the_same_seed_draws_the_same_and_a_later_sample_other_comments(
        self, trust: Settings, tmp_path: Path
    ) -> None:
        other = copied(trust, tmp_path / "other")
        for home, name in ((trust, "one"), (other, "two")):
            drawing.sample(home, SIZE, tmp_path / f"{name}.csv", ["AB", "CD"], seed=3)
        first = {item.comment_id for item in reviews.items(trust).values()}
        assert {item.comment_id for item in reviews.items(other).values()} == first
        drawing.sample(trust, SIZE, tmp_path / "later.csv", ["AB", "CD"], seed=3)
        ids = [item.comment_id for item in reviews.items(trust).values()]
        assert len(ids) == len(set(ids)) > len(first)

    @pytest.mark.parametrize(
        "coders",
        [
            ["AB"],
            ["AB", "a.b."],
            ["AB", "settled"],
            ["AB", "a@trust.example"],
            ["AB", ""],
            ["AB", "Karen Lowe"],
            ["AB", "Sister Margaret Holloway"],
        ],
    )
    def test_coders_are_two_at_least_with_names_of_their_own(
        self, trust: Settings, tmp_path: Path, coders: list[str]
    ) -> None:
        with pytest.raises(ReviewRefused, match="--coder"):
            drawing.sample(trust, SIZE, tmp_path / "codes.csv", coders)
        assert reviews.samples(trust) == {}

    def test_a_sheet_that_may_hold_codes_is_not_written_over(self, trust: Settings, tmp_path: Path) -> None:
        drawn(trust, tmp_path, ".csv")
        with pytest.raises(ReviewRefused, match="is there already"):
            drawn(trust, tmp_path, ".csv")
        with pytest.raises(ReviewRefused, match=r"\.xlsx or \.csv"):
            drawn(trust, tmp_path, ".docx")

    def test_of_days_without_a_comment_nothing_is_drawn(self, trust: Settings, tmp_path: Path) -> None:
        with pytest.raises(NothingToReview, match="no comment to draw"):
            drawn(trust, tmp_path, since=date(2100, 1, 1))


class TestImporting:
    def test_where_coders_agree_a_code_is_settled_and_the_rest_is_discussed(
        self, trust: Settings, tmp_path: Path
    ) -> None:
        one, other = drawn(trust, tmp_path)
        rows = fill_in(one, by_words)
        differing = {row["row"] for row in rows[:5]}
        fill_in(other, lambda row: by_words(row) | ({"sentiment": "very positive"} if row["row"] in differing else {}))
        outcome = importing.take(trust, [one, other])
        assert outcome.refused == ()
        assert [(file.rows, file.new) for file in outcome.files] == [(len(rows), len(rows))] * 2
        (state,) = outcome.samples
        assert (state.comments, state.coded, state.discuss) == (len(rows), len(rows), 5)
        assert state.agreement and state.agreement.same_grade == pytest.approx(1 - 5 / len(rows))
        (staff,) = [theme for theme in state.agreement.themes if theme.label.startswith("Staff manner")]
        assert staff.kappa.value == staff.alpha.value == 1

        path = tmp_path / "discuss.xlsx"
        written = disagreements.write(trust, path)
        assert (written.comments, written.without_words) == (5, 0)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        waiting = sheet(path)
        assert {row["row"] for row in waiting} == differing
        assert {row["CD: sentiment"] for row in waiting} == {"very positive"}
        assert all(row["sentiment"] == "" for row in waiting)
        assert [row["theme 1"] for row in waiting] == [by_words(row).get("theme 1", "") for row in waiting]
        ticked = iter(["yes"] * 4 + [""])
        fill_in(path, lambda row: {"sentiment": "neutral", "settled": next(ticked)})
        settled = importing.take(trust, [path])
        assert (settled.files[0].new, settled.files[0].empty) == (4, 1)
        assert settled.samples[0].discuss == 1

    def test_a_corrected_sheet_replaces_codes_and_says_how_many(self, trust: Settings, tmp_path: Path) -> None:
        one, _ = drawn(trust, tmp_path, ".csv")
        rows = fill_in(one, by_words)
        importing.take(trust, [one])
        again = iter(range(len(rows)))

        def correct(row: dict[str, str]) -> dict[str, str]:
            number = next(again)
            empty = dict.fromkeys((name for name in row if name not in ("row", "coder", "asked", "comment")), "")
            return {"sentiment": "very negative"} if number < 3 else empty if number == 3 else {}

        fill_in(one, correct)
        (file,) = importing.take(trust, [one]).files
        assert (file.changed, file.withdrawn) == (sum(by_words(r)["sentiment"] != "very negative" for r in rows[:3]), 1)
        assert file.rows == file.new + file.changed + file.unchanged + file.withdrawn + file.empty
        assert len(reviews.coded(trust)) == len(rows) - 1


class TestMarts:
    def coded(self, trust: Settings, tmp_path: Path) -> list[str]:
        """Settle every comment of a sample as neutral, about parking; return their ids."""
        files = drawn(trust, tmp_path, ".csv", size=12)
        for path in files:
            fill_in(path, lambda row: {"sentiment": "neutral", "theme 1": "parking", "polarity 1": "negative"})
        importing.take(trust, files)
        return [item.comment_id for item in reviews.items(trust).values()]

    def labels(self, trust: Settings) -> dict[str, tuple[str, str]]:
        with duckdb.connect(str(trust.warehouse_file), read_only=True) as connection:
            rows = connection.execute("select comment_id, sentiment_label, labelled_by from marts.fct_comments")
            return {comment_id: (label, by) for comment_id, label, by in rows.fetchall()}

    def test_settled_codes_win_until_they_are_taken_back(self, trust: Settings, tmp_path: Path) -> None:
        before = self.labels(trust)
        ids = self.coded(trust, tmp_path)
        assert pipeline.understand(trust)["human_codes"] == {"comments": len(ids), "changed": len(ids)}
        assert pipeline.understand(trust)["human_codes"] == {"comments": len(ids), "changed": 0}
        pipeline.build(trust)
        now = self.labels(trust)
        with duckdb.connect(str(trust.warehouse_file), read_only=True) as connection:
            themes = connection.execute(
                """select distinct theme_code, polarity, probability, theme_codes
                   from marts.fct_comment_themes inner join marts.fct_comments using (comment_id)
                   where labelled_by = 'human'"""
            ).fetchall()
        assert themes == [("parking", "negative", 1.0, ["parking"])]
        assert {one: now[one] for one in ids} == dict.fromkeys(ids, ("neutral", "human"))
        assert {one: label for one, label in now.items() if one not in ids} == {
            one: label for one, label in before.items() if one not in ids
        }
        reviews.replace(trust, {(1, item, coder): None for _, item in reviews.items(trust) for coder in ("AB", "CD")})
        pipeline.understand(trust)
        pipeline.build(trust)
        assert self.labels(trust) == before

    def test_the_model_is_judged_by_its_own_answers_and_weighted_to_all_comments(
        self, trust: Settings, tmp_path: Path
    ) -> None:
        labels = {one: label for one, (label, _) in self.labels(trust).items()}
        files = drawn(trust, tmp_path, ".csv")
        items = {f"S1-{item.item}": item for item in reviews.items(trust).values()}
        wrong = {row["row"] for row in sheet(files[0])[:6]}

        def code(row: dict[str, str]) -> dict[str, str]:
            label = labels[items[row["row"]].comment_id]
            return {"sentiment": ("neutral" if label != "neutral" else "negative") if row["row"] in wrong else label}

        for path in files:
            fill_in(path, code)
        importing.take(trust, files)
        with pytest.raises(ReviewRefused, match="--sample"):
            disagreements.write(trust, tmp_path / "none.csv", 9)
        assert disagreements.write(trust, tmp_path / "none.csv").comments == 0
        pipeline.understand(trust)
        pipeline.build(trust)
        assert {by for _, by in self.labels(trust).values()} == {"human", "learned"}
        found = accuracy.evaluate(trust)
        weight = sum(item.weight for item in items.values())
        right = sum(item.weight for name, item in items.items() if name not in wrong) / weight
        assert found.comments == len(items)
        assert found.sentiment.accuracy.value == pytest.approx(right)
        low, high = found.sentiment.accuracy.low, found.sentiment.accuracy.high
        assert low is not None and high is not None and low < right < high
        assert set(found.groups) == {"fft what_good", "fft could_improve"}
        assert found.is_few and found.waiting == 0
        with duckdb.connect(str(trust.warehouse_file), read_only=True) as connection:
            (stated,) = connection.execute("select comment_count, right_share from meta.own_reading").fetchall()
        assert stated == (len(items), pytest.approx(right))

    def test_without_codes_there_is_nothing_to_measure_and_nothing_is_stated(self, trust: Settings) -> None:
        with pytest.raises(NothingToReview, match="review sample"):
            accuracy.evaluate(trust)
        with duckdb.connect(str(trust.warehouse_file), read_only=True) as connection:
            assert connection.execute("from meta.own_reading").fetchall() == []

    def test_an_erasure_takes_the_codes_of_a_comment_everywhere(self, trust: Settings, tmp_path: Path) -> None:
        ids = self.coded(trust, tmp_path)
        pipeline.understand(trust)
        outcome = erasing.erase(trust, erasing.Request("comment", None, (ids[0],)))
        assert outcome["where"]["reviews"] == 1
        assert ids[0] not in {item.comment_id for item in reviews.items(trust).values()}
        with duckdb.connect(str(trust.warehouse_file), read_only=True) as connection:
            left = {one for (one,) in connection.execute("select comment_id from understanding.human_codes").fetchall()}
        assert left == set(ids[1:])


def test_no_verb_prints_or_keeps_a_word_of_a_comment(
    trust: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    said = ""

    def wordround(*arguments: object) -> None:
        nonlocal said
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        said += result.output + str(result.exception)

    for extra in ((), ("--json",)):
        folder = tmp_path / f"sheets{len(extra)}"
        folder.mkdir()
        wordround("-v", "review", "sample", "--size", SIZE, "--out", folder / "codes.xlsx", "--seed", 1, *extra)
        files = sorted(folder.iterdir())
        assert len(files) == 2
        for number, path in enumerate(files):
            other = {"theme 1": "Sister Canary shouted"} if number else {"sentiment": "neutral"}
            fill_in(path, lambda row, other=other: by_words(row) | other)
        wordround("-v", "review", "import", *files, *extra)
        fill_in(files[1], lambda row: by_words(row) | {"sentiment": "very negative"})
        wordround("-v", "review", "import", *files, *extra)
        wordround("-v", "review", "disagreements", "--out", folder / "discuss.csv", *extra)
        wordround("-v", "evaluate", "own", *extra)
        assert (folder / "discuss.csv").exists()
    assert "to discuss" in said and "choose one from the list" in said
    for word in ("Rude and horrible", "Kind nurses", "silver ward", "Sister Canary"):
        assert word not in said + caplog.text
    ids = {item.comment_id for item in reviews.items(trust).values()}
    sheets = b"".join(path.read_bytes() for path in tmp_path.rglob("*.csv"))
    assert not any(one in said or one.encode() in sheets for one in ids)
    kept = [path for path in trust.records.iterdir() if b"silver ward" in path.read_bytes()]
    assert kept == []
