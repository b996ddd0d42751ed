"""Answers in Welsh: from `welsh.toml`, each that names somebody filled with each name that it is meant for.

An answer is `tuned` (its failures were read while the rules for Welsh were written) or `held` (only the figures were).
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from importlib import resources
from random import Random
from typing import Any

from wordround.evaluate.corpus.filling import Piece, Sample, fill
from wordround.evaluate.corpus.situations import Half

_KIND = "name"


@cache
def given() -> dict[str, Any]:
    """Return the answers, and the names for them."""
    return tomllib.loads((resources.files("wordround.evaluate.corpus") / "welsh.toml").read_text(encoding="utf-8"))


def introduced(half: Half) -> Iterator[Sample]:
    """Yield answers in which a Welsh word is a name, behind a title, a role or what says a name."""
    return _filled(given()[half]["introduced"], "word", given()["words"])


def named(half: Half) -> Iterator[Sample]:
    """Yield answers that name people."""
    return _filled(given()[half]["named"], "name", given()["names"])


def spoken_of(half: Half) -> Iterator[Sample]:
    """Yield answers that name somebody behind words that a person stands behind, as written and in small letters."""
    for sample in _filled(given()[half]["spoken_of"], "called", given()["called"]):
        yield sample
        yield replace(sample, text=sample.text.lower(), casing="small letters")


def clean(half: Half) -> Iterator[Sample]:
    """Yield answers that name nobody."""
    return (Sample(text, ()) for text in given()[half]["clean"])


def _filled(templates: list[str], slot: str, names: list[str]) -> Iterator[Sample]:
    for template in templates:
        for name in names:
            yield fill(template, {slot: partial(_as_it_is, name)}, Random(0))


def _as_it_is(name: str, _chance: Random) -> list[Piece]:
    return [Piece(name, _KIND)]
