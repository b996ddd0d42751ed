"""The learned model of comments: sentiment in five classes and the minor themes of the patient-experience frame.

A bag of n-grams (ngrams.py): each has a vector, plain and once more for each question; their sum over the square root
of their number goes through two layers, and a linear part goes past these. The vectors are kept in eight bits each.
What it was trained on, and how well it does, is in docs/models/.
"""

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit
from threadpoolctl import ThreadpoolController

from wordround.deidentify.names.vocabulary import vocabulary
from wordround.understand import model_files
from wordround.understand.model_files import Form, ModelUnreadable
from wordround.understand.ngrams import Numbers, Reader

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

SENTIMENTS = ("very_positive", "positive", "neutral", "negative", "very_negative")
CLASSES = ("positive", "neutral", "negative")
QUESTIONS = ("what_good", "could_improve", "nonspecific", "unknown")
CLASS_OF = np.array([0, 0, 1, 2, 2])

# The model that is shipped: `wordround train comments` makes it.
COMMENTS = Path(__file__).with_name("models") / "comments.npz"

_TABLE_BITS = 22
_CHUNK = 2_000
_PRODUCTS_AT_ONCE = 512
# `known`: n-grams; `rows`: these and what they are under a question; `width`: of the vectors; `state`: of the layers.
_FORMS = {
    "numbers": Form("u", ("known",)), "crossed": Form("i", ("known", len(QUESTIONS))),
    "embedding": Form("i", ("rows", "width")), "embedding_scale": Form("f", ("rows",)),
    "direct": Form("i", ("rows", "logits")), "direct_scale": Form("f", ("rows",)),
    "bag_bias": Form("f", ("width",)), "hidden": Form("f", ("width", "state")), "hidden_bias": Form("f", ("state",)),
    "out": Form("f", ("state", "logits")), "out_bias": Form("f", ("logits",)),
    "sentiment_offsets": Form("f", (len(SENTIMENTS),)), "temperature": Form("f"),
    "class_weights": Form("f", (len(CLASSES),)), "thresholds": Form("f", ("labels",)), "likeliest_threshold": Form("f"),
}  # fmt: skip
_ARRAYS = tuple(_FORMS)


class Figures(NamedTuple):
    """`sentiment` (n, 5): calibrated probabilities of SENTIMENTS. `themes` (n, labels): a probability each.

    `unknown_words` (n): the share of a text's words that no comment of the training has often enough for the model to
    have a vector for them; not a number where a text has no word.
    """

    sentiment: Floats
    themes: Floats
    unknown_words: Floats


class Sentiment(NamedTuple):
    """What is shown of one text: one of SENTIMENTS, one of CLASSES, and the calibrated probability of that class."""

    sentiment: str
    sentiment_class: str
    probability: float


class _Bag(NamedTuple):
    """Sums of the vectors of texts, roots of how many there were, and the words of all texts with the text of each.

    `vocabulary`: how often the reader has forgotten all words before these.
    """

    sums: Floats
    root: Floats
    words: Places
    word_text: Places
    vocabulary: int

    def of(self, rows: Places) -> "_Bag":
        """Return the bag of some of the texts, which are in order."""
        place = np.full(len(self.sums), -1)
        place[rows] = np.arange(len(rows))
        owner = place[self.word_text]
        has = owner >= 0
        return _Bag(self.sums[rows], self.root[rows], self.words[has], owner[has], self.vocabulary)


class _Asked(NamedTuple):
    """Texts that answer one question, by their places, and what was read of them."""

    question: str
    rows: Places
    bag: _Bag


class Read(NamedTuple):
    """Texts as the model has read them: their figures, and of what it can be told which words spoke for a label."""

    texts: Sequence[str]
    figures: Figures
    asked: list[_Asked]


