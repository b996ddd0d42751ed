"""What the learned models see of a text: its words, pairs, triples and spellings, each as a number.

Each word gives itself, its spelling (runs of three to five letters) and the feeling that VADER's lexicon gives it; it
counts as denied where a "not" stands up to four words before it in the same clause. Numbers are hashes of 32 bits: a
model file that holds them holds no readable piece of a comment. Texts are read many at once, all arithmetic in numpy.
"""

import re
from array import array
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

# Part of the models' versions: raise it when a text would be seen differently.
READING = 1

Numbers = NDArray[np.uint32]
Places = NDArray[np.int64]

_END = "\x00"
_TOKEN = re.compile(rf"[a-z0-9\u00a3]+(?:'[a-z]+)*|[.,;:!?\n{_END}]|[^\w\s.,;:!?'\"()\-/*<>{_END}]")
_STOPS = frozenset(f".,;:!?\n{_END}")
_LOUD = frozenset("!?")
_DENIES = frozenset(
    "not no never without nothing nobody none nor neither hardly barely scarcely cannot cant dont didnt wasnt isnt wont"
    " couldnt wouldnt shouldnt havent hasnt hadnt arent werent doesnt aint lack lacking lacked".split()
)
_DENIED_WORDS = 4
_SPELLINGS = (3, 4, 5)
_FEW_WORDS = 3
_LONGEST_WORD = 24
_WORDS_KEPT, _PIECES_KEPT = 20_000, 100_000
# What stands for a line's end once texts are parted at white space; no text holds _END.
_LINE_END = f"{_END}n"
_APOSTROPHES = "\u2018\u2019\u02bc\u2032`\u00b4"


def _number(kind: str, value: str = "") -> int:
    """Return a number whose last bit says whether a question may change what it means: spellings it does not."""
    return crc32(f"{kind} {value}".encode(errors="replace")) & ~1 | (kind != "spelling")


def depends_on_question(numbers: Numbers) -> NDArray[np.bool_]:
    """Return which numbers are of words, pairs and lengths, and not of spellings and triples."""
    return (numbers & np.uint32(1)).astype(np.bool_)


# Every text has it: under a question it stands for the question alone.
ALWAYS = np.uint32(_number("always"))
_START, _PAIR, _TRIPLE, _WHOLE = (np.array([_number(kind)], np.uint32) for kind in ("start", "pair", "triple", "whole"))


def number_of(words: Sequence[str]) -> int:
    """Return the number of one word, of a pair or of a triple, as texts that hold them have it."""
    each = [np.array([_number("word", word[:_LONGEST_WORD])], np.uint32) for word in words]
    if len(each) == 1:
        return int(each[0][0])
    mixed = _PAIR if len(each) == 2 else _TRIPLE
    for word in each:
        mixed = _mixed(mixed, word)
    return int(mixed[0]) if len(each) == 2 else int(mixed[0]) & ~1


class Reading(NamedTuple):
    """What was read of texts: places in `Reader.units` of their words, and the numbers of all that is more than a word.

    `word_text`, `run_text`: the place of the text that each belongs to; neither is in order.
    """

    words: Places
    word_text: Places
    runs: Numbers
    run_text: Places


