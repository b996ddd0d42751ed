"""Sentiment by VADER: four figures per text, identical to those of the vaderSentiment package.

The package looks at one text after another, and at each of its words again and again; it lowers the case of the whole
text around every lexicon word, and moves half a list for every word after a "but". Here texts are scored many at once:
each distinct token is stripped and lower-cased once, and the package's rules are asked once for each distinct window of
words that they can tell apart. They look three words back and two ahead, and of most words there they heed nothing but
whether the lexicon has them. The arithmetic after that is the package's, in the same order, so that figures agree to
the last bit. Source of the method: Hutto and Gilbert, VADER, ICWSM 2014.
"""

import heapq
from array import array
from collections.abc import Sequence
from importlib.metadata import version
from itertools import chain, pairwise
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer, SentiText

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_BACK, _AHEAD = 3, 2
_TOKENS_KEPT, _CHARACTERS_KEPT, _WINDOWS_KEPT = 200_000, 4_000_000, 200_000
# Words that the package's rules name, alone or in a phrase. Any other word is to them its valence in the lexicon, its
# weight as a booster, and whether it denies.
_NAMED = frozenset("no or nor so this never without doubt least at very kind of".split()) | frozenset(
    word for phrase in (*BOOSTER_DICT, *SPECIAL_CASES) if " " in phrase for word in phrase.split()
)
_DENYING = frozenset(NEGATE)
# As many kinds of neighbours as there can be, for a window to have a number of its own.
_ROLES = 1 + 2 * len(_NAMED) + 2 * 2 * 2 * (1 + len(set(BOOSTER_DICT.values())))


class Sentiment(NamedTuple):
    """Shares of negative, neutral and positive words (0 to 1) and the compound figure (-1 to 1)."""

    negative: float
    neutral: float
    positive: float
    compound: float


class _Tokens(dict[str, int]):
    """The serial number of each whitespace-separated token, and what the rules ask of it, a row each.

    `item`: the number of a word that has a valence of its own, as the rules tell such words apart; else -1.
    `before`, `after`: what it is to such a word that it stands before, or after.
    """

    def __init__(self, lexicon: dict[str, float]) -> None:
        self._lexicon = lexicon
        self._items: dict[tuple[object, ...], int] = {}
        self._roles: dict[tuple[object, ...], int] = {}
        self._rows = array("q")
        self.words: list[str] = []
        self._characters = 0

    @property
    def is_full(self) -> bool:
        """Whether enough is kept for all to be forgotten, because typing errors never end."""
        return len(self) >= _TOKENS_KEPT or self._characters >= _CHARACTERS_KEPT

    def columns(self) -> NDArray[Any]:
        """Return `item`, `before`, `after`, whether it is in capitals, and is "but", of all tokens met so far."""
        return np.frombuffer(self._rows, np.int64).reshape(-1, 5).T

    def __missing__(self, token: str) -> int:
        word = SentiText._strip_punc_if_word(token)
        lower, is_upper = word.lower(), word.isupper()
        name = lower if lower in _NAMED else None
        booster, valence = BOOSTER_DICT.get(lower), self._lexicon.get(lower)
        is_scored = valence is not None and booster is None
        item = self._items.setdefault((name, valence, is_upper), len(self._items)) if is_scored else -1
        denies = lower in _DENYING or "n't" in lower
        before: tuple[object, ...] = (booster is not None and is_upper, booster, denies, valence is not None)
        after: tuple[object, ...] = (False, None, False, valence is not None)
        if name is not None:
            before, after = (name, is_upper), (name, False)
        roles = [self._roles.setdefault(role, 1 + len(self._roles)) for role in (before, after)]
        self._rows.extend((item, *roles, is_upper, lower == "but"))
        self.words.append(word)
        self._characters += len(token)
        self[token] = serial = len(self)
        return serial


