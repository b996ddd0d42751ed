"""De-identification: text in, the same text with identifiers replaced by typed placeholders out.

Pure: knows no source, no file and no database, and runs in memory before the first byte is written. Each kind of
identifier has a file of its own with its pattern, its context and its checksum. It never makes a guess about a
person; where it cannot finish, the text is withheld.
"""

import re
from typing import NamedTuple

from wordround.deidentify import email, handle, national_insurance, nhs_number, phone, postcode, web_address
from wordround.deidentify.spans import Recogniser, Span, settle

RECOGNISERS: dict[str, Recogniser] = {
    "email address": email.find,
    "web address": web_address.find,
    "handle": handle.find,
    "NHS number": nhs_number.find,
    "phone number": phone.find,
    "National Insurance number": national_insurance.find,
    "postcode": postcode.find,
}

# Every structured identifier has a digit, an at sign, or a dot inside a word (or the word for one): the rest of the
# comments, most of them, need no further look. Asked in the order in which it is cheap.
_DIGIT_OR_AT = re.compile(r"[\d@]")
_DOT_INSIDE = re.compile(r"\.[A-Za-z]")

# Characters that look or count as ASCII to a reader. One for one, so that positions still hold.
_LOOKALIKES = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        **{chr(0x1D7CE + i): str(i % 10) for i in range(50)},
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"),
        "\t": " ",
        "\u3002": ".",
    }
)

# An identifier may run on over a line end, but not over a blank line.
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")


class Deidentified(NamedTuple):
    """The text without identifiers, where they stood in the original, and whether it must be withheld."""

    text: str
    found: tuple[Span, ...] = ()
    withheld: bool = False


def deidentify(text: str) -> Deidentified:
    """Replace each identifier with `<kind>`.

    A text that a recogniser fails on is withheld whole: its figures may count, its words are not kept.
    """
    legible = text if text.isascii() else text.translate(_LOOKALIKES)
    if not _is_worth_a_look(legible):
        return Deidentified(text)
    try:
        legible = _LINE_END.sub(" ", legible.translate(_LOOKALIKES))
        found = settle(span for find in RECOGNISERS.values() for span in find(legible))
    except Exception:  # noqa: BLE001 - whatever went wrong, the text must not pass
        return Deidentified("", withheld=True)
    if not found:
        return Deidentified(text)
    parts: list[str] = []
    end = 0
    for span in found:
        parts += [text[end : span.start], f"<{span.kind}>"]
        end = span.end
    return Deidentified("".join([*parts, text[end:]]), tuple(found))


def _is_worth_a_look(text: str) -> bool:
    return bool(
        _DIGIT_OR_AT.search(text)
        or ("." in text and _DOT_INSIDE.search(text))
        or "://" in text
        or "dot" in text
        or "DOT" in text
        or "Dot" in text
    )
