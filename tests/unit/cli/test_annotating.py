"""`wordround annotate`: JSON lines in, JSON lines out."""

import json

from typer.testing import CliRunner

from wordround.cli import app

LINES = [
    {"id": "a", "text": "The staff were lovely but I waited three hours", "question_type": None},
    {"id": 2, "text": "Nothing", "question_type": "could_improve"},
    {"id": "c", "text": "Roedd y staff yn garedig iawn a diolch yn fawr"},
    {"id": "d", "text": "#DearMentalHealthProfessionals please listen to us, my diagnosis is not who I am"},
]


def annotated(*lines: object, options: tuple[str, ...] = ()) -> tuple[list[dict[str, object]], dict[str, object], int]:
    written = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    result = CliRunner().invoke(app, ["annotate", *options], input=written)
    return [json.loads(line) for line in result.stdout.splitlines()], json.loads(result.stderr), result.exit_code


def test_each_comment_has_one_line_in_the_same_order() -> None:
    found, outcome, code = annotated(*LINES)
    assert [line["id"] for line in found] == ["a", 2, "c", "d"]
    assert (outcome, code) == ({"rows": {"in": 4, "written": 4, "refused": 0}, "refused": []}, 0)
    assert list(found[0]) == [
        *("id", "sentiment", "sentiment_class", "sentiment_probability", "vader_compound"),
        *("relevance", "language", "themes"),
    ]
    assert {line["language"] for line in found} == {"en", "cy"} and found[2]["language"] == "cy"
    assert found[1]["sentiment_class"] == "positive"
    polarity = {theme["label"]: theme["polarity"] for theme in found[0]["themes"]}
    assert polarity["Timeliness of care"] == "negative"
    assert {theme["frame"] for line in found for theme in line["themes"]} == {"patient_experience", "lived_experience"}
    assert all(list(theme) == ["frame", "label", "probability", "polarity"] for theme in found[0]["themes"])


def test_the_words_behind_a_theme_are_told_where_they_are_asked_for() -> None:
    (found,), _, _ = annotated(LINES[0], options=("--words",))
    assert {"waited", "hours"} & {word for theme in found["themes"] for word in theme["words"]}


def test_half_a_character_and_an_endless_number_cost_their_own_lines() -> None:
    found, outcome, _ = annotated('{"id": 1, "text": "\\ud83d"}', '{"id": 1, "text": ' + "9" * 5_000 + "}", LINES[1])
    assert [line["id"] for line in found] == [2] and outcome["rows"]["refused"] == 2


def test_a_line_that_is_none_is_named_by_its_number_and_the_others_go_on() -> None:
    found, outcome, code = annotated(LINES[0], "secret words", {"id": 1, "text": "x", "question_type": "why"}, LINES[1])
    assert [line["id"] for line in found] == ["a", 2] and code == 1
    assert outcome["rows"] == {"in": 4, "written": 2, "refused": 2}
    assert [line.partition(":")[0] for line in outcome["refused"]] == ["line 2", "line 3"]
    assert "secret" not in json.dumps(outcome)


def test_a_question_that_is_unknown_may_be_left_out_or_called_so() -> None:
    text = "Nothing was as bad as the waiting"
    found, _, code = annotated({"id": 1, "text": text}, {"id": 1, "text": text, "question_type": "unknown"})
    assert found[0] == found[1] and code == 0


def test_no_text_at_all_is_annotated_too() -> None:
    found, _, code = annotated(
        {"id": 1, "text": ""}, {"id": 2, "text": "<name> <phone>"}, {"id": 3, "text": "\U0001f621"}
    )
    assert len(found) == 3 and code == 0
    # An emoji speaks; nothing and placeholders do not.
    assert [line["sentiment_class"] for line in found] == [None, None, "negative"]
    assert [line["sentiment_probability"] is None for line in found] == [True, True, False]
    assert [line["language"] for line in found] == ["und", "und", "en"]
    assert [line["themes"] for line in found[:2]] == [[], []]
