"""Which texts are copies: what copying leaves alike, what only looks alike, and that no order of arrival matters."""

import subprocess
import sys
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wordround.evaluate import copies as measuring
from wordround.evaluate.copies import Copies, evaluate
from wordround.evaluate.evaluation import render_page
from wordround.settings import PROJECT
from wordround.understand import copies

ORIGINAL = (
    "The lamp above my bed flickered all night long, and when I asked for another bed the matron found me one by the"
    " window within ten minutes. I slept until breakfast."
)
OTHER = "We sat in the corridor beside a broken vending machine until the registrar had finished her ward round."


def together(*texts: str) -> bool:
    grouped = copies.groups({str(place): text for place, text in enumerate(texts)})
    return len(grouped) == len(texts) and len(set(grouped.values())) == 1


@pytest.mark.parametrize(
    "copy",
    [
        f"RT @ward_watch: {ORIGINAL}",
        f"MT <handle 2> {ORIGINAL}",
        f"{ORIGINAL} via @ward_watch",
        f"So true \u201c{ORIGINAL}\u201d",
        f"\u00ab{ORIGINAL}\u00bb \U0001f44f\U0001f44f this",
        f"{ORIGINAL} #nhs #nightshift https://example.org/7",
        ORIGINAL.upper().replace(",", " -"),
        ORIGINAL.replace("lamp", "lmap").replace("matron", "maton"),
        ORIGINAL.replace("matron", "<staff name>"),
        "I slept until breakfast. " + ORIGINAL.removesuffix(" I slept until breakfast."),
        f"RT @ward_watch: {ORIGINAL[:90]}\u2026",
        f"{ORIGINAL[:80]}... https://example.org/s",
        ORIGINAL[: ORIGINAL.index("window") + 3],
        ORIGINAL.replace("ma", "m\u00e1"),
    ],
)
def test_a_copy_is_found_whatever_copying_did_to_it(copy: str) -> None:
    assert together(ORIGINAL, copy)


@pytest.mark.parametrize(
    "other",
    [
        OTHER,
        # the opening, or all of it, with an experience of one's own
        ORIGINAL[: ORIGINAL.index(", and")] + ". Nobody came when I rang, so in the end my daughter fetched me home.",
        f"\u201c{ORIGINAL}\u201d Mine was different: they moved me twice, lost my glasses and teeth, woke me at"
        " five for blood, and sent me home with a bag of somebody else's tablets and no letter.",
        # it ends where a sentence ends: that is no cut
        ORIGINAL[: ORIGINAL.index(", and")] + " and then some more",
    ],
)
def test_who_adds_an_experience_of_their_own_is_no_copy(other: str) -> None:
    assert not together(ORIGINAL, other)


def test_a_text_that_denies_what_the_other_says_is_no_copy() -> None:
    assert not together(
        "I would recommend this practice to all of my friends and to my whole family as well",
        "I would not recommend this practice to all of my friends and to my whole family as well",
    )


def test_the_same_short_answer_is_given_independently() -> None:
    short = "very good service, thank you to all the nurses today"
    assert len(short.split()) == copies.FEWEST_WORDS - 1
    assert copies.groups({"a": short, "b": short}) == {}
    assert copies.compared("#nhs @ward_watch https://example.org <name 2> so true this \u2026") is None


def test_copies_of_a_copy_are_in_the_group_of_the_original_by_the_smallest_name() -> None:
    grouped = copies.groups({"c": ORIGINAL, "a": f"RT @x: {ORIGINAL}", "b": OTHER, "d": f"{ORIGINAL[:90]}\u2026"})
    assert grouped == {"a": "a", "c": "a", "d": "a", "b": "b"}


def test_keys_and_version_are_the_same_in_another_process_and_those_that_are_stored() -> None:
    program = (
        "from wordround.understand import copies;"
        f"print(next(copies.keys([copies.compared({ORIGINAL!r})]))[:3], copies.version())"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    text = copies.compared(ORIGINAL)
    assert text is not None
    found = next(copies.keys([text]))
    assert said.strip() == f"{found[:3]} {copies.version()}"
    assert len(found) == 1 + copies.BANDS
    # A library that hashes otherwise would make every stored key worthless; the version says so and all is hashed anew.
    assert found[:3] == STORED


STORED = [1221837567, 876864780, 2367898866]

VARIANTS = [
    ORIGINAL,
    f"RT @x: {ORIGINAL}",
    ORIGINAL.replace("window", "wall"),
    ORIGINAL.replace("matron", "sister").replace("breakfast", "noon"),
    f"{ORIGINAL[:70]}\u2026",
    OTHER,
    OTHER.replace("vending", "coffee"),
    f"{ORIGINAL} {OTHER}",
    "very good",
    "",
]
TEXTS = st.lists(st.one_of(st.sampled_from(VARIANTS), st.text(max_size=80)), min_size=1, max_size=7)


@given(texts=TEXTS, chance=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_groups_do_not_depend_on_the_order_in_which_texts_arrive(texts: list[str], chance) -> None:
    named = [(f"{place:02}", text) for place, text in enumerate(texts)]
    expected = copies.groups(dict(named))
    chance.shuffle(named)
    assert copies.groups(dict(named)) == expected
    assert all(group <= name and expected[group] == group for name, group in expected.items())


@given(one=st.one_of(st.sampled_from(VARIANTS), st.text()), other=st.one_of(st.sampled_from(VARIANTS), st.text()))
@settings(deadline=None)
def test_whether_two_texts_are_copies_does_not_depend_on_which_is_asked_about(one: str, other: str) -> None:
    left, right = copies.compared(one), copies.compared(other)
    if left and right:
        assert copies.are_copies(left, right) == copies.are_copies(right, left)
        assert copies.are_copies(left, left)


def test_every_order_of_a_chain_of_copies_gives_one_group() -> None:
    chain = {"a": VARIANTS[0], "b": VARIANTS[2], "c": VARIANTS[3], "d": VARIANTS[4]}
    for order in permutations(chain):
        assert set(copies.groups({name: chain[name] for name in order}).values()) == {"a"}


@pytest.fixture(scope="module")
def measured() -> Copies:
    return evaluate()


class TestFigures:
    def test_the_promised_figures_hold(self, measured: Copies) -> None:
        assert measured.gates and all(measured.gates.values()), measured.gates

    def test_each_kind_of_copy_is_found_and_each_kind_of_likeness_is_left_alone(self, measured: Copies) -> None:
        assert min(figures.share for figures in measured.held_out.kinds.values()) >= 0.85
        assert sum(figures.count for figures in measured.held_out.no_copies.values()) <= 5
        assert len(measured.held_out.kinds) == 10
        assert len(measured.held_out.no_copies) == 9

    def test_gates_fail_when_everything_or_nothing_is_a_copy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(measuring, "TRIED", ())  # other thresholds are on the page and in no gate
        monkeypatch.setattr(copies, "groups", lambda texts, _: dict.fromkeys(texts, "a"))
        assert list(evaluate().gates.values()) == [False, True, False, True]
        monkeypatch.setattr(copies, "groups", lambda texts, _: {name: name for name in texts})
        assert list(evaluate().gates.values()) == [True, False, True, False]

    def test_the_page_is_the_one_that_is_written_from_these_figures(self, measured: Copies) -> None:
        written = (PROJECT / "docs" / "models" / "copies.md").read_text(encoding="utf-8")
        assert written == render_page(measured), "run `wordround evaluate copies --write docs/models/copies.md`"