class Vader(SentimentIntensityAnalyzer):  # type: ignore[misc]  # the package has no types
    """Scores texts. Making one reads the lexicons; keep it. Not for several threads at once."""

    version = f"vader-{version('vaderSentiment')}"

    def __init__(self) -> None:
        super().__init__()
        self._emoji_characters = frozenset(character for character in self.emojis if len(character) == 1)
        self._ascii_holds_no_emoji = not any(character.isascii() for character in self._emoji_characters)
        self._tokens = _Tokens(self.lexicon)
        self._windows: dict[int, float] = {}

    def score(self, text: str) -> Sentiment:
        """Return the four figures of one text; of many, `score_all` is several times as fast."""
        return self.score_all([text])[0]

    def score_all(self, texts: Sequence[str]) -> list[Sentiment]:
        """Return the four figures of each text, in order. Time is linear in their length."""
        described = [self._with_emojis_described(text) for text in texts]
        parted = [text.split() for text in described]
        count = np.fromiter(map(len, parted), np.int64, len(parted))
        if self._tokens.is_full or len(self._windows) >= _WINDOWS_KEPT:
            self._tokens, self._windows = _Tokens(self.lexicon), {}
        serial = np.fromiter(map(self._tokens.__getitem__, chain.from_iterable(parted)), np.int64, int(count.sum()))
        return _figures(self._valences(serial, count), count, described)

    def polarity_scores(self, text: str) -> dict[str, float]:
        """Return `neg`, `neu`, `pos` and `compound`, as the package does."""
        return dict(zip(("neg", "neu", "pos", "compound"), self.score(text), strict=True))

    def _valences(self, serial: Places, count: Places) -> Floats:
        """Return the valence of each token, of texts with so many tokens each."""
        item, before, after, is_upper, is_but = self._tokens.columns()[:, serial]
        text = np.repeat(np.arange(len(count)), count)
        in_capitals = np.bincount(text, is_upper, len(count))
        some_in_capitals = (in_capitals > 0) & (in_capitals < count)
        begin = np.cumsum(count) - count
        place = np.flatnonzero(item >= 0)
        key = 2 * item[place] + some_in_capitals[text[place]]
        first, last = begin[text[place]], (begin + count)[text[place]]
        for distance in (*range(-_BACK, 0), *range(1, _AHEAD + 1)):
            near, role = place + distance, before if distance < 0 else after
            is_there = (near >= first) & (near < last)
            key = _ROLES * key + np.where(is_there, role[np.where(is_there, near, 0)], 0)
        once, example, inverse = np.unique(key, return_index=True, return_inverse=True)
        found = np.zeros(len(once))
        for number, (window, one) in enumerate(zip(once.tolist(), example.tolist(), strict=True)):
            if (valence := self._windows.get(window)) is None:
                start, at = max(int(first[one]), int(place[one]) - _BACK), int(place[one])
                near_words = serial[start : min(int(last[one]), at + _AHEAD + 1)].tolist()
                words = [self._tokens.words[near] for near in near_words]
                valence = self._windows[window] = self._by_rules(words, at - start, bool(some_in_capitals[text[at]]))
            found[number] = valence
        valences = np.zeros(len(serial))
        valences[place] = found[inverse]
        but = np.flatnonzero(is_but)
        for row, where in zip(*np.unique(text[but], return_index=True), strict=True):
            own = slice(begin[row], begin[row] + count[row])
            valences[own] = _weigh_around_but(int(but[where] - begin[row]), valences[own].tolist())
        return valences

    def _by_rules(self, words: list[str], at: int, some_in_capitals: bool) -> float:
        """Return the valence that the package's rules give a word that stands among these."""
        if words[at].lower() == "kind" and [word.lower() for word in words[at + 1 : at + 2]] == ["of"]:
            return 0.0
        window = SimpleNamespace(words_and_emoticons=words, is_cap_diff=some_in_capitals)
        return float(self.sentiment_valence(0, window, words[at], at, [])[0])

    def _with_emojis_described(self, text: str) -> str:
        """Put each emoji's description in its place, parted from what stands before it, as the package does."""
        is_plain = self._ascii_holds_no_emoji and text.isascii()
        if is_plain or self._emoji_characters.isdisjoint(text):
            return text
        parts: list[str] = []
        after_space = True
        for character in text:
            description = self.emojis.get(character)
            if description is None:
                parts.append(character)
                after_space = character == " "
            else:
                parts.append(description if after_space else " " + description)
                after_space = False
        return "".join(parts)


def _figures(valences: Floats, count: Places, texts: Sequence[str]) -> list[Sentiment]:
    """Return the figures of texts with so many valences each, as the package's `score_valence` has them.

    `sum` adds in another way from Python 3.12 on, and the package sums with it: so it is done here.
    """
    text = np.repeat(np.arange(len(count)), count)
    has = np.flatnonzero(valences)
    own, of = valences[has], text[has]
    ends = np.cumsum(np.bincount(of, minlength=len(count))).tolist()
    listed = own.tolist()
    total = np.array([float(sum(listed[start:end])) for start, end in pairwise([0, *ends])])
    calls = np.minimum([text.count("!") for text in texts], 4) * 0.292
    asks = np.array([text.count("?") for text in texts], np.int64)
    emphasis = calls + np.where(asks > 3, 0.96, np.where(asks > 1, asks * 0.18, 0.0))
    total += np.sign(total) * emphasis
    compound = np.clip(total / np.sqrt(total * total + 15), -1.0, 1.0)
    # A word without valence counts as 1, so that is added to each that has one.
    positive = np.bincount(of[own > 0], own[own > 0] + 1, len(count))
    negative = np.bincount(of[own < 0], 1 - own[own < 0], len(count))
    neutral = count - np.bincount(of, minlength=len(count))
    positive, negative = (
        positive + np.where(positive > negative, emphasis, 0.0),
        negative + np.where(negative > positive, emphasis, 0.0),
    )
    words = np.maximum(positive + negative + neutral, 1)
    shares = [(part / words).tolist() for part in (negative, neutral, positive)]
    return [
        Sentiment(round(neg, 3), round(neu, 3), round(pos, 3), round(both, 4))
        for neg, neu, pos, both in zip(*shares, compound.tolist(), strict=True)
    ]


def _weigh_around_but(pivot: int, valences: list[float]) -> list[float]:
    """Halve what stands before the first "but", at `pivot`, and raise by half what follows, as the package does.

    The package looks each figure up by value, so that of equal figures the first in the list is changed, also when
    it was changed before. That is kept, figure by figure, with a heap of positions for each value.
    """
    places: dict[float, list[int]] = {}
    for i, valence in enumerate(valences):
        if valence:
            places.setdefault(valence, []).append(i)
    for i in range(len(valences)):
        valence = valences[i]
        if not valence:
            continue
        first = places[valence][0]
        if first == pivot:
            continue
        heapq.heappop(places[valence])
        valences[first] = valence * 0.5 if first < pivot else valence * 1.5
        heapq.heappush(places.setdefault(valences[first], []), first)
    return valences
