"""Erasing, up to the warehouse: what goes, what stays, what does not come back, and what happens if it is cut short."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures import other_files
from tests.fixtures.chains import of_home
from tests.fixtures.fft_files import HEADER, form, write_csv
from tests.fixtures.forum import land, post
from tests.fixtures.legible import places_of
from wordround import credentials, erasing, pipeline
from wordround.connectors import fft
from wordround.erasing import Request, key_rotation, landed, retention, withdrawals
from wordround.errors import ErasedMeanwhile, ErasureRefused, RecordsUnreachable, SettingsInvalid
from wordround.identity import pseudonyms, vault, vault_opening
from wordround.land import batch, manifests, quarantine
from wordround.records import erasure_receipts, rewrites, store
from wordround.settings import Settings
from wordround.warehouse import engine, erasure, rewriting

TODAY = date(2026, 11, 21)
LONG = (
    "The consultant on the late shift took half an hour to explain absolutely everything, drains and drips "
    "alike, to my mother"
)
SHORT = "Zesty"
SHARED = "Everybody was kind"
ROW = Request("comment", "fft", ("RX0001",))


def feed(settings: Settings, name: str, rows: list[list[str]]) -> dict:
    write_csv(settings.home / "inbox" / "fft" / name, rows)
    return pipeline.ingest(settings, "fft", TODAY)["rows"]


def stored(settings: Settings, what: str = "text") -> list:
    with engine.connect(settings) as connection:
        return [value for (value,) in connection.execute(f"select {what} from raw.comments order by all").fetchall()]


def id_of(settings: Settings, text: str) -> str:
    rows = stored(settings, "[comment_id, text]")
    return next(comment_id for comment_id, said in rows if said == text)


def yes(_: int) -> bool:
    return True


@pytest.fixture
def fed(settings: Settings, once: Callable[[str, Callable[[Path], None]], Path]) -> Settings:
    """Two forms; the first says something of its own, the second shares a text with it."""

    def fill(home: Path) -> None:
        feed(
            of_home(settings, home),
            "first.csv",
            [form(1, good=LONG, better=SHARED), form(2, good=SHARED, better=SHORT)],
        )
        pipeline.understand(of_home(settings, home))

    shutil.copytree(once("fed", fill), settings.home, dirs_exist_ok=True)
    return settings


def test_a_comment_goes_from_every_file_and_what_it_shares_with_another_stays(fed: Settings) -> None:
    outcome = erasing.erase(fed, Request("comment", None, (id_of(fed, LONG),)))
    assert outcome["comments"] == 1
    assert places_of(fed.home, LONG) == set()
    assert sorted(filter(None, stored(fed))) == [SHARED, SHARED, SHORT]
    with engine.connect(fed) as connection:
        assert connection.execute("select count(*) from understanding.sentiments").fetchone() == (2,)
    erasing.erase(fed, Request("comment", None, (id_of(fed, SHORT),)))
    assert places_of(fed.home, SHORT) == set()
    assert places_of(fed.home, SHARED) != set()


def test_the_trusts_own_row_id_takes_every_answer_of_the_form_and_leaves_no_trace_of_the_id(fed: Settings) -> None:
    assert erasing.erase(fed, ROW, yes)["comments"] == 2
    assert sorted(filter(None, stored(fed))) == [SHARED, SHORT]
    assert places_of(fed.home, "RX0001") == set()
    assert "first.csv" not in {path.name for path in (fed.home / "inbox" / "fft").iterdir()}


class TestRowsThatCouldNotBeReadAtFirst:
    """A row without an id in quarantine is found by what it is: the same row of the same file, or the same words."""

    LAYOUT = {"date": "Date", "locations": ["Ward"], "score": "Score", "answer": "Comment"}  # noqa: RUF012
    WORDS = "My father waited nine hours on a trolley beside the broken vending machine"
    OTHER = "A short wait"

    def _fed(self, settings: Settings, name: str, order: str | None, rows: list[list[str]]) -> Settings:
        given = settings.sources.fft.model_dump(exclude_unset=True) | {"layouts": {"one": self.LAYOUT}}
        block = fft.Block.model_validate(given | ({"date_order": order} if order else {}))
        trust = settings.model_copy(update={"sources": settings.sources.model_copy(update={"fft": block})})
        folder = trust.home / "inbox" / "fft"
        folder.mkdir(parents=True, exist_ok=True)
        lines = [["Date", "Ward", "Score", "Comment"], *rows]
        (folder / name).write_text("".join(",".join(row) + "\n" for row in lines), encoding="utf-8")
        pipeline.ingest(trust, "fft", TODAY)
        return trust

    @pytest.mark.parametrize("words", [WORDS, OTHER])
    def test_the_same_file_fed_again_with_the_order_of_its_dates(self, settings: Settings, words: str) -> None:
        rows = [["03/04/2026", "Kestrel", "1", words], ["04/05/2026", "Kestrel", "2", "Kind"]]
        self._fed(settings, "may.csv", None, rows)
        trust = self._fed(settings, "may.csv", "day_first", rows)
        assert [path.parent.parent.parent.name for path in trust.quarantine.rglob("*.csv")] == ["quarantine"]
        erasing.erase(trust, Request("comment", None, (id_of(trust, words),)))
        assert places_of(trust.home, words) == set()
        assert [row["row"] for path in trust.quarantine.rglob("*.csv") for row in quarantine.read_rows(path)] == ["3"]

    def test_another_file_that_holds_it(self, settings: Settings) -> None:
        self._fed(settings, "may.csv", None, [["03/04/2026", "Kestrel", "1", self.WORDS]])
        trust = self._fed(settings, "again.csv", "day_first", [["2026-04-03", "Kestrel", "1", self.WORDS]])
        erasing.erase(trust, Request("comment", None, (id_of(trust, self.WORDS),)))
        assert places_of(trust.home, self.WORDS) == set()
        assert not list(trust.quarantine.rglob("*.csv"))


def test_more_than_one_comment_goes_only_when_somebody_confirms_it(fed: Settings) -> None:
    asked: list[int] = []
    with pytest.raises(ErasureRefused, match="2 comments"):
        erasing.erase(fed, ROW, lambda count: bool(asked.append(count)))
    assert asked == [2]
    assert len(stored(fed)) == 4
    assert erasing.count(fed, ROW) == {"comments": 2}
    assert not (fed.erasure / "tombstones").exists()


def test_an_erased_comment_that_comes_with_the_next_file_is_dropped_at_the_door_and_counted(fed: Settings) -> None:
    erasing.erase(fed, ROW, yes)
    rows = feed(fed, "next.csv", [form(1, good=LONG, better=SHARED), form(2, good=SHARED, better=SHORT), form(3)])
    assert rows == {
        "in": 6, "loaded": 2, "updated": 0, "unchanged": 2, "no_answer": 0,
        "reshared": 0, "quarantined": 0, "refused": 0, "erased": 2,
    }  # fmt: skip
    assert places_of(fed.home, LONG, but=("inbox/",)) == set()
    # The nightly run empties the letterbox of what has come again.
    withdrawals.honour(fed, "fft", credentials.of)
    assert places_of(fed.home, LONG) == set()


@pytest.mark.usefixtures("replayed_builds")
def test_a_tombstone_is_not_the_id_and_does_not_show_it(fed: Settings) -> None:
    comment_id = id_of(fed, LONG)
    erasing.erase(fed, Request("comment", None, (comment_id,)))
    # Which comments must not be in a report is known until what is left is published.
    assert places_of(fed.home, comment_id) == {"erasure/stale"}
    pipeline.rebuild(fed)
    assert places_of(fed.home, comment_id) == set()
    path = fed.erasure / "tombstones"
    assert len(path.read_text().splitlines()) == 2
    assert path.stat().st_mode & 0o077 == 0


def test_the_log_says_when_by_which_call_and_how_many_and_never_what(fed: Settings) -> None:
    comment_id = id_of(fed, LONG)
    erasing.erase(fed, ROW, yes)
    line, search = (fed.erasure / "log.jsonl").read_text().splitlines()
    said = json.loads(line)
    assert (said["by"], said["source"], said["comments"]) == ("comment", "fft", 2)
    assert (said["where"]["landing"], said["where"]["warehouse"], said["where"]["drop_folder_files"]) == (2, 2, 1)
    assert not any(word in line + search for word in (LONG, "RX0001", comment_id))


def test_a_receipt_says_how_many_rows_went_and_what_the_searches_afterwards_found(fed: Settings) -> None:
    (fed.home / "dbt").mkdir()
    (fed.home / "dbt" / "run.log").write_text(f"{id_of(fed, LONG)} of a build")
    erasing.erase(fed, ROW, yes)
    (receipt,) = erasure_receipts.all_receipts(fed)
    assert (receipt.kind, receipt.comments, receipt.found, receipt.left) == ("comment", 2, 1, 0)
    assert receipt.rows == sum(receipt.places.values()) > 4 and receipt.places["landing"] == 2
    (fed.home / "copy.txt").write_text(f"kept by somebody: RX0002-{'0' * 12}")
    erasing.erase(fed, Request("comment", "fft", (f"RX0002-{'0' * 12}",)), yes)
    assert [each.left for each in erasure_receipts.all_receipts(fed)] == [1, 0], "the latest first"


def test_what_landing_says_still_adds_up_and_a_warehouse_made_again_from_it_is_the_same(fed: Settings) -> None:
    erasing.erase(fed, ROW, yes)
    before = stored(fed, "comment_id || coalesce(text, '')")
    (manifest,) = manifests.landed(fed)
    assert manifest.rows.model_dump(by_alias=True) == {
        "in": 4,
        "landed": 2,
        "no_answer": 0,
        "repeated": 0,
        "reshared": 0,
        "quarantined": 0,
        "refused": 0,
        "erased": 2,
    }
    fed.warehouse_file.unlink()
    assert pipeline.load(fed)["rows"]["erased"] == 2
    assert stored(fed, "comment_id || coalesce(text, '')") == before


def test_a_batch_that_was_landed_and_not_yet_loaded_is_erased_too(settings: Settings, tmp_path: Path) -> None:
    from wordround.collect import files as collecting

    collecting.land_file(settings, "fft", write_csv(tmp_path / "f.csv", [form(1, good=LONG), form(2)]), TODAY)
    assert erasing.erase(settings, ROW, yes)["comments"] == 2
    rows = pipeline.load(settings)["rows"]
    assert (rows["in"], rows["loaded"], rows["erased"]) == (4, 2, 2)


class TestQuarantine:
    def test_a_row_that_was_set_aside_goes_with_its_comment_and_the_sums_hold(self, settings: Settings) -> None:
        feed(
            settings,
            "bad.csv",
            [form(1, date="31/02/2026", good=LONG), form(2, date="31/02/2026", good=SHORT), form(3)],
        )
        feed(settings, "good.csv", [form(1, good=LONG), form(2, good=SHORT)])
        erasing.erase(settings, Request("comment", None, (id_of(settings, LONG),)))
        assert places_of(settings.home, LONG) == set()
        by_file = {manifest.file: manifest for manifest in manifests.landed(settings)}
        rows = by_file["bad.csv"].rows
        assert (rows.rows_in, rows.landed, rows.quarantined, rows.erased) == (6, 2, 2, 2)
        assert by_file["bad.csv"].quarantine == {"impossible_date": 2}

    def test_a_row_of_an_erased_comment_is_not_even_set_aside(self, fed: Settings) -> None:
        erasing.erase(fed, ROW, yes)
        rows = feed(fed, "bad.csv", [form(1, date="31/02/2026", good=LONG), form(5)])
        assert (rows["quarantined"], rows["erased"], rows["loaded"]) == (0, 2, 2)
        assert places_of(fed.home, LONG, but=("inbox/",)) == set()

    def test_the_file_lists_the_ids_that_its_rows_would_have_had(self, settings: Settings) -> None:
        feed(
            settings,
            "bad.csv",
            [form(1, date="31/02/2026"), form(1, date="2099-01-01"), [*form(2), "one cell too many"]],
        )
        (path,) = settings.quarantine.rglob("*.csv")
        feed(settings, "good.csv", [form(1)])
        first, second, third = (quarantine.untagged(one["comment_ids"])[1] for one in quarantine.read_rows(path))
        assert sorted(first) == sorted(second) == stored(settings, "comment_id")
        assert third == []


class TestWholes:
    def test_a_file_goes_with_all_that_it_brought(self, fed: Settings) -> None:
        feed(fed, "second.csv", [form(7, good=LONG), form(8, date="31/02/2026", good="Quizzical")])
        assert erasing.erase(fed, Request("file", None, ("second.csv",)), yes)["comments"] == 2
        assert places_of(fed.home, "Quizzical") == set()
        assert len(stored(fed)) == 4
        with pytest.raises(ErasureRefused, match="No file of this name"):
            erasing.erase(fed, Request("file", None, ("third.csv",)), yes)

    def test_a_source_goes_whole(self, fed: Settings) -> None:
        land(fed, [post(1)])
        pipeline.load(fed)
        assert erasing.erase(fed, Request("source", "fft"), yes)["comments"] == 4
        assert stored(fed) == ["Post 1 about the waiting room"]
        assert places_of(fed.home, SHORT) == set()

    def test_a_source_whose_vault_key_is_lost_can_go_and_the_others_need_no_such_key(self, fed: Settings) -> None:
        land(fed, [post(1)])
        pipeline.load(fed)
        (fed.home / "keys" / "vault.key").unlink()
        erasing.erase(fed, ROW, yes)
        erasing.erase(fed, Request("comment", None, (id_of(fed, SHORT),)))
        with pytest.raises(SettingsInvalid, match=r"vault\.key"):
            erasing.erase(fed, Request("comment", "forum", ("forum-post-1",)))
        erasing.erase(fed, Request("source", "forum"))
        assert stored(fed) == [SHARED]
        assert list(fed.vault.rglob("*.sealed")) == []

    def test_a_file_is_found_by_the_name_that_its_trust_gave_it(self, fed: Settings) -> None:
        feed(fed, "of jo@mail.example.csv", [form(7)])
        assert erasing.count(fed, Request("file", None, ("of jo@mail.example.csv",))) == {"comments": 2}


class TestAuthors:
    def test_all_of_an_authors_comments_go_and_none_comes_back(self, settings: Settings) -> None:
        land(settings, [post(1), post(2, on=date(2026, 11, 2)), post(3, "bob")])
        pipeline.load(settings)
        ann = Request("author", "forum", ("ann-of-fernvale",))
        assert erasing.count(settings, ann) == {"comments": 2}
        assert erasing.erase(settings, ann, yes)["where"]["vault"] == 2
        assert stored(settings) == ["Post 3 about the waiting room"]
        assert [one.author_id for one in vault_opening.locators(settings, "forum")] == ["bob"]
        manifest = land(settings, [post(4), post(3, "bob")])
        assert (manifest.rows.landed, manifest.rows.erased) == (1, 1)
        assert places_of(settings.home, "ann-of-fernvale") == set()

    def test_they_are_found_without_the_vault_once_their_locators_have_expired(self, settings: Settings) -> None:
        land(settings, [post(1), post(2, "bob")])
        pipeline.load(settings)
        vault.expire(settings, date(2027, 11, 21))
        assert erasing.erase(settings, Request("author", "forum", ("bob",)))["comments"] == 1
        assert stored(settings) == ["Post 1 about the waiting room"]

    def test_without_an_author_key_the_vault_finds_them(self, settings: Settings) -> None:
        from dataclasses import replace

        from tests.fixtures.forum import FORUM

        land(settings, [post(1), post(2, "bob")], replace(FORUM, keeps_author_key=False))
        pipeline.load(settings)
        erasing.erase(settings, Request("author", "forum", ("bob",)))
        assert stored(settings) == ["Post 1 about the waiting room"]

    def test_an_author_without_a_source_is_refused(self, settings: Settings) -> None:
        with pytest.raises(ErasureRefused, match="--source"):
            erasing.erase(settings, Request("author", None, ("bob",)))


class TestReports:
    def report(self, settings: Settings, week: str, says: str, **content: object) -> Path:
        folder = settings.reports / week
        folder.mkdir(parents=True)
        (folder / "report.html").write_text(f"<p>{says}</p>")
        (folder / "report.json").write_text(json.dumps({"week": week, **content}))
        return folder

    def test_a_report_that_quotes_it_goes_and_is_named(self, fed: Settings) -> None:
        comment_id = id_of(fed, LONG)
        listed = self.report(fed, "2026-W45", "A rewrite", quoted_comment_ids=[comment_id])
        said = self.report(fed, "2026-W46", LONG.replace(" ", "\n "))
        other = self.report(fed, "2026-W47", "Figures", quoted_comment_ids=["0" * 32])
        plain = self.report(fed, "2026-W48", "Figures alone")
        outcome = erasing.erase(fed, Request("comment", None, (comment_id,)))
        assert outcome["reports_removed"] == [str(listed), str(said)]
        assert not listed.exists() and not said.exists()
        assert all((folder / "report.html").exists() for folder in (other, plain))


@pytest.mark.usefixtures("replayed_builds")
class TestRewrites:
    """What was written of a comment that goes."""

    WORDS = "A relative was told at length what the equipment was for"

    def write(self, settings: Settings, text: str = LONG) -> str:
        comment_id = id_of(settings, text)
        rewrites.write(settings, comment_id, self.WORDS, "AB", None)
        rewrites.approve(settings, rewrites.standing(settings)[comment_id], "CD")
        return comment_id

    def test_no_byte_of_a_rewrite_or_of_its_comments_id_is_left(self, fed: Settings) -> None:
        comment_id = self.write(fed)
        assert places_of(fed.home, self.WORDS) and places_of(fed.home / "records", comment_id)
        assert erasing.erase(fed, Request("comment", None, (comment_id,)))["where"]["rewrites"] == 1
        assert places_of(fed.home, self.WORDS) == set()
        assert places_of(fed.home / "records", comment_id) == set()

    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    def test_an_erasure_that_is_cut_short_between_deleting_and_overwriting_is_finished(
        self, fed: Settings, monkeypatch: pytest.MonkeyPatch, after: bool
    ) -> None:
        comment_id = self.write(fed)
        real = store.leave_no_trace

        def cut(*arguments: Any) -> None:
            if after:
                real(*arguments)
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(store, "leave_no_trace", cut)
            with pytest.raises(KeyboardInterrupt):
                erasing.erase(fed, Request("comment", None, (comment_id,)))
        erasing.resume(fed)
        assert places_of(fed.home, self.WORDS) == places_of(fed.home / "records", comment_id) == set()

    def test_an_erasure_without_records_makes_none(self, fed: Settings) -> None:
        shutil.rmtree(fed.records)
        erasing.erase(fed, ROW, yes)
        assert not fed.records.exists()

    @pytest.mark.parametrize("is_cut_short", [False, True], ids=["at once", "cut short"])
    def test_a_rewrite_follows_its_comment_under_a_new_key(
        self, fed: Settings, monkeypatch: pytest.MonkeyPatch, is_cut_short: bool
    ) -> None:
        before = self.write(fed)
        if is_cut_short:

            def cut(*_: object) -> None:
                raise KeyboardInterrupt

            with monkeypatch.context() as broken:
                broken.setattr(key_rotation.keys, "set_stored", cut)
                with pytest.raises(KeyboardInterrupt):
                    key_rotation.rotate(fed)
        key_rotation.rotate(fed)
        after = id_of(fed, LONG)
        assert after != before
        assert {one: rewrite.text for one, rewrite in rewrites.standing(fed).items()} == {after: self.WORDS}
        assert rewrites.standing(fed)[after].approved_by == "CD"
        assert places_of(fed.home / "records", before) == set()
        key_rotation.rotate(fed)
        assert list(rewrites.standing(fed)) == [id_of(fed, LONG)] != [after]

    def test_a_rewrite_of_a_text_that_expires_is_forgotten_after_the_texts_of_every_source(
        self, settings_with: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        of_the_second = other_files.SETTINGS.replace("retention_days = 2557", "retention_days = 300")
        settings = settings_with(("retention_days = 2557", "retention_days = 300"), added=of_the_second)
        feed(settings, "old.csv", [form(1, date="2026-01-02", good=LONG)])
        feed(settings, "young.csv", [form(2, date="2026-11-02", good=SHORT)])
        enquiry = "Nobody rang me back about the letter for the day unit"
        write_csv(
            settings.home / "inbox" / "file" / "enquiries.csv",
            [["26001", "2026-01-05", "", "Adult", "Heron Ward", "Service user", enquiry, ""]],
            header=other_files.PALS_HEADER,
        )
        pipeline.ingest(settings, "file", TODAY)
        for text in (LONG, SHORT):
            self.write(settings, text)
        with monkeypatch.context() as down:
            down.setattr(rewrites, "comments", unreachable)
            down.setattr(rewrites, "forget", unreachable)
            with pytest.raises(RecordsUnreachable):
                retention.expire(settings, TODAY)
        assert [name for name, _ in settings.sources][:2] == ["fft", "file"], "the first alone has a rewrite"
        for text in (LONG, enquiry):
            assert places_of(settings.home, text) == set(), "the server of the records keeps no text by being down"
        assert len(rewrites.standing(settings)) == 2
        assert retention.expire(settings, TODAY)["fft"]["rewrites"] == 1
        assert list(rewrites.standing(settings)) == [id_of(settings, SHORT)]

    def test_records_that_cannot_be_reached_keep_no_comment_in_the_other_places(
        self, fed: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        comment_id = self.write(fed)
        with monkeypatch.context() as down:
            down.setattr(rewrites, "forget", unreachable)
            with pytest.raises(RecordsUnreachable):
                erasing.erase(fed, Request("comment", None, (comment_id,)))
        assert places_of(fed.home, LONG) == set()
        erasing.resume(fed)
        assert places_of(fed.home, self.WORDS) == set()


def unreachable(*_: object) -> int:
    raise RecordsUnreachable("the server of the records does not answer")


STEPS = [
    (erasing.other_files, "remove_reports"),
    (landed, "_erase_quarantined"),
    (landed, "replace_rows"),
    (landed, "recount"),
    (erasing.drop_folders, "remove_erased_originals"),
    (erasing.tool_files, "search"),
    (erasure, "delete_comments"),
    (rewriting, "rewrite"),
    (rewriting, "prepare"),
    (erasure_receipts, "log"),
]


@pytest.mark.parametrize(("module", "step"), STEPS, ids=[step for _, step in STEPS])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_erasure_that_is_cut_short_is_finished_by_the_next_call(
    fed: Settings, monkeypatch: pytest.MonkeyPatch, module: object, step: str, after: bool
) -> None:
    feed(fed, "bad.csv", [form(1, date="31/02/2026", good=LONG), form(9)])
    real = getattr(module, step)

    def cut(*arguments: object, **named: object) -> None:
        if after:
            real(*arguments, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(module, step, cut)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase(fed, ROW, yes)
    erasing.resume(fed)
    assert places_of(fed.home, LONG) == set()
    assert not (fed.erasure / "unfinished.json").exists()
    assert sorted(filter(None, stored(fed)))[-1] == SHORT
    assert all(manifest.rows.reconciles for manifest in manifests.landed(fed))
    assert erasing.erase(fed, ROW, yes)["comments"] == 0, "and it can be run again"
    assert erasing.is_stale(fed)


def test_a_file_that_was_being_read_during_an_erasure_is_not_landed(
    fed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(fed.home / "late.csv", [form(1, good=LONG), form(6)])
    real = batch.Batch.finish

    def finish(begun: batch.Batch, **about: object) -> manifests.Manifest:
        erasing.erase(fed, ROW, yes)
        return real(begun, **about)

    with monkeypatch.context() as slow:
        slow.setattr(batch.Batch, "finish", finish)
        with pytest.raises(ErasedMeanwhile, match="feed it again"):
            pipeline.ingest(fed, "fft", TODAY, path)
    path.unlink()
    assert places_of(fed.home, LONG) == set()


def test_what_a_killed_run_left_goes_with_the_next_erasure(fed: Settings) -> None:
    orphan = fed.quarantine / "fft" / "2026-11-20" / "20261120-dead.csv"
    draft = fed.landing / "fft" / "2026-11-21" / ".draft-dead.parquet"
    for path in (orphan, draft):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("file,row,column,reason,what_to_do,answers,row_without_ids\n")
        os.utime(path, (1, 1))
    erasing.erase(fed, ROW, yes)
    assert not orphan.exists()
    assert not draft.exists()


@pytest.mark.usefixtures("replayed_builds")
def test_a_report_that_was_written_while_the_old_copy_was_read_goes_when_the_new_one_is_there(fed: Settings) -> None:
    comment_id = id_of(fed, LONG)
    erasing.erase(fed, ROW, yes)
    folder = TestReports().report(fed, "2026-W45", "A rewrite", quoted_comment_ids=[comment_id])
    pipeline.rebuild(fed)
    assert not folder.exists()
    assert not erasing.is_stale(fed)


def test_a_file_outside_the_home_is_never_touched(settings_with, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere"
    settings = settings_with(('drop_folder = "inbox/fft"', f'drop_folder = "{outside}"'))
    path = write_csv(outside / "first.csv", [form(1, good=LONG)])
    pipeline.ingest(settings, "fft", TODAY)
    assert erasing.erase(settings, ROW, yes)["where"]["drop_folder_files"] == 0
    assert path.exists()


class TestWithdrawals:
    def test_a_trust_says_who_withdrew_in_a_file_of_row_ids(self, fed: Settings) -> None:
        path = write_csv(fed.home / "inbox/fft/withdrawn/withdrawn.csv", [["RX0001"], ["RX9999"]], ["Response ID"])
        outcome = withdrawals.honour(fed, "fft", credentials.of)
        assert (outcome["withdrawn"], outcome["comments"]) == (2, 2)
        assert not path.exists()
        assert places_of(fed.home, LONG) == set()
        assert places_of(fed.home, "RX0001") == set()
        assert withdrawals.honour(fed, "fft", credentials.of)["files"] == 0

    def test_the_folder_of_withdrawals_is_no_file_to_be_read(self, fed: Settings) -> None:
        write_csv(fed.home / "inbox/fft/withdrawn/withdrawn.csv", [["RX0001"]], ["Response ID"])
        assert pipeline.ingest(fed, "fft", TODAY)["refused"] == []

    def test_a_list_with_other_columns_erases_nothing_and_stays(self, fed: Settings) -> None:
        path = write_csv(fed.home / "inbox/fft/withdrawn/withdrawn.csv", [form(1)], HEADER)
        other = write_csv(fed.home / "inbox/fft/withdrawn/later.csv", [["RX9999"]], ["Response ID"])
        refused = withdrawals.honour(fed, "fft", credentials.of)["refused"]
        assert [("one column" in one, path.name in one) for one in refused] == [(True, True)]
        assert path.exists() and not other.exists()
        assert len(stored(fed)) == 4


def test_ids_of_ours_and_pseudonyms_do_not_meet(settings: Settings) -> None:
    keys = pseudonyms.pseudonymiser(settings)
    comment_id = keys.pseudonym("fft", "1")
    assert len({comment_id, keys.tombstone(comment_id, 1), keys.pseudonym("fft", "form", "1")}) == 3
