"""Any table with a column map: exports of other systems are read as they are, every row accounted for."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.fixtures.feeding import TODAY, feed, quarantined, stored, texts
from tests.fixtures.fft_files import row, write_csv
from tests.fixtures.other_files import SETTINGS, complaints_log, pals_export, review_export, survey_export
from wordround import pipeline
from wordround.comments import Comment
from wordround.connectors.file import connector as file_source
from wordround.doctor.installation import control_panel
from wordround.doctor.modes import modes
from wordround.errors import SettingsInvalid
from wordround.settings import Settings


@pytest.fixture
def settings(settings_with: Callable[..., Settings]) -> Settings:
    return settings_with(added=SETTINGS)


def comments(settings: Settings, path: Path) -> dict[str, Comment]:
    """The comments that the connector makes of a file, by their text."""
    with path.open("rb") as file:
        reader = file_source.Reader(path, file, settings.sources.file, settings.trust.code, TODAY)
        return {item.text or "": item for item in reader.items() if isinstance(item, Comment)}


def rows(outcome: dict, **counts: int) -> bool:
    """Whether the account says these counts and nothing else but rows in."""
    return {name: count for name, count in outcome["rows"].items() if count and name != "in"} == counts


def test_an_export_of_enquiries_is_read_by_the_date_that_is_mapped(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, pals_export(tmp_path / "pals.xlsx"), "file")
    assert outcome["layout"] == "pals"
    assert rows(outcome, loaded=4, no_answer=1, quarantined=2)
    assert outcome["quarantine"] == {"future_date": 1, "id_used_twice": 1}
    assert outcome["notes"] == {"author_role_not_in_author_roles": 1}
    days = stored(settings, "posted_date, kind, location_1, location_2, question_type")
    assert days[0] == (date(2026, 9, 3), "story", "Adult", "Heron Ward", None)
    assert date(2026, 10, 9) not in {day for day, *_ in days}, "when a case was closed is another column"


def test_a_role_is_what_the_file_and_the_layout_say_and_never_more(settings: Settings, tmp_path: Path) -> None:
    roles = {text[:20]: one.author_role for text, one in comments(settings, pals_export(tmp_path / "p.xlsx")).items()}
    assert roles["Nobody rang me back "] == "patient"
    assert roles["The visiting times o"] == "carer"
    assert roles["Could the bus stop b"] is None, "a councillor is none of the four"
    assert roles["Where do I send my f"] is None


def test_a_complaints_log_keeps_its_pounds_and_says_what_was_asked(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, complaints_log(tmp_path / "log.csv"), "file")
    assert rows(outcome, loaded=3, no_answer=1, quarantined=1)
    assert outcome["quarantine"] == {"missing_id": 1}
    assert outcome["date_orders"] == {"XFV": "day_first"}
    assert outcome["notes"] == {"question_not_in_question_types": 1}
    said = dict(stored(settings, "text, question_type"))
    assert said["Waited 4 hours \u2013 and parking was \u00a36"] == "could_improve"
    assert said["The caf\u00e9 staff were lovely; truly"] == "what_good"
    assert said["The lift is \u201ctemperamental\u201d"] is None, "a concern is not explained by the layout"
    assert comments(settings, tmp_path / "log.csv")["The lift is \u201ctemperamental\u201d"].site_code is None
    assert {one.site_code for one in comments(settings, tmp_path / "log.csv").values()} == {None, "XFV01"}


def test_an_export_of_a_survey_tool_is_a_comment_an_answer(settings: Settings, tmp_path: Path) -> None:
    outcome = feed(settings, survey_export(tmp_path / "survey.jsonl"), "file")
    assert outcome["rows"]["in"] == 15
    assert rows(outcome, loaded=5, no_answer=7, quarantined=3)
    assert outcome["quarantine"] == {"broken_json": 3}
    assert [bad["row"] for bad in quarantined(outcome)] == ["5"]
    assert outcome["notes"] == {"language_is_no_code": 1, "rating_out_of_range": 1}
    kinds = {text: rest for text, *rest in stored(settings, "text, question_type, rating, rating_max, kind") if text}
    assert kinds == {
        "The nurse explained it twice": ["what_good", 10, 10, "survey_answer"],
        "Nothing": ["could_improve", 10, 10, "survey_answer"],
        "Shorter forms": ["could_improve", 0, 10, "survey_answer"],
        "The kiosk was slow": ["nonspecific", None, None, "survey_answer"],
        "This one tops the scale": ["what_good", None, None, "survey_answer"],
    }
    assert len({response for (response,) in stored(settings, "response_id")}) == 4
    assert comments(settings, tmp_path / "survey.jsonl")["Shorter forms"].language == "pl"


POSTS = """
[sources.file.layouts.export]
id = "No"
date = "Day"
text = "Post"
kind = "post"
country = "Country"

