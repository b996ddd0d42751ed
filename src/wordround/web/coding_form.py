"""The form in which a person says what a comment says: what it offers, what it holds already, and what it sends."""

import re
from collections.abc import Mapping

from wordround.coding.choices import Choice, Choices, choices
from wordround.records.reviews import Code, ThemeCode

GRADES = {
    "very_negative": "Very negative", "negative": "Negative", "neutral": "Neutral or mixed",
    "positive": "Positive", "very_positive": "Very positive",
}  # fmt: skip
CANNOT_SAY = "cannot_say"
ASKED = {
    "what_good": "What was good?", "could_improve": "What could be better?", "nonspecific": "Why this score?",
}  # fmt: skip
_POLARITIES = ("negative", "neutral", "positive")
_WHOLE_NUMBER = re.compile(r"[0-9]+|[0-9]{1,3}(,[0-9]{3})+")
_LONGEST_NUMBER = 11


def grouped(known: Choices) -> dict[str, list[Choice]]:
    """The themes of patient experience below their major theme; those of other frames below the frame, and their
    headings below them.
    """
    groups: dict[str, list[Choice]] = {}
    for each in known.themes:
        is_main = each.frame == "patient_experience"
        frame = each.frame.replace("_", " ").capitalize()
        of_frame = f"{frame}: {each.belongs_to}" if each.is_heading else frame
        groups.setdefault(each.belongs_to if is_main else of_frame, []).append(each)
    return groups


def filled(before: Code | None, known: Choices) -> dict[str, str]:
    """What a form holds already: the grade, and the polarity of each theme by its code."""
    if before is None:
        return {}
    found = {"sentiment": before.sentiment or CANNOT_SAY}
    for theme in before.themes:
        if key := known.code(theme.frame, theme.label):
            found[key] = theme.polarity or "neutral"
    return found


def in_words(code: Code, known: Choices) -> tuple[str, list[str]]:
    """A grade and the themes as people read them."""
    grade = "Cannot say" if code.sentiment is None else GRADES[code.sentiment]
    themes = [
        f"{known.shown(each.frame, each.label)}{f' ({each.polarity})' if each.polarity else ''}" for each in code.themes
    ]
    return grade, themes


def said(sent: Mapping[str, object]) -> Code | None:
    """What a form says; None where it says no grade."""
    grade = str(sent.get("sentiment", ""))
    if grade == CANNOT_SAY:
        return Code(None)
    if grade not in GRADES:
        return None
    themes = [
        ThemeCode(each.frame, each.label, str(sent[each.code]))
        for each in choices().themes
        if sent.get(each.code) in _POLARITIES
    ]
    return Code(grade, tuple(themes))


def whole_number(typed: str) -> int | None:
    """A number as people type it, with or without commas between thousands; None for what is none."""
    typed = typed.strip()
    return int(typed.replace(",", "")) if len(typed) <= _LONGEST_NUMBER and _WHOLE_NUMBER.fullmatch(typed) else None
