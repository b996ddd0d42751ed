"""Training the name tagger on generated comments: templates and lists of `training.toml`, names of the vocabulary.

Names and rare words are often hidden from the vocabulary while training, so that the tagger learns to know a name by
the words around it and by its letters, and likewise an unknown word that is no name.
"""

import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from importlib import resources
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import pycrfsuite

from wordround.deidentify import kept_phrases
from wordround.deidentify.names.candidates import candidates
from wordround.deidentify.names.features import Describer, tokenise
from wordround.deidentify.names.field import BEGINS, INSIDE, OUTSIDE
from wordround.deidentify.names.vocabulary import Vocabulary, vocabulary
from wordround.evaluate.corpus import evaluation
from wordround.evaluate.corpus.filling import CASINGS, Filler, Piece, Sample, fill, misspell, recase

MODEL = Path(str(resources.files("wordround.deidentify"))) / "data" / "names.crfsuite"

SEED = 20_261_124
# CRFsuite's L-BFGS. A feature has to occur in two templates at least (each is filled so often): a rarer one is a
# sentence learnt by heart.
_SETTINGS = {
    "c1": 0.05,
    "c2": 0.5,
    "max_iterations": 110,
    "feature.possible_transitions": True,
    "feature.minfreq": 45,
}
_ROUNDS_OF_CARRIERS, _ROUNDS_OF_CLEAN = 30, 10
# How often the vocabulary is made to forget a name, and an ordinary word: unknown words are mostly names or misspelt.
_FORGOTTEN_NAMES, _FORGOTTEN_WORDS = 0.7, 0.004
_MISSPELT, _MISSPELT_WHERE_NOBODY_IS_NAMED = 0.05, 0.06
# How often a name is an ordinary word that no list has as a name ("river", "memory").
_WORDS_FOR_NAMES = 0.08
_CASINGS = ("as written", "as written", "as written", "lower case", "lower case", "CAPITALS", "Every Word")
_JOINS = {2: ("{} and {}", "{} & {}", "{}, {}", "{} + {}", "{}/{}", "{} n {}", "{} {}"),
          3: ("{}, {} and {}", "{}, {} & {}", "{} {} and {}", "{}, {}, {}", "{} and {} and {}", "{} {} {}"),
          4: ("{}, {}, {} and {}", "{} {} {} and {}", "{}, {}, {}, {}", "{}, {}, {} & {}")}  # fmt: skip


def templates() -> dict[str, Any]:
    """Return the templates and lists for training."""
    return _read("training")


def development() -> dict[str, Any]:
    """Return the second corpus, by another hand, which recognisers were mended with."""
    return _read("development")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("wordround.evaluate.corpus") / f"{name}.toml").read_text(encoding="utf-8"))


def train(path: Path, rounds: float = 1.0, verbose: bool = False) -> dict[str, Any]:
    """Train the tagger and write it to `path`. Returns how many comments and tokens it saw, and the file's size."""
    known = vocabulary()
    trainer = pycrfsuite.Trainer(verbose=verbose)
    comments = tokens = 0
    for features, labels in examples(known, rounds):
        trainer.append(features, labels)
        comments += 1
        tokens += len(labels)
    trainer.set_params(_SETTINGS)
    trainer.train(str(path))
    return {"comments": comments, "tokens": tokens, "bytes": path.stat().st_size}


def examples(known: Vocabulary, rounds: float = 1.0) -> Iterator[tuple[list[list[str]], list[str]]]:
    """Yield the features and labels of every generated comment."""
    chance = Random(SEED)
    for sample in samples(known, chance, rounds):
        tokens = tokenise(sample.text)
        if not tokens:
            continue
        hidden = _hidden(sample, chance)
        kept = [match.span() for match in kept_phrases().finditer(sample.text)]
        places = [
            place
            for place in candidates([token.text for token in tokens], known, hidden)
            if not any(start <= tokens[place].start and tokens[place].end <= end for start, end in kept)
        ]
        if places:
            describer = Describer[tuple[str, ...]](known, tell=tuple, tell_one=_alone, forget=hidden)
            described = describer.describe([token.text for token in tokens], places)
            labels = _labels(sample, tokens)
            yield [list(chain.from_iterable(told)) for told in described], [labels[place] for place in places]