class Reader:
    """Reads texts into numbers. Each distinct word is looked at once; bounded, because typing errors never end.

    `units`: the numbers of each word met so far, two to a word, as it stands and as it is denied.
    """

    def __init__(self) -> None:
        self.reset()

    @property
    def units(self) -> list[tuple[int, ...]]:
        """The numbers of each unit, in the order in which they were met."""
        return self._tokens.units

    def word(self, unit: int) -> str:
        """Return the word of a unit, as it was written in lower case."""
        return self._tokens.written[unit // 2]

    def numbers_of(self, units: Places) -> Numbers:
        """Return the number of the word of each unit: the first of those that it gives."""
        numbers: Numbers = self._tokens.column("number")[units // 2]
        return numbers

    def have_letters(self, units: Places) -> NDArray[np.bool_]:
        """Return which units are of words, and not of figures or signs."""
        letters: NDArray[np.bool_] = self._tokens.column("letters")[units // 2]
        return letters

    @property
    def is_full(self) -> bool:
        """Whether enough words are kept for `reset` to be due."""
        return len(self._tokens) >= _WORDS_KEPT or len(self._pieces) >= _PIECES_KEPT

    def reset(self) -> None:
        """Forget all words."""
        self._tokens = _Tokens()
        self._pieces = _Pieces(self._tokens)

    def read(self, texts: Sequence[str]) -> Reading:
        """Read texts. Time is linear in their length."""
        joined = f" {_END} ".join([*(text.replace(_END, " ") for text in texts), ""]).lower()
        for apostrophe in _APOSTROPHES:  # several times as fast as str.translate
            joined = joined.replace(apostrophe, "'")
        pieces = joined.replace("\n", f" {_LINE_END} ").split()
        serial = self._pieces.tokens_of(np.fromiter(map(self._pieces.__getitem__, pieces), np.int64, len(pieces)))
        seen = self._tokens
        is_stop, is_end, is_comma = (
            seen.column("stop")[serial],
            seen.column("end")[serial],
            seen.column("comma")[serial],
        )
        text = np.cumsum(is_end) - is_end
        is_word = ~is_stop
        denied = _denied(seen.column("denies")[serial], np.cumsum(is_stop))
        is_unit = is_word | seen.column("loud")[serial]
        number = seen.column("number")[serial]
        runs, run_text = _runs(number[is_word], np.cumsum(is_stop & ~is_comma)[is_word], text[is_word], len(texts))
        return Reading((2 * serial + denied)[is_unit], text[is_unit], runs, run_text)

    def numbers(self, texts: Sequence[str]) -> list[Numbers]:
        """Return all numbers of each text; those that occur twice twice."""
        reading = self.read(texts)
        found: list[list[int]] = [[] for _ in texts]
        for unit, text in zip(reading.words.tolist(), reading.word_text.tolist(), strict=True):
            found[text] += self.units[unit]
        for run, text in zip(reading.runs.tolist(), reading.run_text.tolist(), strict=True):
            found[text].append(run)
        return [np.array(each, np.uint32) for each in found]


class _Pieces(dict[str, int]):
    """The number of each piece between white space, and the serial numbers of the tokens that it is made of.

    No token holds white space, so that what is found in a piece once is found wherever it stands.
    """

    def __init__(self, tokens: "_Tokens") -> None:
        self._tokens = tokens
        self._all, self._ends = array("q"), array("q", (0,))

    def __missing__(self, piece: str) -> int:
        found = ["\n"] if piece == _LINE_END else _TOKEN.findall(piece)
        self._all.extend(map(self._tokens.__getitem__, found))
        self._ends.append(len(self._all))
        self[piece] = number = len(self)
        return number

    def tokens_of(self, pieces: Places) -> Places:
        """Return the serial numbers of the tokens of pieces, one after another."""
        ends = np.frombuffer(self._ends, np.int64)
        begin, count = ends[pieces], ends[pieces + 1] - ends[pieces]
        place = np.arange(int(count.sum())) + np.repeat(begin - np.cumsum(count) + count, count)
        tokens: Places = np.frombuffer(self._all, np.int64)[place] if len(place) else place
        return tokens


class _Tokens(dict[str, int]):
    """The serial number of each token, and columns of what is known of it."""

    _COLUMNS: Mapping[str, type] = {
        "number": np.uint32, "stop": np.bool_, "comma": np.bool_, "end": np.bool_, "loud": np.bool_, "denies": np.bool_,
        "letters": np.bool_,
    }  # fmt: skip

    def __init__(self) -> None:
        self.units: list[tuple[int, ...]] = []
        self.written: list[str] = []
        self._known: dict[str, list[int]] = {name: [] for name in self._COLUMNS}
        self._columns: dict[str, NDArray[Any]] = {}

    def column(self, name: str) -> NDArray[Any]:
        """Return one column, a row for each token met so far."""
        known = self._known[name]
        if name not in self._columns or len(self._columns[name]) != len(known):
            self._columns[name] = np.array(known, self._COLUMNS[name])
        return self._columns[name]

    def __missing__(self, token: str) -> int:
        is_stop, is_end = token in _STOPS, token.startswith(_END)
        word = token if is_stop else token.replace("'", "")[:_LONGEST_WORD]
        feeling = round(2 * _valences().get(token, 0.0))
        spelling = [_number("spelling", run) for run in _spelling(word)]
        kinds = {
            "number": _number("word", word), "stop": is_stop, "comma": token.startswith(","), "end": is_end,
            "loud": token in _LOUD, "denies": word in _DENIES or token.endswith("n't"),
            "letters": any(map(str.isalpha, token)),
        }  # fmt: skip
        for name, value in kinds.items():
            self._known[name].append(value)
        words = [kinds["number"], *spelling]
        self.written.append(token)
        self.units.append((*words, *([_number("feeling", str(feeling))] if feeling else ())))
        denied = [_number("denied", word), *([_number("denied feeling", str(feeling))] if feeling else ())]
        self.units.append((*words, *denied))
        self[token] = serial = len(self)
        return serial


def _denied(denies: NDArray[Any], clause: Places) -> NDArray[np.bool_]:
    """Return whether one of the words before each token, in its clause, denies it."""
    denied = np.zeros(len(denies), np.bool_)
    for back in range(1, min(_DENIED_WORDS, len(denies) - 1) + 1):
        denied[back:] |= denies[:-back].astype(np.bool_) & (clause[:-back] == clause[back:])
    return denied


def _runs(word: NDArray[Any], sentence: Places, text: Places, texts: int) -> tuple[Numbers, Places]:
    """Return the numbers of pairs and triples within sentences, and those that each text has once."""
    word = word.astype(np.uint32)
    first = np.ones(len(word), np.bool_)
    first[1:] = sentence[1:] != sentence[:-1]
    before = np.where(first, _START, np.concatenate([word[:1], word[:-1]]))
    pairs = _mixed(_mixed(_PAIR, before), word)
    third = ~first & ~np.concatenate([first[:1], first[:-1]])
    triples = _mixed(_mixed(_mixed(_TRIPLE, np.concatenate([word[:2], word[:-2]])[: len(word)]), before), word)[
        third
    ] & ~np.uint32(1)
    count = np.bincount(text, minlength=texts)
    begin = np.cumsum(count) - count
    whole = np.full(texts, _WHOLE)
    for place in range(_FEW_WORDS):
        has = count > place
        whole[has] = _mixed(whole[has], word[(begin + place)[has]])
    few = np.flatnonzero(count <= _FEW_WORDS)
    every = np.arange(texts)
    return (
        np.concatenate([pairs, triples, np.full(texts, ALWAYS), _lengths()[_size(count)], whole[few]]),
        np.concatenate([text, text[third], every, every, few]),
    )


def _mixed(before: Numbers, word: Numbers) -> Numbers:
    """Return numbers that follow from both, in their order (a finaliser of MurmurHash3)."""
    mixed = np.asarray(before * np.uint32(0x85EBCA6B) + word * np.uint32(0xC2B2AE35) + np.uint32(0x9E3779B9), np.uint32)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    return mixed ^ (mixed >> np.uint32(13)) | np.uint32(1)


def _size(count: Places) -> Places:
    """Return two steps for each doubling of the number of words."""
    size: Places = np.minimum(20, np.log2(count + 1) * 2).astype(np.int64)
    return size


@cache
def _lengths() -> Numbers:
    return np.array([_number("length", str(size)) for size in range(21)], np.uint32)


def _spelling(word: str) -> list[str]:
    if len(word) <= min(_SPELLINGS):
        return []
    framed = f"<{word}>"
    return [framed[start : start + size] for size in _SPELLINGS for start in range(len(framed) - size + 1)]


@cache
def _valences() -> Mapping[str, float]:
    from wordround.understand.sentiment import Vader

    lexicon: dict[str, float] = Vader().lexicon
    return lexicon