class Learned:
    """A model that was read. Reading one takes a moment; keep it. Not for several threads at once."""

    def __init__(self, arrays: dict[str, NDArray[Any]], about: dict[str, Any], digest: str) -> None:
        self.about = about
        self.labels: tuple[str, ...] = tuple(about["labels"])
        self.version = f"learned-{digest}"
        self._arrays = arrays
        self.thresholds: Floats = arrays["thresholds"].astype(np.float32)
        self.likeliest_threshold = float(arrays["likeliest_threshold"])
        self._table = _table(arrays["numbers"])
        self._reader, self._forgotten = Reader(), 0
        self._vectors: dict[str, Floats] = {}
        self._units: dict[str, Floats] = {}
        # Of each word that the reader has met, whether it is an ordinary one.
        self._ordinary = np.zeros(0, np.bool_)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file that `wordround train` wrote. Raises ModelUnreadable."""
        arrays, about, written = model_files.read(path, _FORMS)
        labels = about.get("labels")
        is_whole = (
            isinstance(labels, list)
            and all(isinstance(label, str) for label in labels)
            and len(labels) == len(arrays["thresholds"]) == len(arrays["out_bias"]) - len(SENTIMENTS)
            and len(arrays["numbers"]) <= len(arrays["embedding"])
            and arrays["crossed"].max() < len(arrays["embedding"])
            and arrays["temperature"] > 0
        )
        if not is_whole:
            raise ModelUnreadable(f"{path.name}: is no model, or a damaged one (its parts do not belong together).")
        return cls(arrays, about, hashlib.sha256(written).hexdigest()[:8])

    def figures(self, texts: Sequence[str], questions: Sequence[str | None]) -> Figures:
        """Return the figures of each text under its question, in order; None is a text that nobody asked for."""
        return self.read_texts(texts, questions).figures

    def read_texts(self, texts: Sequence[str], questions: Sequence[str | None]) -> Read:
        """Read each text under its question, as `figures`."""
        read: list[_Asked] = []
        sentiment = np.zeros((len(texts), len(SENTIMENTS)), np.float32)
        themes = np.zeros((len(texts), len(self.labels)), np.float32)
        unknown_words = np.full(len(texts), np.nan, np.float32)
        asked = np.array([QUESTIONS.index(question or "unknown") for question in questions], np.int64)
        with _one_thread():
            for place, question in enumerate(QUESTIONS):
                rows = np.flatnonzero(asked == place)
                for start in range(0, len(rows), _CHUNK):
                    chunk = rows[start : start + _CHUNK]
                    bag = self._bag([texts[row] for row in chunk], question)
                    logits = self._logits(bag)
                    sentiment[chunk] = self._calibrated(logits[:, : len(SENTIMENTS)])
                    themes[chunk] = expit(logits[:, len(SENTIMENTS) :])
                    unknown_words[chunk] = self._unknown_words(bag, len(chunk))
                    read.append(_Asked(question, chunk, bag))
        return Read(texts, Figures(sentiment, themes, unknown_words), read)

    def given(self, themes: Floats, unknown_words: Floats) -> NDArray[np.bool_]:
        """Return which themes are given (n, labels), of how likely each is and the share of words that are unknown.

        A text of which the model knows no word gets no likeliest theme: it would be the one that is commonest of all.
        """
        given = given_themes(themes, self.thresholds, self.likeliest_threshold)
        unread = ~(unknown_words < 1)
        given[unread] = themes[unread] >= self.thresholds
        return given

    def shown(self, sentiment: Floats) -> list[Sentiment]:
        """Return what is shown of each text's probabilities (n, 5): a class, and the likeliest grade within it.

        Classes are weighed before they are compared, because the likeliest alone would hide half of the neutral ones.
        """
        three = three_classes(sentiment)
        chosen = (three * self._arrays["class_weights"]).argmax(1)
        grades = np.where(chosen[:, None] == CLASS_OF, sentiment, -1).argmax(1)
        return [
            Sentiment(SENTIMENTS[grade], CLASSES[place], float(three[row, place]))
            for row, (grade, place) in enumerate(zip(grades.tolist(), chosen.tolist(), strict=True))
        ]

    def words_behind(self, read: Read, rows: Places, labels: Places, most: int) -> list[tuple[str, ...]]:
        """Return for each pair of a text (its place) and a label the words that spoke most for it, at most `most`.

        Only ordinary English words that at least five of the comments have that the model was trained on: no name, no
        word of somebody's own. What a word adds is its part of the label's logit: exact past the layers, and through
        them by their slope where the text stands.
        """
        behind: list[tuple[str, ...]] = [()] * len(rows)
        with _one_thread():
            for question, chunk, bag in read.asked:
                place = np.full(len(read.texts), -1)
                place[chunk] = np.arange(len(chunk))
                pairs = np.flatnonzero(place[rows] >= 0)
                once, text = np.unique(place[rows[pairs]], return_inverse=True)
                if not self._still_knows(bag):
                    bag = self._bag([read.texts[row] for row in chunk[once]], question)
                else:
                    bag = bag.of(once)
                for pair, words in zip(pairs, self._behind(bag, question, text, labels[pairs], most), strict=True):
                    behind[pair] = words
        return behind

    def _behind(self, bag: _Bag, question: str, text: Places, labels: Places, most: int) -> list[tuple[str, ...]]:
        """Return the words behind each label of a text, whose place is in `text`."""
        width = self._arrays["hidden"].shape[0]
        column = labels + len(SENTIMENTS)
        first = np.maximum(bag.sums[:, :width] / bag.root + self._arrays["bag_bias"], 0)
        second = np.maximum(first @ self._arrays["hidden"] + self._arrays["hidden_bias"], 0)[text]
        slope = ((self._arrays["out"].T[column] * (second > 0)) @ self._arrays["hidden"].T) * (first[text] > 0)
        # The words of each text that may be shown, once for each of its labels.
        may = np.flatnonzero(self._is_known(bag.words) & self._are_ordinary(bag.words))
        words, word_text = bag.words[may], bag.word_text[may]
        order = np.argsort(word_text, kind="stable")
        count = np.bincount(word_text, minlength=len(bag.sums))
        begin = np.cumsum(count) - count
        pair = np.repeat(np.arange(len(text)), count[text])
        inside = np.arange(len(pair)) - np.repeat(np.cumsum(count[text]) - count[text], count[text])
        words = words[order[begin[text][pair] + inside]]
        share = _products(self._units_of(question), words, slope, pair)
        share += self._units_of(question)[words, width + column[pair]]
        speaks = np.flatnonzero(share > 0)
        speaks = speaks[np.lexsort((-share[speaks], pair[speaks]))]
        of, token = pair[speaks], words[speaks] // 2
        # A word that stands there twice counts where it says more.
        _, once = np.unique(of * (len(self._ordinary) + 1) + token, return_index=True)
        once.sort()
        of, token = of[once], token[once]
        rank = np.arange(len(of)) - np.searchsorted(of, of)
        found: list[list[str]] = [[] for _ in text]
        for place, number in zip(of[rank < most].tolist(), token[rank < most].tolist(), strict=True):
            found[place].append(self._reader.word(2 * number))
        return [tuple(spoken) for spoken in found]

    def _are_ordinary(self, words: Places) -> NDArray[np.bool_]:
        """Return which words are ordinary English ones, and no name."""
        known = len(self._ordinary)
        count = len(self._reader.units) // 2
        if known < count:
            ordinary = vocabulary().ordinary
            fresh = [self._reader.word(2 * number) in ordinary for number in range(known, count)]
            self._ordinary = np.concatenate([self._ordinary, np.array(fresh, np.bool_)])
        are: NDArray[np.bool_] = self._ordinary[words // 2]
        return are

    def _unknown_words(self, bag: _Bag, texts: int) -> Floats:
        """Return the share of the words of each text that the model was not trained on; numbers and signs are none."""
        is_word = self._reader.have_letters(bag.words)
        is_unknown = is_word & ~self._is_known(bag.words)
        count = np.bincount(bag.word_text, is_word, texts)
        unknown = np.bincount(bag.word_text, is_unknown, texts)
        share: Floats = np.divide(unknown, count, out=np.full(texts, np.nan), where=count > 0).astype(np.float32)
        return share

    def _is_known(self, words: Places) -> NDArray[np.bool_]:
        """Return which words the model was trained on, and does not know by their spelling alone."""
        known: NDArray[np.bool_] = self._places(self._reader.numbers_of(words)) < len(self._arrays["numbers"])
        return known

    def _calibrated(self, logits: Floats) -> Floats:
        scaled = logits / self._arrays["temperature"] + self._arrays["sentiment_offsets"]
        likely = np.exp(scaled - scaled.max(1, keepdims=True))
        probability: Floats = likely / likely.sum(1, keepdims=True)
        return probability

    def _bag(self, texts: Sequence[str], question: str) -> _Bag:
        """Read texts under a question."""
        if self._reader.is_full:
            self._reader.reset()
            self._forgotten += 1
            self._units.clear()
            self._ordinary = self._ordinary[:0]
        reading = self._reader.read(texts)
        vectors = self._vectors_of(question)
        runs = self._places(reading.runs)
        known = runs < len(vectors) - 1
        sums = _summed(reading.words, reading.word_text, self._units_of(question), len(texts))
        sums += _summed(runs[known], reading.run_text[known], vectors, len(texts))
        return _Bag(
            sums[:, :-1], np.sqrt(np.maximum(sums[:, -1:], 1)), reading.words, reading.word_text, self._forgotten
        )

    def _still_knows(self, bag: _Bag) -> bool:
        """Whether the words of a bag have not been forgotten since it was read."""
        return bag.vocabulary == self._forgotten

    def _logits(self, bag: _Bag) -> Floats:
        scaled = bag.sums / bag.root
        width = self._arrays["hidden"].shape[0]
        state = np.maximum(scaled[:, :width] + self._arrays["bag_bias"], 0)
        state = np.maximum(state @ self._arrays["hidden"] + self._arrays["hidden_bias"], 0)
        logits: Floats = state @ self._arrays["out"] + self._arrays["out_bias"] + scaled[:, width:]
        return logits

    def _vectors_of(self, question: str) -> Floats:
        """Return a row for each n-gram under a question: its vector, its linear part, how many it counts for.

        The last row is that of all that the model does not know.
        """
        if question not in self._vectors:
            parts = [
                self._arrays[name].astype(np.float32) * self._arrays[f"{name}_scale"].astype(np.float32)[:, None]
                for name in ("embedding", "direct")
            ]
            rows = np.concatenate([*parts, np.ones((len(parts[0]), 1), np.float32)], 1)
            known = len(self._arrays["numbers"])
            vectors = np.concatenate([rows[:known], np.zeros((1, rows.shape[1]), np.float32)])
            crossed = self._arrays["crossed"][:, QUESTIONS.index(question)]
            has = np.flatnonzero(crossed >= 0)
            vectors[has] += rows[crossed[has]]
            self._vectors[question] = vectors
        return self._vectors[question]

    def _units_of(self, question: str) -> Floats:
        """Return a row for each word met so far, as `_vectors_of` has them."""
        vectors = self._vectors_of(question)
        made = self._units.get(question, np.zeros((0, vectors.shape[1]), np.float32))
        units = self._reader.units
        if len(made) < len(units):
            fresh = units[len(made) :]
            numbers = np.array([number for unit in fresh for number in unit], np.uint32)
            owner = np.repeat(np.arange(len(fresh)), [len(unit) for unit in fresh])
            made = np.concatenate([made, _summed(self._places(numbers), owner, vectors, len(fresh))])
            self._units[question] = made
        return made

    def _places(self, numbers: Numbers) -> Places:
        """Return the row of each number, the last one for those that are not known."""
        known = self._arrays["numbers"]
        places: Places = self._table[numbers & np.uint32((1 << _TABLE_BITS) - 1)].astype(np.int64)
        places[known[np.minimum(places, len(known) - 1)] != numbers] = len(known)
        return places


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()


def _one_thread() -> AbstractContextManager[object]:
    """Return a context in which numpy multiplies in one thread.

    Products are small here, and processes share the texts: more threads wait for each other, many times as long.
    """
    limited: AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return limited


def _table(numbers: Numbers) -> NDArray[np.int32]:
    """Return where the row of each number stands, by its lower bits."""
    table = np.full(1 << _TABLE_BITS, len(numbers), np.int32)
    table[numbers & np.uint32((1 << _TABLE_BITS) - 1)] = np.arange(len(numbers), dtype=np.int32)
    return table


def distinct_in_table(numbers: Numbers) -> Numbers:
    """Return the numbers that a model can tell apart: of those that share their lower bits, the first."""
    _, first = np.unique(numbers & np.uint32((1 << _TABLE_BITS) - 1), return_index=True)
    return np.sort(numbers[first])


def _products(one: Floats, rows: Places, other: Floats, beside: Places) -> Floats:
    """Return the products of rows of `one`, as far as they are wide, with rows of `other`.

    A few at once: room for all of them would take longer to get than the products.
    """
    found = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), _PRODUCTS_AT_ONCE):
        some = slice(start, start + _PRODUCTS_AT_ONCE)
        found[some] = np.einsum("ij,ij->i", one.take(rows[some], 0)[:, : other.shape[1]], other.take(beside[some], 0))
    return found


def _summed(places: Places, owner: Places, vectors: Floats, count: int) -> Floats:
    """Return for each owner the sum of the vectors at its places."""
    ones = np.ones(len(places), np.float32)
    sums: Floats = csr_array((ones, (owner, places)), shape=(count, len(vectors))) @ vectors
    return sums


def given_themes(themes: Floats, thresholds: Floats | float, likeliest_threshold: float) -> NDArray[np.bool_]:
    """Return which themes (n, labels) reach their threshold; where none does, the likeliest one, if it reaches its own.

    Most comments are about something: the likeliest theme of one that would have none is oftener right than any other.
    """
    given: NDArray[np.bool_] = themes >= thresholds
    alone = np.flatnonzero(~given.any(1))
    likeliest = themes[alone].argmax(1)
    given[alone, likeliest] = themes[alone, likeliest] >= likeliest_threshold
    return given


def three_classes(sentiment: Floats) -> Floats:
    """Return the probabilities (n, 3) of CLASSES."""
    classes: Floats = np.stack([sentiment[:, place == CLASS_OF].sum(1) for place in range(len(CLASSES))], 1)
    return classes
