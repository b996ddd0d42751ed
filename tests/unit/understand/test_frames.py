"""Code frames: what a text is about, in which order, by which cues; and what a broken frame says."""

import csv
import time
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordround.folders import CODE_FRAMES
from wordround.understand.frames import Frame, FrameInvalid, kept
from wordround.understand.learned import COMMENTS, Learned


def rows(name: str) -> list[dict[str, str]]:
    with (CODE_FRAMES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LIVED = Frame("lived_experience", rows("lived_experience_headings.csv"), rows("lived_experience_cues.csv"))
PATIENT = Frame("patient_experience", rows("patient_experience_headings.csv"), rows("patient_experience_cues.csv"))
HEADINGS = (
    {"theme_code": "people", "theme_label": "People", "heading_code": "kindness", "heading_label": "Being kind"},
    {"theme_code": "people", "theme_label": "People", "heading_code": "listening", "heading_label": ""},
    {"theme_code": "money", "theme_label": "Money"},
)


def frame(*cues: tuple[str, ...]) -> Frame:
    columns = ("heading_code", "cue", "weight", "exclude", "example")
    return Frame("mine", HEADINGS, [dict(zip(columns, cue, strict=False)) for cue in cues])


def codes(guesses: Iterable) -> list[str]:
    return [guess.code for guess in guesses]


def test_a_guess_names_its_cues_the_heaviest_first_and_its_share_of_all_that_speaks() -> None:
    mine = frame(
        ("kindness", "kind", "2"), ("listening", "listen*", "1"), ("listening", "hear", ""), ("money", "pay", "1")
    )
    first, second = mine.themes("Kind people who listen; who pays? I pay, I pay")
    assert (first.code, first.label, first.weight, first.cues) == ("people", "People", 3.0, ("kind", "listen*"))
    assert (second.code, second.weight) == ("money", 1.0)
    assert first.share == pytest.approx(3 / 5) and second.share == pytest.approx(1 / 5)
    headings = mine.ranked_headings(mine.mentions("Kind people who listen; who pays? I pay, I pay"))
    assert codes(headings) == ["kindness", "listening", "money"]
    assert [guess.label for guess in headings] == ["Being kind", "People", "Money"]


def test_a_lone_weak_cue_is_no_certainty_and_no_label() -> None:
    (guess,) = frame(("kindness", "nice", ".4")).themes("nice")
    assert guess.share < 0.3
    assert kept([guess]) == []
    assert codes(kept(frame(("kindness", "kind", "2")).themes("kind"))) == ["people"]


def test_a_cue_of_two_headings_counts_once_for_their_theme() -> None:
    (guess,) = frame(("kindness", "there for me", "2"), ("listening", "there for me", "1")).themes("there for me")
    assert guess.weight == 2


def test_mentions_of_several_clauses_are_gathered_into_one_ranking() -> None:
    mine = frame(("kindness", "kind", "1"), ("money", "pay", "1"), ("money", "cheap", "1"))
    clauses = "They were kind", "you pay and it is not cheap"
    assert codes(mine.ranked_themes(mention for clause in clauses for mention in mine.mentions(clause))) == [
        "money",
        "people",
    ]


def test_a_text_without_a_cue_has_no_guess() -> None:
    assert frame(("kindness", "kind")).themes("\U0001f44d <staff name>") == []


@pytest.mark.parametrize("tag", ["#BeKind", "#bekind", "#be_kind", "so #BEKIND!", "#BeKind2026"])
def test_the_words_of_a_hashtag_are_words(tag: str) -> None:
    assert codes(frame(("kindness", "be kind")).themes(tag)) == ["people"]


def test_a_hashtag_of_unknown_words_stays_one_word() -> None:
    assert frame(("kindness", "kind")).themes("#mankindproject #kindle") == []


@pytest.mark.parametrize(
    "link", ["https://example.org/pay", "www.example.org/pay", "<web address>", "<profile link 2>"]
)
def test_every_link_is_the_word_http_and_its_words_are_none(link: str) -> None:
    mine = frame(("kindness", "http"), ("money", "pay"))
    assert codes(mine.themes(f"here: {link}")) == ["people"]


def test_placeholders_are_nothing() -> None:
    assert frame(("kindness", "name"), ("money", "staff")).themes("<staff name> and <name 2>") == []


@pytest.mark.parametrize(
    ("headings", "cue", "says"),
    [
        (HEADINGS, {"heading_code": "kindnes", "cue": "kind"}, "cues: row 2: column heading_code"),
        (HEADINGS, {"heading_code": "", "cue": "kind"}, "cues: row 2: column heading_code"),
        (HEADINGS, {"theme_code": "moneys", "cue": "pay"}, "cues: row 2: column theme_code"),
        (HEADINGS, {"heading_code": "kindness", "cue": "kind", "weight": "much"}, "cues: row 2: column weight"),
        (HEADINGS, {"heading_code": "kindness", "cue": "kind", "weight": "0"}, "cues: row 2: column weight"),
        (HEADINGS, {"heading_code": "kindness", "cue": "kind", "weight": "nan"}, "cues: row 2: column weight"),
        (HEADINGS, {"heading_code": "kindness", "cue": "k*nd"}, "cues: row 2: column cue"),
        (HEADINGS, {"heading_code": "kindness", "cue": "kind", "exclude": "rude"}, "cues: row 2: column exclude"),
        ((*HEADINGS, HEADINGS[0]), {"heading_code": "kindness", "cue": "kind"}, "headings: row 5: column heading_code"),
        (({"theme_code": ""},), {"heading_code": "kindness", "cue": "kind"}, "headings: row 2: column theme_code"),
        ((), {"heading_code": "kindness", "cue": "kind"}, "headings: has no rows"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(headings: tuple, cue: dict, says: str) -> None:
    with pytest.raises(FrameInvalid) as refused:
        Frame("mine", headings, [cue])
    assert says in str(refused.value)


def test_the_version_changes_with_what_decides_the_coding_and_with_nothing_else() -> None:
    one = frame(("kindness", "kind", "2"), ("money", "pay"))
    assert one.version == frame(("money", "pay", "1.0"), ("kindness", "kind", "2", "", "Be kind.")).version
    assert one.version != frame(("money", "pay"), ("kindness", "kind", "1")).version
    assert one.version != frame(("money", "pay"), ("listening", "kind", "2")).version
    assert one.version.startswith("mine-")


def test_patient_experience_has_ten_major_themes_and_the_32_minor_ones_that_the_model_knows() -> None:
    themes = [heading.theme_code for heading in PATIENT.headings.values()]
    assert [themes.count(theme) for theme in dict.fromkeys(themes)] == [5, 3, 4, 6, 1, 2, 2, 2, 4, 3]
    assert tuple(heading.label for heading in PATIENT.headings.values()) == Learned.read(COMMENTS).labels


def test_lived_experience_has_the_themes_and_headings_of_the_published_table() -> None:
    themes = [heading.theme_code for heading in LIVED.headings.values()]
    assert [themes.count(theme) for theme in dict.fromkeys(themes)] == [6, 6, 17, 7, 1, 1, 1, 1]


def test_every_heading_of_lived_experience_has_examples_and_each_gets_its_heading() -> None:
    examples = [(row["heading_code"], row["example"]) for row in rows("lived_experience_cues.csv") if row["example"]]
    assert {code for code, _ in examples} == set(LIVED.headings)
    wrong = [text for code, text in examples if codes(LIVED.ranked_headings(LIVED.mentions(text)))[:1] != [code]]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("#BeKind. It took all I had to come through that door", "therapeutic_relationship"),
        ("thankyou soooo much, ur all amazing xx", "thanks"),
        ("#dearmentalhealthprofessionals I'm not my diagnosis", "identity_and_diagnosis"),
        ("nobody ever listens to me", "therapeutic_relationship"),
        ("Not medication again. Is there no alternative?", "support_provision"),
        ("if I dont agree they threaten to section me", "balance_of_power"),
        ("One in four, and still the papers call us names", "society"),
        ("Loving this hashtag, join in everybody", "self_referential"),
        ("I wrote about it here <web address>", "linking_out"),
        ("Thanks for nothing", "therapeutic_relationship"),
    ],
)
def test_lived_experience_knows_a_plain_remark_of_each_theme_however_it_is_typed(text: str, theme: str) -> None:
    assert codes(LIVED.themes(text))[:1] == [theme]


def test_a_hashtag_that_everybody_writes_says_nothing() -> None:
    assert kept(LIVED.themes("#dearmentalhealthprofessionals")) == []


@given(
    st.text(st.characters(), max_size=200)
    | st.lists(st.sampled_from(["#", "<", ">", "http://", "BeKind", "thank", " "])).map("".join)
)
def test_any_text_is_coded(text: str) -> None:
    guesses = LIVED.themes(text)
    assert sum(guess.share for guess in guesses) < 1
    assert [guess.weight for guess in guesses] == sorted((guess.weight for guess in guesses), reverse=True)


def test_thousands_of_cues_cost_little_a_text() -> None:
    texts = [f"The nurses on ward {n} were kind but I waited {n} weeks for #therapy" for n in range(3_000)]
    started = time.process_time()
    for text in texts:
        LIVED.themes(text)
    # about 30,000 a second; the floor leaves room for slow and busy machines
    assert len(texts) / (time.process_time() - started) > 6_000


@pytest.mark.parametrize("piece", ["#bekind", "#" + "a" * 90, "< <", "listen to me "])
def test_a_text_of_a_hundred_thousand_characters_takes_less_than_two_seconds(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.process_time()
    LIVED.themes(text)
    assert time.process_time() - started < 2
