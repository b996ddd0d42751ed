"""The theme codebook: what fires, what must not, and what a broken codebook says."""

import csv
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordround.folders import CODE_FRAMES
from wordround.understand.themes import Codebook, CodebookInvalid, Mention, words_of

with (CODE_FRAMES / "lived_experience_cues.csv").open(encoding="utf-8", newline="") as file:
    SHIPPED = Codebook([{**row, "theme_code": row["heading_code"]} for row in csv.DictReader(file)])
ANY_UNICODE = st.text(st.characters(), max_size=300)  # lone surrogates included


def codebook(*rows: tuple[str, ...]) -> Codebook:
    return Codebook([dict(zip(("theme_code", "cue", "exclude"), row, strict=False)) for row in rows])


def cues(book: Codebook, text: str) -> list[str]:
    return [mention.cue for mention in book.code(text)]


@pytest.mark.parametrize(
    ("cue", "text", "fires"),
    [
        ("food", "The food.", True),
        ("food", "FOOD", True),
        ("food", "seafood platter", False),
        ("food", "foods", False),
        ("wait*", "so much waiting!", True),
        ("wait*", "await news", False),
        ("side effect*", "bad side\neffects", True),
        ("side effect*", "beside effects", False),
        ("didn't listen", "they didn\u2019t listen", True),
        ("didn't listen", "they didnt listen", True),
        ("car park", "car-park full", True),
        ("car park", "car, park", True),
        ("listened", "lis\u200btened to me", True),
        ("food", "f\u00f6od", False),
        ("caf\u00e9", "nice CAF\u00c9", True),
        ("nurse", "nurse\U0001f44d", True),
    ],
)
def test_a_cue_fires_as_whole_words_whatever_the_typing(cue: str, text: str, fires: bool) -> None:
    assert cues(codebook(("t", cue)), text) == ([cue] if fires else [])


def test_a_comment_may_have_several_themes_and_says_which_cue_fired_once() -> None:
    book = codebook(("staff", "kind"), ("food", "meal*"), ("food", "tea"))
    assert book.code("Kind, kind staff; meals and a meal") == [Mention("food", "meal*"), Mention("staff", "kind")]


def test_one_cue_may_speak_for_two_themes() -> None:
    book = codebook(("staff", "understanding"), ("communication", "understanding"))
    assert [mention.theme_code for mention in book.code("very understanding")] == ["communication", "staff"]


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("nothing", True),
        ("nothing to do", False),
        ("nothing to do, nothing to eat", False),
        ("nothing to do but nothing bad", True),
        ("nothing bad, nothing to do", True),
    ],
)
def test_a_cue_does_not_count_inside_a_phrase_that_cancels_it(text: str, fires: bool) -> None:
    book = codebook(("general", "nothing", "nothing to do|nothing to eat"))
    assert bool(book.code(text)) is fires


def test_a_cancelling_phrase_may_begin_end_or_surround_its_cue() -> None:
    for phrase in ("happy with", "not happy", "not happy with", "happ*"):
        book = codebook(("general", "happy" if phrase != "happ*" else "happ*", phrase))
        assert not book.code("I am not happy with it")
    assert codebook(("general", "happy", "not happy")).code("not unhappy, happy")


@given(ANY_UNICODE)
def test_any_unicode_is_coded_and_every_cue_stands_in_the_text_as_whole_words(text: str) -> None:
    mentions = SHIPPED.code(text)
    assert mentions == sorted(set(mentions))
    for mention in mentions:
        assert words_of(mention.cue.removesuffix("*")).rstrip(" ") in words_of(text)


@given(st.lists(st.sampled_from(["Kind", "nothing", "to", "do", "waiting", "FOOD", "side effects", ",", "\n", "'"])))
def test_the_automaton_finds_what_a_plain_search_finds(parts: list[str]) -> None:
    text = " ".join(parts)
    wanted = ["kind", "food", "side effects", "to do", "nothing to do"]
    book = codebook(*(("t", cue) for cue in wanted))
    assert cues(book, text) == sorted(cue for cue in wanted if f" {cue} " in words_of(text))


def test_text_that_is_not_ascii_is_read_as_ascii_would_be() -> None:
    assert words_of("Don't -- WAIT_here!\u00a0") == words_of("Don't -- WAIT_here! ") == " dont wait here "


@pytest.mark.parametrize("piece", ["staff were kind ", "nothing to do ", "a\u0301\u0327", "\u200b", "'", "x", "\u0130"])
def test_a_text_of_a_million_characters_takes_less_than_a_second(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    SHIPPED.code(text)
    assert time.process_time() - started < 1


def test_short_comments_are_coded_fast_enough_for_a_million() -> None:
    comments = [f"The nurses on ward {n} were kind but I waited {n} weeks for my tablets" for n in range(5_000)]
    started = time.process_time()
    for comment in comments:
        SHIPPED.code(comment)
    # about 100,000 a second; the floor leaves room for slow and busy machines
    assert len(comments) / (time.process_time() - started) > 20_000


def test_the_version_changes_with_what_decides_the_coding_and_with_nothing_else() -> None:
    one = codebook(("staff", "kind"), ("food", "meal*"))
    assert one.version == codebook(("food", " meal* "), ("staff", "kind")).version
    assert one.version != codebook(("staff", "kind"), ("food", "meal")).version
    assert one.version != codebook(("staff", "kind", "kind of"), ("food", "meal*")).version
    assert one.version.startswith("cues-")
    assert len(one.version) == len("cues-") + 8


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        ([("staff", "kind"), ("", "rude")], "row 3", "theme_code"),
        ([("staff", "")], "row 2", "cue"),
        ([("staff", "--")], "row 2", "cue"),
        ([("staff", "k*nd")], "row 2", "cue"),
        ([("staff", "*")], "row 2", "cue"),
        ([("staff", "kind"), ("staff", "Kind")], "row 3", "cue"),
        ([("staff", "kind", "rude person")], "row 2", "exclude"),
        ([("staff", "kind", "kind of|*")], "row 2", "exclude"),
        ([], "no rows", "theme_code"),
    ],
)
def test_a_bad_row_is_refused_by_name_row_and_column(rows: list[tuple[str, ...]], row: str, column: str) -> None:
    with pytest.raises(CodebookInvalid) as refused:
        codebook(*rows)
    for part in ("codebook: ", row, column):
        assert part in str(refused.value)
