"""What comments are about, from a file to the marts: by the real models, with a frame of the trust's own."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_warehouse import SmallWarehouse

from tests.fixtures.fft_files import form, write_csv
from wordround import folders, pipeline
from wordround.build import dbt as marts
from wordround.settings import PROJECT, Settings, load_settings
from wordround.warehouse.engine import connect

MIXED = "Staff lovely, parking a nightmare, the food was cold and horrible"
WELSH = ("Roedd y nyrsys yn wych iawn a diolch yn fawr i bawb", "Roedd y bwyd yn hyfryd ond roedd y meddyg yn hwyr")


def own_frame(folder: Path, cue: str) -> None:
    (folder / "own_frame_headings.csv").write_text(
        "theme_code,theme_label,heading_code,heading_label\nmeals,Meals,hot,Hot meals\nmeals,Meals,tea,Tea\n", "utf-8"
    )
    (folder / "own_frame_cues.csv").write_text(f"heading_code,cue\nhot,{cue}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def understood(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallWarehouse]:
    """Three comments that were understood and built, by a trust that has a frame of its own."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "wordround.toml").write_bytes((PROJECT / "wordround.toml").read_bytes())
    own_frame(folder, "food was cold")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORDROUND_HOME", str(folder / "data"))
        patch.setenv("WORDROUND_CONFIG", str(folder / "wordround.toml"))
        settings = load_settings()
        texts = (MIXED, *WELSH)
        write_csv(
            settings.home / "inbox" / "fft" / "file.csv",
            [form(number, good=text, better="") for number, text in enumerate(texts, start=1)],
        )
        pipeline.ingest(settings, "fft", date(2026, 11, 21))
        pipeline.understand(settings)
        marts.build(settings)
        yield SmallWarehouse(settings)


def comments(warehouse: SmallWarehouse, language: str) -> list[dict[str, Any]]:
    return [row for row in warehouse.table("marts.fct_comments") if row["language"] == language]


def test_a_comment_may_praise_one_theme_and_criticise_another(understood: SmallWarehouse) -> None:
    themes = {row["theme_code"]: row for row in understood.table("marts.fct_comment_themes")}
    found = [themes[code]["polarity"] for code in ("staff_manner", "parking", "food_and_drink")]
    assert found == ["positive", "negative", "negative"]
    assert {row["sentiment_label"] for row in themes.values()} == {comments(understood, "en")[0]["sentiment_label"]}
    assert "food" in themes["food_and_drink"]["words"]
    weeks = {row["theme_code"]: row for row in understood.table("marts.fct_service_theme_weeks")}
    assert (weeks["staff"]["positive_count"], weeks["staff"]["negative_count"]) == (1, 0)
    assert (weeks["environment_and_catering"]["negative_count"], weeks["food_and_drink"]["negative_count"]) == (1, 1)
    assert weeks["food_and_drink"]["negative_share_low"] < weeks["food_and_drink"]["negative_share"] == 1
    assert {row["comment_count_label"] for row in weeks.values()} == {"*"}


def test_a_frame_of_the_trust_s_own_stands_beside_the_others(understood: SmallWarehouse) -> None:
    frames = {row["theme_code"]: row for row in understood.table("marts.dim_themes")}
    assert (frames["parking"]["level"], frames["parking"]["major_code"]) == ("minor", "service_location_and_travel")
    assert [row["level"] for row in frames.values() if row["frame_code"] == "patient_experience"].count("minor") == 32
    assert frames["own.meals"]["theme_label"] == "Meals" and frames["own.tea"]["major_code"] == "own.meals"
    (own,) = [row for row in understood.table("marts.fct_comment_themes") if row["frame_code"] == "own"]
    assert (own["theme_code"], own["polarity"], own["words"]) == ("own.meals", "negative", ["food was cold"])
    majors = {"environment_and_catering", "service_location_and_travel", "staff"}
    assert majors <= set(comments(understood, "en")[0]["major_codes"])


def test_a_comment_in_another_language_counts_and_is_not_read(understood: SmallWarehouse) -> None:
    welsh = comments(understood, "cy")
    assert len(welsh) == len(WELSH)
    for found in welsh:
        assert (found["labelled_by"], found["sentiment_label"], found["vader_label"]) == ("other_language", None, None)
        assert (found["is_counted"], found["compound"], found["theme_codes"]) == (True, None, [])
    (week,) = [row for row in understood.table("marts.fct_service_weeks") if row["comment_count"]]
    assert (week["comment_count"], week["other_language_count"]) == (3, 2)
    scored = week["negative_count"] + week["neutral_count"] + week["positive_count"]
    assert scored == 1 and week["negative_share"] in (0, 1)
    assert (week["neutral_count_label"], week["positive_count_label"]) == ("*", "*")


def test_a_trust_that_edits_its_cues_gets_its_texts_coded_again(understood: SmallWarehouse) -> None:
    settings: Settings = understood.settings
    assert pipeline.understand(settings)["annotations"]["texts"] == 0
    own_frame(folders.own_folder(), "horrible")
    from wordround.registers import frames

    frames._compiled.cache_clear()
    assert pipeline.understand(settings)["annotations"]["rescored"] == 3
    with connect(settings) as connection:
        (words,) = connection.execute(
            "select theme.words from (select unnest(themes) as theme from understanding.annotations"
            " order by annotated_at desc) where theme.theme_code = 'own.meals' limit 1"
        ).fetchone()
    assert words == ["horrible"]
