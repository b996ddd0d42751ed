"""Pseudonyms: one by one or many at once, the same."""

from hypothesis import given
from hypothesis import strategies as st

from wordround.identity.pseudonyms import Pseudonymiser

WORDS = st.text(max_size=40)


@given(st.lists(WORDS, max_size=3), st.lists(WORDS, max_size=5), st.integers(1, 3))
def test_many_at_once_are_the_pseudonyms_of_each(parts: list[str], each: list[str], key_count: int) -> None:
    keys = Pseudonymiser(*(bytes([number]) * 32 for number in range(key_count)))
    assert keys.pseudonyms(*parts, each=each) == [keys.pseudonym(*parts, one) for one in each]


def test_parts_are_told_apart_from_what_follows_them() -> None:
    keys = Pseudonymiser(bytes(32))
    assert keys.pseudonyms("fft", "form", each=["1"]) != keys.pseudonyms("fft", each=["form1"])