def _alone(feature: str) -> tuple[str, ...]:
    return (feature,)


def samples(known: Vocabulary, chance: Random, rounds: float = 1.0) -> Iterator[Sample]:
    """Yield the generated comments."""
    given = templates()
    fillers = _fillers(given, known)
    further = development()
    wrong = {right: misspelt for misspelt, right in given["misspellings"].items()}
    for texts, times, misspelt in (
        ([carrier["text"] for carrier in given["carrier"]], _ROUNDS_OF_CARRIERS, _MISSPELT),
        ([carrier["text"] for carrier in further["carrier"]], _ROUNDS_OF_CARRIERS, _MISSPELT),
        (
            [*given["clean"]["comments"], *given["clean"]["extra_short"]],
            _ROUNDS_OF_CLEAN,
            _MISSPELT_WHERE_NOBODY_IS_NAMED,
        ),
        (further["clean"]["comments"], _ROUNDS_OF_CLEAN, _MISSPELT_WHERE_NOBODY_IS_NAMED),
    ):
        for _ in range(max(1, round(times * rounds))):
            for text in texts:
                sample = fill(_with_known_misspellings(text, wrong, chance), fillers, chance)
                sample = recase(sample, chance.choice(_CASINGS)) or sample
                if chance.random() < 0.5:
                    sample = misspell(sample, chance, misspelt, in_names=chance.random() < 0.3)
                if sample.casing == "lower case" and chance.random() < 0.35:
                    sample = _with_capital_names(sample)
                yield sample


def _with_capital_names(sample: Sample) -> Sample:
    """Return a comment in small letters with capitals on its names alone, as telephones write them."""
    text = sample.text
    for mark in sample.marked:
        if "name" in mark.kind:
            value = CASINGS["Every Word"](text[mark.start : mark.end])
            text = text[: mark.start] + value + text[mark.end :]
    return Sample(text, sample.marked, sample.casing, sample.typos)


def _with_known_misspellings(text: str, wrong: dict[str, str], chance: Random) -> str:
    if chance.random() < 0.7:
        return text
    return " ".join(wrong.get(word, word) if chance.random() < 0.5 else word for word in text.split(" "))


def _hidden(sample: Sample, chance: Random) -> Callable[[str], bool]:
    """Choose what the vocabulary must not know for one comment."""
    names = {
        token.text.lower()
        for mark in sample.marked
        if "name" in mark.kind
        for token in tokenise(sample.text[mark.start : mark.end])
        if chance.random() < _FORGOTTEN_NAMES
    }
    others = {
        token.text.lower()
        for token in tokenise(sample.text)
        if token.text[0].isalpha() and chance.random() < _FORGOTTEN_WORDS
    }
    hidden = names | others
    return hidden.__contains__


def _labels(sample: Sample, tokens: list[Any]) -> list[str]:
    labels = []
    for token in tokens:
        label = OUTSIDE
        for mark in sample.marked:
            if "name" in mark.kind and token.start < mark.end and token.end > mark.start:
                label = BEGINS if token.start <= mark.start else INSIDE
        labels.append(label)
    return labels


