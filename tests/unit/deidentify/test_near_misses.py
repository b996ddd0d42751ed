"""Near misses: what is looked for in lists is found as if each word were compared with every other."""

from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st
from symspellpy.editdistance import DistanceAlgorithm, EditDistance

from wordround.deidentify.names.near_misses import TwoAway, beginnings, by_what_is_left, is_one_away
from wordround.deidentify.names.vocabulary import vocabulary

_WORDS = frozenset(
    """receptionist physiotherapist appointment reassuring professional knowledgeable uncomfortable ambulance discharged
    medication consultant paediatric caesarean breakfast waiting considerate prescription""".split()
)
_TWO_AWAY = TwoAway(*beginnings(_WORDS))
_LEFT = by_what_is_left(_WORDS)
_distance = EditDistance(DistanceAlgorithm.DAMERAU_OSA)
_LETTERS = st.sampled_from("aeiorst'é")


@st.composite
def _slips(draw: st.DrawFn) -> str:
    word = draw(st.sampled_from(sorted(_WORDS)))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(word) - 1))
        here, behind = word[place], word[place + 1 :]
        other = draw(_LETTERS)
        word = word[:place] + draw(
            st.sampled_from([other + here + behind, other + behind, behind, behind[:1] + here + behind[1:]])
        )
    return word


@given(_slips())
@settings(deadline=None, max_examples=2_000)
def test_a_slip_is_found_if_it_is_near_a_word(written: str) -> None:
    distances = [_distance.compare(written, word, 9) for word in _WORDS]
    nearest = min(distance for distance in distances if distance >= 0)
    assert (written in _TWO_AWAY) == (nearest <= 2)
    if written not in _WORDS:
        assert is_one_away(written, _WORDS, _LEFT) == (nearest == 1)


def test_a_word_without_end_takes_no_longer_for_its_length() -> None:
    start = process_time()
    assert not vocabulary().is_built("x" * 200_000)
    assert process_time() - start < 5
    assert vocabulary().is_built("eachother")
