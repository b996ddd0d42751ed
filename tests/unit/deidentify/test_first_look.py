"""The first look: what is remembered of parts of a text never tells less than the text itself."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from wordround.deidentify import Deidentifier
from wordround.deidentify.names.candidates import candidates, tokens_and_candidates
from wordround.deidentify.names.features import tokens_of
from wordround.deidentify.names.vocabulary import vocabulary
from wordround.evaluate.corpus import evaluation

_SAMPLES = [sample.text for sample in (*evaluation.clean(), *evaluation.carriers(2))]
_LOOK = Deidentifier(["St Zeno's Ward", "The Anna Quist Unit", "Mill 4", "Grange-over-Lea"])
_KEPT = [
    "St Zeno's Ward",
    "the anna  quist\nunit",
    "Mill 4",
    "Grange-over-Lea",
    "Macmillan",
    "Florence",
    "St",
    "'s",
    "'ll",
    "_",
]
_WITHOUT_A_LOOK = Deidentifier(["St Zeno's Ward", "The Anna Quist Unit", "Mill 4", "Grange-over-Lea"])
for _word, _phrases in _WITHOUT_A_LOOK._phrases.items():
    _WITHOUT_A_LOOK._phrases[_word] = [(phrase, frozenset()) for phrase, _ in _phrases]

_PARTS = st.one_of(
    st.sampled_from(_SAMPLES), st.sampled_from(_SAMPLES).map(str.split).flatmap(st.sampled_from),
    st.sampled_from(_KEPT), st.sampled_from(_KEPT).map(str.upper), st.text(max_size=5),
    st.sampled_from(["is", "Nurse", "called", "\u2019s", "\n\n", ". ", "4", "\u212a", "\u017ft"]),
)  # fmt: skip
_TEXTS = st.tuples(st.sampled_from([" ", "", ", "]), st.lists(_PARTS, max_size=6)).map(
    lambda pair: pair[0].join(pair[1])
)


@given(_TEXTS)
@settings(deadline=None)
def test_the_candidates_of_a_text_are_those_of_its_tokens(text: str) -> None:
    tokens = tokens_of(text)
    assert tokens_and_candidates(text, vocabulary()) == (tokens, candidates(tokens, vocabulary()))


@given(_TEXTS.filter(str.isascii))
@settings(deadline=None)
@example("at St Zeno's Ward, The Anna Quist Unit and mill 4")
@example("St Zeno's Ward's nurses")
def test_the_phrases_that_stay_are_the_same_where_their_letters_are_not_looked_for_first(text: str) -> None:
    found = [[match.span() for match in look._that_stay(text)] for look in (_LOOK, _WITHOUT_A_LOOK)]
    assert found[0] == found[1]