def _fillers(given: dict[str, Any], known: Vocabulary) -> dict[str, Filler]:
    lists = given["lists"]
    firsts, lasts = _weighted(_but_evaluated(given["first_names"])), _weighted(_but_evaluated(given["surnames"]))
    further_firsts = _but_evaluated(_read_names("first_names"))
    further_lasts = _but_evaluated(_read_names("surnames"))

    doubtful = sorted(known.doubtful - evaluation.names())
    words = [
        word
        for word, rank in known.ranks.items()
        if 1_500 < rank < 14_000 and len(word) > 3 and known.may_be_a_name(word) and word not in evaluation.names()
    ]

    def first(chance: Random) -> str:
        if chance.random() < _WORDS_FOR_NAMES:
            return chance.choice(words).capitalize()
        if chance.random() < 0.03:
            return nick(chance)
        if chance.random() < 0.06:
            return chance.choice(doubtful).capitalize()
        return chance.choice(firsts if chance.random() < 0.5 else further_firsts)

    def last(chance: Random) -> str:
        if chance.random() < 2 * _WORDS_FOR_NAMES:
            return chance.choice(words).capitalize()
        name = chance.choice(lasts if chance.random() < 0.5 else further_lasts)
        if chance.random() < 0.06:
            name += "-" + chance.choice(lasts)
        return name

    nicknames = _but_evaluated(lists["nicknames"])

    def nick(chance: Random) -> str:
        return str(chance.choice(nicknames)).capitalize()

    def initials(chance: Random) -> str:
        letters = [chance.choice("ABCDEFGHJKLMNPRSTW") for _ in range(chance.choice((1, 2, 2, 3)))]
        return chance.choice(("{}", "{}", "{}.")).format(chance.choice(("", ".")).join(letters))

    def full(chance: Random) -> str:
        middle = f" {chance.choice('ABCDEFGHJKLMNPRSTW')}" if chance.random() < 0.06 else ""
        if chance.random() < 0.05:
            return f"{chance.choice('ABCDEFGHJKLMNPRSTW')}{chance.choice(('', '.'))} {last(chance)}"
        return f"{first(chance)}{middle} {last(chance)}"

    def listed(count: int, kind: str, chance: Random) -> list[Piece]:
        pieces: list[Piece] = []
        join = chance.choice(_JOINS[count])
        for place, part in enumerate(join.split("{}")):
            if place:
                pieces.append(Piece(first(chance) if chance.random() < 0.93 else nick(chance), kind))
            if part:
                pieces.append(Piece(part))
        return pieces

    def one(make: Callable[[Random], str], kind: str, chance: Random) -> list[Piece]:
        return [Piece(make(chance), kind)]

    def possessive(kind: str, chance: Random) -> list[Piece]:
        return [Piece(first(chance), kind), Piece(chance.choice(("'s", "'s", "’s")))]

    fillers: dict[str, Filler] = {}
    for prefix, kind in (
        ("", "name"),
        ("staff.", "staff name"),
        ("relative.", "relative name"),
        ("patient.", "patient name"),
        ("person.", "name"),
    ):
        for slot, make in (("first", first), ("last", last), ("full", full), ("nick", nick), ("initials", initials)):
            fillers[prefix + slot] = partial(one, make, kind)
        fillers[prefix + "possessive"] = partial(possessive, kind)
        for count in (2, 3, 4):
            fillers[f"{prefix}list{count}"] = partial(listed, count, kind)

    def of(name: str, chance: Random) -> list[Piece]:
        return [Piece(str(chance.choice(lists[name])))]

    for slot, name in (
        ("place", "places"),
        ("ward", "wards"),
        ("hospital", "hospitals"),
        ("medicine", "medicines"),
        ("condition", "conditions"),
        ("role", "roles"),
        ("brand", "brands"),
        ("relation", "relations"),
    ):
        fillers[slot] = partial(of, name)
    for slot, filler in evaluation.fillers(first, last, nick, words).items():
        fillers.setdefault(slot, filler)
    fillers["day"] = lambda chance: [
        Piece(chance.choice("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()))
    ]
    fillers["month"] = lambda chance: [
        Piece(
            chance.choice(
                "January February March April May June July August September October November December".split()
            )
        )
    ]
    fillers["time"] = lambda chance: [
        Piece(chance.choice(("9am", "2pm", "10.30", "half past three", "7 o'clock", "3:15")))
    ]
    fillers["number"] = lambda chance: [Piece(str(chance.randrange(2, 40)))]
    return fillers


def _but_evaluated(names: list[str]) -> list[str]:
    """Return names without those that the tagger is measured with."""
    return [name for name in names if name.lower() not in evaluation.names()]


def _weighted(names: list[str]) -> list[str]:
    """Return names with the first, the common ones, several times."""
    return names[:150] * 3 + names


def _read_names(name: str) -> list[str]:
    text = (resources.files("wordround.deidentify") / "data" / f"{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]
