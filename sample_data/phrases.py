"""The words of phrases.toml, by name. Comes in: nothing. Goes out: plain dictionaries and lists of strings."""

import tomllib
from pathlib import Path

_WRITTEN = tomllib.loads((Path(__file__).resolve().parent / "phrases.toml").read_text(encoding="utf-8"))

SLOTS: dict[str, list[str]] = _WRITTEN["slots"]
THEMES: dict[str, str] = _WRITTEN["themes"]
POSITIVE: dict[str, list[str]] = _WRITTEN["positive"]
NEGATIVE: dict[str, list[str]] = _WRITTEN["negative"]
SUGGESTION: dict[str, list[str]] = _WRITTEN["suggestion"]
STOCK_GOOD: list[str] = _WRITTEN["whole"]["good"]
STOCK_NOTHING: list[str] = _WRITTEN["whole"]["nothing"]
NO_ANSWERS: list[str] = _WRITTEN["whole"]["no_answer"]
MISCHIEF: list[str] = _WRITTEN["whole"]["mischief"]
OPENERS: list[str] = _WRITTEN["frames"]["openers"]
DETAILS: list[str] = _WRITTEN["frames"]["details"]
ASIDES: list[str] = _WRITTEN["frames"]["asides"]
SOFTENERS: list[str] = _WRITTEN["frames"]["suggestion"]
CODAS: list[str] = _WRITTEN["frames"]["positive"]
EMOJI: list[str] = _WRITTEN["frames"]["emoji"]
MISSPELLINGS: dict[str, str] = _WRITTEN["misspellings"]
