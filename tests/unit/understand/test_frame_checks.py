"""What `frames check` finds: each kind of fault, by its row, and nothing in a frame without faults."""

import pytest

from wordround.understand.frame_checks import Finding, examine, unused
from wordround.understand.frames import Frame

HEADINGS = [
    {"theme_code": "people", "heading_code": "kindness"},
    {"theme_code": "people", "heading_code": "listening"},
    {"theme_code": "money", "heading_code": "money"},
]
SOUND = (("kindness", "kind*", "2"), ("listening", "listen*", "1"), ("money", "pay", "1", "pay attention"))


def cues(*given: tuple[str, ...]) -> list[dict[str, str]]:
    return [dict(zip(("heading_code", "cue", "weight", "exclude", "example"), cue, strict=False)) for cue in given]


def findings(*given: tuple[str, ...]) -> list[Finding]:
    rows = cues(*given)
    return examine(Frame("mine", HEADINGS, rows), rows)


def test_a_sound_frame_has_no_findings() -> None:
    assert findings(*SOUND) == []


@pytest.mark.parametrize(
    ("cue", "kind", "row", "says"),
    [
        (("money", "kind*", "1"), "overlap", 5, "money and for kindness (row 2)"),
        (("money", "kind of you to pay", "1"), "hidden", 2, "'kind of you to pay' (row 5, money)"),
        (("money", "fees*", "1", "fees*"), "dead", 5, "its own exclude covers it"),
        (("money", "#CostOfLiving", "1"), "dead", 5, "write the words of a hashtag apart"),
        (("money", "https://pay.example", "1"), "dead", 5, "http for a link"),
        (("money", "fee", "1", "", "They were kind about the fee, so kind"), "example", 5, "gets kindness first"),
        (("money", "fee", "1", "", "Nothing to see"), "example", 5, "gets no heading"),
    ],
)
def test_a_fault_is_found_at_its_row(cue: tuple[str, ...], kind: str, row: int, says: str) -> None:
    found = [finding for finding in findings(*SOUND, cue) if finding.kind == kind and finding.row == row]
    assert len(found) == 1 and says in found[0].says


def test_an_exclude_mends_what_is_hidden() -> None:
    longer = ("money", "kind of you to pay", "1")
    assert "hidden" in {finding.kind for finding in findings(*SOUND, longer)}
    mended = (("kindness", "kind*", "2", "kind of you to pay"), *SOUND[1:])
    assert [finding for finding in findings(*mended, longer) if finding.row == 2] == []


def test_a_light_cue_within_a_heavy_one_turns_nothing() -> None:
    assert findings(("kindness", "you", ".1"), ("listening", "listen", "1"), ("money", "you pay", "1")) == []


def test_where_nothing_is_weighed_a_narrower_cue_is_shadowed_by_a_broader_one() -> None:
    same_weights = (("kindness", "kind*"), ("kindness", "kind words"), ("listening", "listen"), ("money", "pay"))
    (finding,) = findings(*same_weights)
    assert (finding.kind, finding.row) == ("shadowed", 3) and "'kind*' (row 2)" in finding.says


def test_a_heading_without_a_cue_is_named_in_the_table_of_headings() -> None:
    (finding,) = findings(*SOUND[:2])
    assert (finding.kind, finding.table, finding.row) == ("empty", "headings", 4)


def test_cues_that_no_text_holds_are_counted_and_no_text_is_shown() -> None:
    rows = cues(*SOUND)
    lacking, counts = unused(
        Frame("mine", HEADINGS, rows), rows, ["Kind and listening", "please pay attention Ann", "kind"]
    )
    assert [(finding.kind, finding.row) for finding in lacking] == [("unused", 4)]
    assert counts == {"kindness": 2, "listening": 1, "": 1}
    assert "Ann" not in str(lacking)
