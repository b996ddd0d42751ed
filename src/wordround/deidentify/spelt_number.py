"""Telephone and NHS numbers that are spelt out in words, or written with the letter o for a nought."""

import re
from collections.abc import Iterator

from wordround.deidentify.cues import Cues
from wordround.deidentify.spans import Span

cued = Cues.of("digits")

_DIGITS = {word: str(digit) for digit, word in enumerate("zero one two three four five six seven eight nine".split())}
_DIGITS |= dict.fromkeys(("oh", "o", "nought", "naught"), "0")
_TENS = {
    word: str(tens) for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_DIGITS |= {word: str(number) for number, word in enumerate(_TEENS, 10)}
_DIGITS |= {word: f"{tens}0" for word, tens in _TENS.items()} | {"hundred": "00", "thousand": "000"}
_TIMES = {"double": 2, "treble": 3, "triple": 3}

NUMBER_WORDS = frozenset((*_DIGITS, *_TIMES))
_WORD = rf"(?:{'|'.join(sorted(sorted(NUMBER_WORDS), key=len, reverse=True))})"
_SPELT = cued(rf"(?<![\w'-]){_WORD}(?:[ ,.-]{{1,3}}(?:{_WORD}|\d{{1,6}})(?![\w'])){{4,}}", re.IGNORECASE)
_LETTER_FOR_A_DIGIT = re.compile(r"[oOlIi]")
_AS_DIGITS = str.maketrans("oli", "011")
_PART = re.compile(r"[a-z]+|\d+")
_WITH_AN_O = re.compile(r"(?<![A-Za-z\d])[\doO](?:[ ./-]{0,2}[\doOlIi]){8,12}(?![A-Za-z\d])")
_FEWEST, _FEWEST_OF_A_PHONE, _OF_AN_NHS_NUMBER = 9, 10, 10
_FEWEST_REAL_DIGITS, _FEWEST_IF_A_ZERO_LEADS = 5, 3


def find(text: str) -> Iterator[Span]:
    """Yield the numbers in words, or with letters among their digits, that are as long as a telephone's."""
    for match in _SPELT.finditer(text):
        digits = _digits(match.group())
        if len(digits) >= _FEWEST:
            yield Span(match.start(), match.end(), _kind(digits))
    if _LETTER_FOR_A_DIGIT.search(text):
        for match in _WITH_AN_O.finditer(text):
            written = match.group().lower()
            real = sum(character.isdigit() for character in written)
            is_led_by_zero = written[0] in "0o" and real >= _FEWEST_IF_A_ZERO_LEADS
            if (real >= _FEWEST_REAL_DIGITS or is_led_by_zero) and _LETTER_FOR_A_DIGIT.search(written):
                digits = re.sub(r"\D", "", written.translate(_AS_DIGITS))
                yield Span(match.start(), match.end(), _kind(digits))


def _digits(spelt: str) -> str:
    """Return the digits that words stand for: "double four" is 44, "nine hundred" 900."""
    digits, times = "", 1
    for part in _PART.findall(spelt.lower()):
        if part in _TIMES:
            times = _TIMES[part]
            continue
        digits += times * (_DIGITS.get(part) or part)
        times = 1
    return digits


def _kind(digits: str) -> str:
    if digits.startswith(("0", "44")) and len(digits) >= _FEWEST_OF_A_PHONE:
        return "phone number"
    return "NHS number" if len(digits) == _OF_AN_NHS_NUMBER else "phone number"
