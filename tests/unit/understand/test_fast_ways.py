"""Each fast way of reading a text finds what the slow and plain way beside it finds, on wild texts."""

import re
import zlib
from collections.abc import Sequence

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from wordround.registers.frames import frames
from wordround.understand import clauses, copies, language, ngrams, reducing, relevance_signs
from wordround.understand.checksums import crc32_of_rows
from wordround.understand.frame_sets import FrameSet
from wordround.understand.frames import Row
from wordround.understand.sentiment import Vader
from wordround.understand.service_mentions import NamedService, ServiceMentions

package, ours = SentimentIntensityAnalyzer(), Vader()
KNOWN_TO_VADER = [
    *"but BUT no or nor so this never without doubt least at very kind of KIND the ward".split(),
    *"isn't WASN'T :) !!! ?? good GOOD bad nice love awful \U0001f600 \u2764\ufe0f".split(),
    *BOOSTER_DICT, *(word.upper() for word in list(BOOSTER_DICT)[::9]), *NEGATE[::3],
    *(word for phrase in SPECIAL_CASES for word in phrase.split()),
]  # fmt: skip
PIECES = [
    *"but But and the It staff only x word wait 3.30 www.nhs.uk https://a.b/c @x RT #Tag #ThankYou Dr. kestrel".split(),
    *"don't o'clock '' ' ` _ & < > <name> \u2026 ; \u2022 . ! ? , - \u2014 \u2019 ( ) \"".split(),
    *"\u00a3 \u00bd \u00e9 \u0130 \u017f \U0001f449 % $5 | : Kestrel Ward wards".split(),
    " ", "  ", "\n", "\r\n", "\t", "\xa0", "\x00", "\x1c",
]  # fmt: skip
wild = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=25).flatmap(
    lambda pieces: st.sampled_from(["", " "]).map(lambda between: between.join(pieces))
)


@given(st.lists(st.lists(st.sampled_from(KNOWN_TO_VADER), max_size=12), max_size=6))
@settings(max_examples=150)
def test_texts_scored_together_score_as_the_package_scores_each(texts: list[list[str]]) -> None:
    joined = [" ".join(words) for words in texts]
    figures = [tuple(package.polarity_scores(text).values()) for text in joined]
    assert [tuple(one) for one in ours.score_all(joined)] == figures


def test_no_text_at_all_is_scored() -> None:
    assert ours.score_all([]) == []


@given(st.data())
@settings(max_examples=60)
def test_cues_of_many_texts_and_all_frames_at_once_are_those_of_each_text_and_frame(data: st.DataObject) -> None:
    found = frames()
    written = [row["cue"].removesuffix("*") for frame in found.values() for row in frame.codebook_rows if row["cue"]]
    guards = [part for frame in found.values() for row in frame.codebook_rows for part in _excludes(row)]
    some = st.lists(st.sampled_from(written) | st.sampled_from(guards) | st.sampled_from(PIECES), max_size=8)
    texts = data.draw(st.lists(some.map(" ".join), max_size=6))
    alone = [{code: mentions for code, frame in found.items() if (mentions := frame.mentions(text))} for text in texts]
    assert FrameSet(found).mentions(texts) == alone


def _excludes(row: Row) -> list[str]:
    return [part.strip().removesuffix("*") for part in (row.get("exclude") or "").split("|") if part.strip()]


@given(st.integers(1, 30).flatmap(lambda size: st.lists(st.binary(min_size=size, max_size=size), min_size=1)))
def test_checksums_of_many_strings_are_those_of_each(strings: list[bytes]) -> None:
    rows = np.frombuffer(b"".join(strings), np.uint8).reshape(len(strings), -1)
    assert crc32_of_rows(rows).tolist() == [zlib.crc32(each) for each in strings]


def test_forgetting_words_changes_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    scorer, texts = Vader(), ["not good at all", "VERY good, but slow", "the ward"]
    before = scorer.score_all(texts)
    monkeypatch.setattr("wordround.understand.sentiment._TOKENS_KEPT", 1)
    assert [scorer.score(text) for text in texts] == before


@given(st.lists(wild, min_size=1, max_size=4))
def test_words_are_those_that_one_expression_finds_in_the_whole_text(texts: list[str]) -> None:
    reader = ngrams.Reader()
    tokens = []
    for text in texts:
        small = text.replace("\x00", " ").lower()
        for apostrophe in ngrams._APOSTROPHES:
            small = small.replace(apostrophe, "'")
        tokens += [token for token in ngrams._TOKEN.findall(small) if token not in ngrams._STOPS or token in "!?"]
    assert [reader.word(unit) for unit in reader.read(texts).words.tolist()] == tokens


