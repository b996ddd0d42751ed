"""Sentiment by VADER: four figures per text, identical to those of the vaderSentiment package.

The package lowers the case of the whole text again around every lexicon word, and moves half a list for every word
after a "but": both grow with the square of the length. Its rules only ever look three words back and two ahead, so
here they are asked with that window; words that its lexicon does not hold (most of them) are not asked about at all,
and each distinct token is stripped and lower-cased once. Source of the method: Hutto and Gilbert, VADER, ICWSM 2014.
"""

import heapq
from importlib.metadata import version
from types import SimpleNamespace
from typing import NamedTuple

from vaderSentiment.vaderSentiment import BOOSTER_DICT, SentimentIntensityAnalyzer, SentiText

_BACK, _AHEAD = 3, 2
_TOKENS_KEPT, _LONGEST_TOKEN_KEPT = 200_000, 40


class Sentiment(NamedTuple):
    """Shares of negative, neutral and positive words (0 to 1) and the compound figure (-1 to 1)."""

    negative: float
    neutral: float
    positive: float
    compound: float


class _Token(NamedTuple):
    """What the rules ask of one whitespace-separated token."""

    word: str
    lower: str
    is_upper: bool
    is_scored: bool


class _Tokens(dict[str, _Token]):
    """Each token looked at once. Bounded, because typing errors never end."""

    def __init__(self, lexicon: dict[str, float]) -> None:
        self._lexicon = lexicon

    def __missing__(self, token: str) -> _Token:
        if len(self) >= _TOKENS_KEPT:
            self.clear()
        word = SentiText._strip_punc_if_word(token)
        lower = word.lower()
        seen = _Token(word, lower, word.isupper(), lower in self._lexicon and lower not in BOOSTER_DICT)
        # An overlong token is noise that will not come again.
        if len(token) <= _LONGEST_TOKEN_KEPT:
            self[token] = seen
        return seen


class Vader(SentimentIntensityAnalyzer):  # type: ignore[misc]  # the package has no types
    """Scores texts. Making one reads the lexicons; keep it."""

    version = f"vader-{version('vaderSentiment')}"

    def __init__(self) -> None:
        super().__init__()
        self._emoji_characters = frozenset(character for character in self.emojis if len(character) == 1)
        self._ascii_holds_no_emoji = not any(character.isascii() for character in self._emoji_characters)
        self._tokens = _Tokens(self.lexicon)
        self._negations: dict[tuple[str, ...], float] = {}

    def score(self, text: str) -> Sentiment:
        """Return the four figures of one text."""
        figures = self.polarity_scores(text)
        return Sentiment(figures["neg"], figures["neu"], figures["pos"], figures["compound"])

    def polarity_scores(self, text: str) -> dict[str, float]:
        """Return `neg`, `neu`, `pos` and `compound`, as the package does."""
        is_plain = self._ascii_holds_no_emoji and text.isascii()
        if not is_plain and not self._emoji_characters.isdisjoint(text):
            text = self._describe_emojis(text)
        text = text.strip()
        tokens = [self._tokens[token] for token in text.split()]
        lower = [token.lower for token in tokens]
        upper_count = sum([token.is_upper for token in tokens])
        some_in_capitals = 0 < upper_count < len(tokens)
        valences: list[float] = []
        for i, token in enumerate(tokens):
            if not token.is_scored or (token.lower == "kind" and lower[i + 1 : i + 2] == ["of"]):
                valences.append(0)
                continue
            start = max(0, i - _BACK)
            words = [near.word for near in tokens[start : i + _AHEAD + 1]]
            window = SimpleNamespace(words_and_emoticons=words, is_cap_diff=some_in_capitals)
            self.sentiment_valence(0, window, token.word, i - start, valences)
        figures: dict[str, float] = self.score_valence(_weigh_around_but(lower, valences), text)
        return figures

    def _negation_check(self, valence: float, words_and_emoticons: list[str], start_i: int, i: int) -> float:
        """Turn or strengthen a valence by the words before it.

        A factor that depends on them alone, so asked for once.
        """
        before = tuple(words_and_emoticons[i - start_i - 1 : i])
        factor = self._negations.get(before)
        if factor is None:
            if len(self._negations) >= _TOKENS_KEPT:
                self._negations.clear()
            factor = self._negations[before] = super()._negation_check(1.0, [*before, ""], start_i, start_i + 1)
        return valence * factor

    def _describe_emojis(self, text: str) -> str:
        """Put each emoji's description in its place, parted from what stands before it, as the package does."""
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


def _weigh_around_but(lower: list[str], valences: list[float]) -> list[float]:
    """Halve what stands before the first "but" and raise by half what follows, as the package does.

    The package looks each figure up by value, so that of equal figures the first in the list is changed, also when
    it was changed before. That is kept, figure by figure, with a heap of positions for each value.
    """
    if "but" not in lower:
        return valences
    pivot = lower.index("but")
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
