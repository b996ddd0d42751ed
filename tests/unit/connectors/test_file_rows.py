"""What names a comment of any table: it stays itself while its layout is improved, and can be erased by its row."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.chains import copied, of_home
from tests.fixtures.feeding import TODAY, feed, stored, texts
from tests.fixtures.fft_files import form, row, write_csv
from tests.fixtures.legible import places_of
from tests.fixtures.other_files import SETTINGS, complaints_log, pals_export, review_export, survey_export
from wordround import credentials, erasing, pipeline
from wordround.erasing import Request, withdrawals
from wordround.errors import SettingsInvalid
from wordround.settings import Settings

HEADER = ["Case number", "Date received", "Directorate", "Ward", "Contact is", "Enquiry"]
OTHER_SYSTEM = """
[sources.file.layouts.helpline]
id = "Call"
date = "Called on"
text = "Said"
"""


@pytest.fixture
def settings(settings_with: Callable[..., Settings]) -> Settings:
    return settings_with(added=SETTINGS + OTHER_SYSTEM)


def enquiry(number: str, said: str) -> list[str]:
    return [number, "2026-09-14", "Adult", "Heron Ward", "", said]


def test_the_same_number_in_two_systems_is_two_comments_and_a_list_names_one_of_them(
    settings: Settings, tmp_path: Path
) -> None:
    feed(settings, write_csv(tmp_path / "a.csv", [enquiry("17", "Asked at the desk")], HEADER), "file")
    calls = write_csv(tmp_path / "b.csv", [["17", "2026-09-14", "Said on the phone"]], ["Call", "Called on", "Said"])
    assert feed(settings, calls, "file")["rows"]["loaded"] == 1
    listed = write_csv(settings.home / "inbox/file/withdrawn/gone.csv", [["17"]], ["Call"])
    outcome = withdrawals.honour(settings, "file", credentials.of)
    assert (outcome["withdrawn"], outcome["comments"], listed.exists()) == (1, 1, False)
    assert texts(settings) == ["Asked at the desk"]


def test_an_erasure_names_a_row_with_or_without_its_layout(settings: Settings, tmp_path: Path) -> None:
    feed(settings, write_csv(tmp_path / "a.csv", [enquiry("17", "Asked"), enquiry("18", "Asked too")], HEADER), "file")
    calls = [["17", "2026-09-14", "Said"], ["18", "2026-09-14", "Said too"]]
    feed(settings, write_csv(tmp_path / "b.csv", calls, ["Call", "Called on", "Said"]), "file")
    assert erasing.erase(settings, Request("comment", "file", ("helpline:17",)))["comments"] == 1
    assert sorted(texts(settings)) == ["Asked", "Asked too", "Said too"]
    assert erasing.count(settings, Request("comment", "file", ("18",))) == {"comments": 2}


def test_every_answer_of_a_row_goes_with_its_id_and_so_does_the_letter_that_brought_it(settings: Settings) -> None:
    folder = settings.home / "inbox" / "file"
    folder.mkdir(parents=True)
    survey_export(folder / "survey.jsonl")
    pals_export(folder / "pals.xlsx")
    write_csv(settings.home / "inbox" / "fft" / "f.csv", [form(1)])
    pipeline.ingest(settings, "file", TODAY)
    pipeline.ingest(settings, "fft", TODAY)
    outcome = erasing.erase(settings, Request("comment", "file", ("survey:1",)), lambda _: True)
    assert outcome["comments"] == 3, "two answers, and the blank one with its rating"
    assert {path.name for path in folder.iterdir()} == {"pals.xlsx"}
    assert places_of(settings.home, "explained it twice") == set()
    assert len(list((settings.home / "inbox" / "fft").iterdir())) == 1
    again = survey_export(folder / "again.jsonl")
    again.write_text(again.read_text() + "\n")
    assert pipeline.ingest(settings, "file", TODAY)["rows"]["erased"] == 3
    withdrawals.honour(settings, "file", credentials.of)
    assert {path.name for path in folder.iterdir()} == {"pals.xlsx"}


def test_a_row_in_quarantine_is_erased_by_its_id_too(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, complaints_log(tmp_path / "log.csv"), "file")
    late = write_csv(tmp_path / "late.csv", [["26-9", "2027-09-14", "Adult", "Heron", "", "Too early to say"]], HEADER)
    quarantine = Path(feed(settings, late, "file")["quarantine_file"])
    erasing.erase(settings, Request("comment", "file", ("26-9",)))
    assert not quarantine.exists()
    assert Path(outcome["quarantine_file"]).exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Compliment" = "what_good"', '"Compliment" = "nonspecific", "Concern" = "could_improve"'),
        ('{ "Service user" = "patient", "Relative" = "carer" }', '{ "Councillor" = "organisation" }'),
        ('column = "best", question_type = "what_good"', 'column = "best"'),
        ('kind = "review"', 'kind = "story"'),
    ],
)
def test_a_layout_that_says_more_updates_comments_and_adds_none(
    settings_with: Callable[..., Settings],
    once: Callable[[str, Callable[[Path], None]], Path],
    tmp_path: Path,
    old: str,
    new: str,
) -> None:
    assert old in SETTINGS
    exports = {"a.xlsx": pals_export, "b.csv": complaints_log, "c.jsonl": survey_export, "d.parquet": review_export}
    paths = [export(tmp_path / name) for name, export in exports.items()]

    def fill(home: Path) -> None:
        for path in paths:
            feed(of_home(settings_with(added=SETTINGS), home), path, "file")

    settings = copied(
        of_home(settings_with(added=SETTINGS.replace(old, new)), once("exports", fill)), tmp_path / "home"
    )
    before = stored(settings, "comment_id")
    assert sum(feed(settings, path, "file")["rows"]["loaded"] for path in paths) == 0
    assert stored(settings, "comment_id") == before


def test_the_only_text_of_a_row_stays_itself_when_its_column_is_renamed(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    feed(settings_with(added=SETTINGS), write_csv(tmp_path / "a.csv", [enquiry("17", "Asked")], HEADER), "file")
    settings = settings_with(added=SETTINGS.replace('text = "Enquiry"', 'text = "What they asked"'))
    renamed = write_csv(tmp_path / "b.csv", [enquiry("17", "Asked")], [*HEADER[:-1], "What they asked"])
    assert feed(settings, renamed, "file")["rows"]["unchanged"] == 1


def test_no_id_of_a_row_is_written_anywhere(settings: Settings, tmp_path: Path) -> None:
    feed(settings, write_csv(tmp_path / "a.csv", [enquiry("RX0017", "Asked"), enquiry("RX0018", "")], HEADER), "file")
    bad = enquiry("RX0019", "Asked too")
    feed(settings, write_csv(tmp_path / "b.csv", [[bad[0], "31/02/2026", *bad[2:]]], HEADER), "file")
    assert places_of(settings.home, "RX00") == set()


def test_without_an_id_a_row_is_what_it_says(settings_with: Callable[..., Settings], tmp_path: Path) -> None:
    settings = settings_with(added=SETTINGS.replace('id = "Case number"', ""))
    same = enquiry("", "Where is the car park?")
    feed(settings, write_csv(tmp_path / "a.csv", [same, same], HEADER), "file")
    grown = feed(settings, write_csv(tmp_path / "b.csv", [same, same, same], HEADER), "file")["rows"]
    assert (grown["loaded"], grown["unchanged"]) == (1, 2)


@pytest.mark.parametrize(
    ("given", "rating"),
    [
        ("4", 4), ("4.0", 4), ("4/5", 4), ("4 / 5", 4), ("4 out of 5", 4), ("4 Stars", 4), ("4 - Good", 4),
        ("top  MARKS", 5), ("N/A", None), ("", None), ("0", "out_of_range"), ("6", "out_of_range"),
        ("-1", "out_of_range"), ("8/10", "unknown"), ("3.5", "unknown"),
        ("good", "unknown"), ("4-5", "unknown"), ("45 minutes", "unknown"), ("#VALUE!", "error_cell"),
    ],
)  # fmt: skip
def test_a_rating_is_taken_as_given_on_its_own_scale_or_not_at_all(
    settings: Settings, tmp_path: Path, given: str, rating: int | str | None
) -> None:
    header = ["review_id", "published", "headline", "body", "stars"]
    outcome = feed(settings, write_csv(tmp_path / "r.csv", [["1", "2026-09-14", "", "Fine", given]], header), "file")
    assert outcome["quarantine"] == {}
    kept = (None, None, rating) if isinstance(rating, str) else (rating, rating and 5, None)
    assert stored(settings, "rating, rating_max, rating_note") == [kept]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('text = "Enquiry"', "", "name either `text` or `texts`"),
        ('text = "body"', 'texts = [{ column = "body" }, { column = "reply" }]', "`title` goes with one column"),
        ('{ column = "else" }', '{ column = "best" }', "names a column twice"),
        ("rating_max = 5", "", "go together"),
        ("rating_min = 0", "rating_min = 10", "must be greater"),
        ('"Top marks" = 5', '"Top marks" = 6', "must lie between"),
        ('author_role = "Contact is"', "", "`author_roles` needs the column"),
        ('"Relative" = "carer"', '"Relative" = "family"', "author_roles"),
        ('kind = "review"', 'kind = "tweet"', "kind"),
        ("[sources.file.layouts.pals]", '[sources.file.layouts."pals:1"]', "pals:1"),
        ('locations = ["Site"]', 'location = "Site"', "there is no such setting"),
    ],
)
def test_a_column_map_that_cannot_be_meant_is_refused(
    settings_with: Callable[..., Settings], old: str, new: str, says: str
) -> None:
    assert old in SETTINGS
    with pytest.raises(SettingsInvalid, match=says):
        settings_with(added=SETTINGS.replace(old, new, 1)).sources.named("file")


def test_a_list_for_another_source_is_refused_by_the_names_that_it_may_have(settings: Settings) -> None:
    write_csv(settings.home / "inbox/file/withdrawn/gone.csv", [["F0001"]], ["Response ID"])
    write_csv(settings.home / "inbox" / "fft" / "f.csv", [row(1)])
    pipeline.ingest(settings, "fft", TODAY)
    (refused,) = withdrawals.honour(settings, "file", credentials.of)["refused"]
    assert "named Call or Case number or Ref or response.id or review_id" in refused
    assert len(texts(settings)) == 2