def test_a_line_that_ends_parts_words_as_a_full_stop_does() -> None:
    numbers = ngrams.Reader().numbers(["kind staff\nslow food"])[0].tolist()
    assert ngrams.number_of(["kind", "staff"]) in numbers
    assert ngrams.number_of(["staff", "slow"]) not in numbers


# The ways in which clauses are parted, one by one.
BOUNDARY = re.compile(
    r"(?<=[.!?\u2026])[)\"'\u2019\u201d]*\s+"
    r"|[\r\n]+\s*"
    r"|[;\u2022]\s*"
    r"|(?<!\s)\s+[-\u2013\u2014]+\s+"
    rf"|,\s+|(?<!\s)\s+(?=(?:{clauses._CONTRAST})\b)"
    rf"|(?<!\s)\s+and\s+(?=(?:{clauses._SUBJECT})\b)",
    re.IGNORECASE,
)


@given(wild)
@settings(max_examples=300)
def test_clauses_are_parted_at_the_same_places(text: str) -> None:
    def spans(pattern: re.Pattern[str]) -> list[tuple[int, int]]:
        return [found.span() for found in pattern.finditer(text)]

    assert spans(clauses._BOUNDARY) == spans(BOUNDARY)


@given(wild)
def test_words_of_a_language_are_those_that_the_expression_finds(text: str) -> None:
    assert language._words(text.lower()) == language._WORD.findall(text.lower())


@given(wild)
def test_a_sign_shows_where_its_expression_finds_it(text: str) -> None:
    for sign, pattern in relevance_signs.SIGNS.items():
        assert (relevance_signs.shown([sign], text) == [sign]) == (pattern.search(text) is not None)
    assert relevance_signs.without_links(text) == relevance_signs.LINK.sub(" ", text)


@given(wild)
def test_a_text_is_reduced_as_if_all_of_it_were_searched(text: str) -> None:
    plain = reducing._TAG.sub(" ", reducing._RESHARED.sub(" ", reducing._LINK.sub(" ", text)))
    plain = reducing.without_placeholders(plain).rstrip()
    words = reducing._WORDS.findall(reducing._APOSTROPHE.sub("", reducing._folded(plain)))
    assert reducing.reduced(text).words == " ".join(reducing._without_remarks(words))


@given(st.lists(wild, min_size=9, max_size=9).map(" ".join))
def test_only_texts_that_are_too_short_are_left_out_unread(text: str) -> None:
    is_long_enough = reducing.reduced(text).words.count(" ") + 1 >= copies.FEWEST_WORDS
    assert (copies.compared(text) is not None) == is_long_enough


def keys_by_the_library(texts: Sequence[copies.Text]) -> list[list[int]]:
    width, found = 4 * copies.ROWS, []
    for text in texts:
        signature = MinHash(copies.BANDS * copies.ROWS, copies._SEED, hashfunc=zlib.crc32, scheme=copies._SCHEME)
        signature.update_batch(text.pieces)
        written = signature.hashvalues.astype("<u4").tobytes()
        bands = [zlib.crc32(written[start : start + width]) for start in range(0, len(written), width)]
        found.append([copies._opening(text.words), *bands])
    return found


@given(st.lists(st.text(alphabet="abcde \u00e9\U0001f600", min_size=40, max_size=900), min_size=1, max_size=3))
@settings(max_examples=40)
def test_keys_of_copies_are_those_of_the_library(texts: list[str]) -> None:
    ready = [copies.Text(text, 0, False) for text in texts]
    assert list(copies.keys(ready)) == keys_by_the_library(ready)


NAMED = [
    NamedService("w1", ("Kestrel Ward",), ("kestrelward",)),
    NamedService("w2", ("Dr Foster & Sons' Clinic", "Early Intervention in Psychosis")),
    NamedService("w3", ("Perinatal", "Nurses' Home")),
]
NAMES = [
    *"Kestrel kestrel KESTREL Ward ward wards ward's Perinatal perinatal team #KestrelWard #kestrelward Nurses".split(),
    *"nurses' Home home Early Intervention in Psychosis the at of & and . , - ' '' ` _ \u2019 \u00e9 St Street".split(),
]


@given(st.lists(st.sampled_from(NAMES), max_size=12), st.sampled_from([" ", "", "-", "_"]))
@settings(max_examples=300)
def test_no_service_is_missed_by_the_first_look(words: list[str], between: str) -> None:
    quick, thorough = ServiceMentions(NAMED), ServiceMentions(NAMED)
    thorough._surely_names_none = lambda text: False  # type: ignore[method-assign]
    text = between.join(words)
    assert quick.find(text) == thorough.find(text)
