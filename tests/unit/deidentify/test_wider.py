"""Wider patterns: a look that is quick must never miss what the recognisers would find."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wordround.deidentify import cues, deidentify
from wordround.deidentify.names import initials
from wordround.deidentify.wider import Wider, compiled, widened
from wordround.evaluate.corpus import evaluation


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "may_match"),
    [
        (r"\bward\b", 0, "the ward", True),
        (r"\bward\b", 0, "the wardrobe", False),
        (r"\bward\b", 0, "the Ward", False),
        (r"\bward\b", re.IGNORECASE, "the Ward", True),
        (r"(?i:ward) [A-Z]", 0, "WARD B", True),
        (r"(?i:ward) [A-Z]", 0, "WARD b", False),
        (r"ward (?-i:[A-Z])", re.IGNORECASE, "WARD b", False),
        ("ward$", 0, "ward\n", True),
        ("ward$", 0, "ward\nb", True),  # more than `re` finds
        ("^ward", 0, "a\nward", False),
        ("^ward", re.MULTILINE, "a\nward", True),
        (r"\b(?:^ward|unit)", 0, "a ward", True),  # more than `re` finds
        ("a.b", 0, "a\nb", False),
        ("a.b", re.DOTALL, "a\nb", True),
        (r"(?<=ward )\d", 0, "ward 4", True),
        (r"(?<=ward )\d", 0, "bay 4", False),
        (r"\d(?= beds)", 0, "4 beds", True),
        (r"\d(?= beds)", 0, "4 chairs", False),
        (r"\d(?=\D{2}).", 0, "4 ", True),  # more than `re` finds
        (r"\d(?! beds)", 0, "4 beds", True),  # more than `re` finds
        (r"(\d)-\1", 0, "4-4", True),
        (r"(\d)-\1", 0, "4 4", False),
        (r"x{60}", 0, "x" * 60, True),
        (r" w a \s r d # ward", re.VERBOSE, "wa rd", True),
        (r"(?:a|b++|(?>c))d", 0, "bbd", True),
        ("[^a-c]", 0, "abc", False),
        ("[\u2019']", 0, "'", True),
        # Of these characters only `re` itself says what they are.
        (r"\bward\b", 0, "the \u00e9", True),
        (r"\bward\b", 0, "the\x1cbay", True),
    ],
)
def test_a_wider_pattern_finds_what_the_pattern_finds_and_little_more(
    pattern: str, flags: int, text: str, may_match: bool
) -> None:
    assert bool(Wider(compiled([widened(pattern, flags)]), [1]).which(text) & 1) is may_match
    assert may_match or not re.search(pattern, text, flags)


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one, some = st.tuples(parts), st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        some.map("".join),
        some.map(lambda found: f"(?:{'|'.join(found)})"),
        st.tuples(parts, st.sampled_from(["?", "*", "+", "{2}", "{1,2}", "*?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        st.tuples(st.sampled_from(["(?=%s)", "(?!%s)", "(?i:%s)", "(?>%s)", "(%s)"]), parts).map(
            lambda pair: pair[0] % pair[1]
        ),
        one.map(lambda found: f"(?-i:{found[0]})"),
    )


_ATOMS = st.sampled_from(
    ["a", "b", "A", " ", r"\n", ".", r"\b", r"\B", r"\w", r"\d", r"\s", r"\W", "^", "$", r"\Z", "[ab]", "[^a]",
     "[^\\W\\d_]", "(?<=a)", "(?<!a)", "1"]
)  # fmt: skip


@given(
    st.recursive(_ATOMS, _joined, max_leaves=8),
    st.sampled_from([0, re.IGNORECASE, re.MULTILINE, re.DOTALL]),
    st.lists(st.text("aAb 1\n_.", max_size=8), min_size=1, max_size=8),
)
@settings(max_examples=400, deadline=None)
def test_what_any_pattern_finds_its_wider_one_finds(pattern: str, flags: int, texts: list[str]) -> None:
    wider = Wider(compiled([widened(pattern, flags)]), [1])
    assert [text for text in texts if re.search(pattern, text, flags) and not wider.which(text) & 1] == []


def _unlike(texts: list[str]) -> list[str]:
    """Return the texts that are de-identified otherwise where every pattern is tried on every text."""
    screened = [deidentify(text) for text in texts]
    with pytest.MonkeyPatch.context() as patch:
        for patterns in cues._every:
            patch.setattr(patterns, "mask_of", lambda text: -1)
        patch.setattr(initials, "traits_of", lambda text: -1)
        return [text for text, found in zip(texts, screened, strict=True) if deidentify(text) != found]


def test_the_corpus_is_de_identified_alike_with_and_without_a_look_first() -> None:
    texts = [sample.text for sample in (*evaluation.clean(), *evaluation.carriers(1))][::5]
    assert _unlike([*texts, *map(str.upper, texts[::9]), *map(str.lower, texts[1::9])]) == []


_SAMPLES = [sample.text for sample in evaluation.carriers(2)]


@given(
    st.lists(
        st.one_of(
            st.sampled_from(_SAMPLES), st.sampled_from(_SAMPLES).map(str.split).flatmap(st.sampled_from),
            st.text(max_size=6), st.sampled_from(["12", "07700 900123", "Dr ", "\n\n", "\u2019s", "St.", " at ", "I"])
        ),
        max_size=6,
    ).map(" ".join)
)  # fmt: skip
@settings(deadline=None)
def test_wild_texts_are_de_identified_alike_with_and_without_a_look_first(text: str) -> None:
    assert _unlike([text]) == []