[[conversations]]
name = "kind_hour"
tags = ["KindHour"]
begins = 2026-10-01T00:00:00
ends = 2026-10-02T00:00:00
"""


def test_a_table_of_posts_declares_countries_and_belongs_by_hashtags(
    settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = settings_with(added=SETTINGS + POSTS)
    declared = {
        "First": "Ireland",
        "Second": "gb",
        "Third": "",
        "Fourth": "Fernvale",
        "Fifth": "n/a",
        "Sixth": "I moved",
    }
    said = "look at https://www.nhs.uk #KindHour"
    table = [[word, "2026-10-01", f"{word} {said}", country] for word, country in declared.items()]
    write_csv(tmp_path / "posts.csv", table, ["No", "Day", "Post", "Country"])
    outcome = feed(settings, tmp_path / "posts.csv", "file")
    assert rows(outcome, loaded=6) and outcome["notes"] == {"country_is_no_country": 2}
    assert "2 rows name no country that is known" in " ".join(outcome["warnings"])
    found = stored(settings, "text, country, hashtags, link_domains")
    known = {text.split()[0]: country for text, country, *_ in found if country}
    assert known == {"First": "IE", "Second": "GB"}
    assert {(tuple(tags), tuple(domains)) for *_, tags, domains in found} == {(("KindHour",), ("nhs.uk",))}


def test_a_review_is_read_with_its_stars_as_given_and_a_title_alone_is_its_text(
    settings: Settings, tmp_path: Path
) -> None:
    outcome = feed(settings, review_export(tmp_path / "reviews.parquet"), "file")
    assert rows(outcome, loaded=5)
    assert outcome["notes"] == {"rating_unknown": 1}
    read = comments(settings, tmp_path / "reviews.parquet")
    assert {text: (one.title, one.rating, one.rating_max) for text, one in read.items()} == {
        "The team on the day unit was patient": ("Thank you", 5, 5),
        "Good, but parking": (None, 4, 5),
        "Kind and calm": (None, 5, 5),
        "We got lost twice": ("Signposting", 2, 5),
        "So so": ("Mixed", None, None),
    }
    assert {one.kind for one in read.values()} == {"review"}


@pytest.mark.parametrize("export", [pals_export, complaints_log, survey_export, review_export])
def test_a_file_fed_twice_adds_nothing_and_no_column_that_is_not_mapped_leaves_it(
    settings: Settings, tmp_path: Path, export: Callable[[Path], Path]
) -> None:
    names = {pals_export: "f.xlsx", complaints_log: "f.csv", survey_export: "f.jsonl", review_export: "f.parquet"}
    path = export(tmp_path / names[export])
    first, again = feed(settings, path, "file")["rows"], feed(settings, path, "file")["rows"]
    assert (again["loaded"], again["updated"], again["unchanged"]) == (0, 0, first["loaded"])
    for written in settings.home.rglob("*"):
        assert written.is_dir() or b"CANARY" not in written.read_bytes(), written


def test_the_daily_run_takes_each_source_from_its_own_drop_folder(settings: Settings) -> None:
    folder = settings.home / "inbox" / "file"
    folder.mkdir(parents=True)
    review_export(folder / "reviews.parquet")
    write_csv(settings.home / "inbox" / "fft" / "f.csv", [row(1)])
    assert settings.sources.enabled() == ("fft", "file")
    assert pipeline.ingest(settings, "file", TODAY)["rows"]["in"] == 5
    assert pipeline.ingest(settings, "fft", TODAY)["rows"]["in"] == 2
    assert pipeline.ingest(settings, "file", TODAY)["files_already_landed"] == 1
    assert {source for (source,) in stored(settings, "source")} == {"fft", "file"}
    assert texts(settings).count("Kind nurses on the ward") == 1


def test_a_source_that_is_not_set_says_so(settings_with: Callable[..., Settings], tmp_path: Path) -> None:
    settings = settings_with()
    assert "file" not in settings.sources.known()
    with pytest.raises(SettingsInvalid, match=r"\[sources\.file\] is not in the settings file"):
        pipeline.ingest(settings, "file", TODAY, review_export(tmp_path / "reviews.parquet"))


def test_without_a_word_a_file_source_is_not_collected(settings_with: Callable[..., Settings]) -> None:
    settings = settings_with(added=SETTINGS.replace("enabled = true", ""))
    assert settings.sources.known() == ("fft", "file")
    assert settings.sources.enabled() == ("fft",)


def test_a_moment_of_another_time_zone_is_on_its_day_in_london(settings: Settings, tmp_path: Path) -> None:
    path = survey_export(tmp_path / "survey.jsonl")
    late = datetime(2026, 7, 3, 23, 30, tzinfo=UTC).isoformat()
    path.write_text(path.read_text().replace("2026-09-14T10:15:00Z", late))
    assert {one.posted_on for one in comments(settings, path).values()} == {date(2026, 7, 4)}


def test_the_drop_folder_of_each_source_is_looked_at(settings_with: Callable[..., Settings]) -> None:
    elsewhere = SETTINGS.replace("enabled = true", 'enabled = true\ndrop_folder = "letters/file"')
    settings = settings_with(added=elsewhere.replace('id = "Ref"', ""))
    told = [finding.subject for finding in control_panel(settings) if finding.says.startswith("names no id column")]
    assert told == ["layout complaints"]
    for folder in ("", "letters", "letters/file", "notes"):
        (settings.home / folder).mkdir()
        (settings.home / folder).chmod(0o770)
    settings.home.chmod(0o700)
    opened = {Path(finding.subject).name for finding in modes(settings) if finding.state != "ok"}
    assert opened & {"letters", "notes"} == {"notes"}, "whoever exports the files may write there, and nowhere else"
