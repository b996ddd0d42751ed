"""The conditional random field of the name tagger: the weights of a model of CRFsuite, and what follows from them.

Its library takes features as text, one by one, for each word of each comment. Here what a word, or a word and its
neighbour, adds is summed up once, and a few sums are left of a comment. It takes a fifth of the time and gives what
the library gives (a test compares them), also of words so long that the library's sums become infinite.
File format: CRFsuite 0.12, lib/crf/src/crf1d_model.c and lib/cqdb/src/cqdb.c. Forward-backward algorithm and Viterbi
decoding: Rabiner, Proceedings of the IEEE 77.2, 1989, with the scaling of its section V.A.
"""

import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import exp

OUTSIDE, BEGINS, INSIDE = "O", "B", "I"
_LABELS = (OUTSIDE, BEGINS, INSIDE)

# How much more a name begins here, or goes on here, than there is none (log odds).
Score = tuple[float, float]
NOTHING: Score = (0.0, 0.0)
_Three = tuple[float, float, float]

_HEADER = struct.Struct("<4sI4sI3I5I")
_MAGIC = b"lCRF"
_CHUNK = struct.Struct("<4sII")
_FEATURE = struct.Struct("<IIId")
_DICTIONARY = struct.Struct("<4s5I")
_OF_A_STATE = 0
_LEAST_LIKELY = 0.5


class NotAModel(ValueError):
    """The bytes are no model of CRFsuite with the labels of the name tagger."""


class _Scores(dict[str, Score]):
    """What each feature says; one that was never seen in training says nothing."""

    def __missing__(self, feature: str) -> Score:
        return NOTHING


class Field:
    """The weights of a model: what features say of a word, and how labels follow each other."""

    def __init__(self, model: bytes) -> None:
        """Raises NotAModel."""
        try:
            labels, states, follows = _read(model)
            places = [labels.index(label) for label in _LABELS]
        except (struct.error, ValueError, IndexError) as error:
            raise NotAModel("the model of the name tagger cannot be read: train it again") from error
        outside, begins, inside = places
        self._scores = _Scores(
            (feature, (weights[begins] - weights[outside], weights[inside] - weights[outside]))
            for feature, weights in states.items()
        )
        # Returns what a feature says.
        self.score_of_one: Callable[[str], Score] = self._scores.__getitem__
        # By the label before, then by the label.
        self._follows = [[follows[one, two] for two in places] for one in places]
        self._factors: list[_Three] = [(exp(o), exp(b), exp(i)) for o, b, i in self._follows]

    def score(self, features: Iterable[str]) -> Score:
        """Return what features that are always seen together say."""
        begins = inside = 0.0
        for more_begins, more_inside in filter(None, map(self._scores.get, features)):
            begins += more_begins
            inside += more_inside
        return begins, inside

    def probabilities(self, scores: Sequence[Score]) -> list[float]:
        """Return how likely each of the words that follow each other is part of a name."""
        own = list(map(_likelihoods, scores))
        if len(own) == 1:
            outside, begins, inside = own[0]
            return [(begins + inside) / (outside + begins + inside)]
        found = []
        for (o, b, i), (after_o, after_b, after_i) in zip(self._forward(own), self._backward(own), strict=True):
            is_none, is_one = o * after_o, b * after_b + i * after_i
            found.append(is_one / (is_none + is_one))
        return found

    def _forward(self, own: Sequence[_Three]) -> list[_Three]:
        """Return how likely each label is by what stands before it."""
        (oo, ob, oi), (bo, bb, bi), (io, ib, ii) = self._factors
        o, b, i = _scaled(*own[0])
        found = [(o, b, i)]
        for own_o, own_b, own_i in own[1:]:
            o, b, i = _scaled(
                (o * oo + b * bo + i * io) * own_o,
                (o * ob + b * bb + i * ib) * own_b,
                (o * oi + b * bi + i * ii) * own_i,
            )
            found.append((o, b, i))
        return found

    def _backward(self, own: Sequence[_Three]) -> list[_Three]:
        """Return how likely what stands behind each label is."""
        (oo, ob, oi), (bo, bb, bi), (io, ib, ii) = self._factors
        found: list[_Three] = [(1.0, 1.0, 1.0)]
        for own_o, own_b, own_i in own[:0:-1]:
            o, b, i = found[-1]
            o, b, i = o * own_o, b * own_b, i * own_i
            found.append(_scaled(oo * o + ob * b + oi * i, bo * o + bb * b + bi * i, io * o + ib * b + ii * i))
        return found[::-1]

    def labels(self, scores: Sequence[Score], probabilities: Iterable[float] = (1.0,)) -> list[str]:
        """Return the labels that are most likely together. probabilities: of each to be part of a name, if known."""
        if sum(probabilities) < _LEAST_LIKELY:
            # That none is part of a name is likelier than all else together.
            return [OUTSIDE] * len(scores)
        o, (b, i) = 0.0, scores[0]
        into = list(zip(*self._follows, strict=True))
        origins: list[list[int]] = []
        for begins, inside in scores[1:]:
            ways = [(o + from_o, b + from_b, i + from_i) for from_o, from_b, from_i in into]
            o, b, i = map(max, ways)
            origins.append([way.index(most) for way, most in zip(ways, (o, b, i), strict=True)])
            b += begins
            i += inside
        label = (o, b, i).index(max(o, b, i))
        found = [label]
        for origin in reversed(origins):
            label = origin[label]
            found.append(label)
        return [_LABELS[label] for label in reversed(found)]


def _likelihoods(score: Score) -> _Three:
    begins, inside = score
    most = max(0.0, begins, inside)
    return exp(-most), exp(begins - most), exp(inside - most)


def _scaled(outside: float, begins: float, inside: float) -> _Three:
    whole = outside + begins + inside
    return outside / whole, begins / whole, inside / whole


def _read(model: bytes) -> tuple[list[str], dict[str, list[float]], dict[tuple[int, int], float]]:
    """Return the labels, the weights of each feature by label, and of each label behind another, by their places."""
    magic, *_, label_count, _, at_features, at_labels, at_attributes, _, _ = _HEADER.unpack_from(model)
    if magic != _MAGIC:
        raise ValueError("not a model of CRFsuite")
    labels, attributes = (list(_strings(model, place)) for place in (at_labels, at_attributes))
    states: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * len(labels))
    follows = {(one, two): 0.0 for one in range(label_count) for two in range(label_count)}
    _, _, count = _CHUNK.unpack_from(model, at_features)
    begin = at_features + _CHUNK.size
    for kind, one, two, weight in _FEATURE.iter_unpack(model[begin : begin + count * _FEATURE.size]):
        if kind == _OF_A_STATE:
            states[attributes[one]][two] = weight
        else:
            follows[one, two] = weight
    return labels, dict(states), follows


def _strings(model: bytes, begin: int) -> Iterator[str]:
    """Yield the strings of a dictionary of the model in the order of their numbers."""
    *_, count, at_places = _DICTIONARY.unpack_from(model, begin)
    for (place,) in struct.iter_unpack("<I", model[begin + at_places : begin + at_places + 4 * count]):
        _, size = struct.unpack_from("<II", model, begin + place)
        first = begin + place + 8
        yield model[first : first + size].rstrip(b"\0").decode()
