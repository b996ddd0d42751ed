"""Meaning without notation: the form in which texts, places and ids of files are compared.

By it a row without an id is known again (forms.py). It is never shown and never stored, only hashed. Two notations have
one meaning where they differ in what people and programs change without changing the answer: capitals, white space,
Unicode forms, the sign for an apostrophe, a quote or a dash; of places also punctuation and spaces. dbt gathers the
spellings of a place by the same rule (macros/place_key.sql); a test compares the two.
"""

import re
import unicodedata

from wordround.connectors.files.cells import Cell, value_in

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u00b4\u0060\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad", "-"),
    }
)
# With a comma one nought only: 1,000 may be a thousand.
_WHOLE_NUMBER = re.compile(r"(\d+)(?:\.0+|,0)")

# An id in which there is nothing to take off or to write otherwise: nearly all are.
_BARE_ID = re.compile(r"[A-Za-z0-9-]+")
_POWER_OF_TEN = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")


def text_key(text: str) -> str:
    """Return a text without case, Unicode form, kind of apostrophe, quote and dash, and amount of white space."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).casefold().translate(_SIGNS)
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.replace("`", "'").casefold().split())


def place_key(place: str) -> str:
    """Return a place without case, spaces and punctuation: "Ward 4", "WARD 4." and "Ward4" are one.

    Between two digits a space stays: "Ward 1/2" is not "Ward 12". "&" is "and". Accents stay.
    """
    # Sign by sign, as DuckDB does it: Python writes a capital I with a dot as two, and a sigma by its place.
    words = [sign.lower()[0] for sign in unicodedata.normalize("NFC", place.replace("&", " and "))]
    signs = [sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in words]
    return _WITHIN_A_WORD.sub("", " ".join("".join(signs).split()))


# A space between two digits parts two numbers; any other parts nothing that people keep apart.
_WITHIN_A_WORD = re.compile("(?<=[^0-9]) | (?=[^0-9])")


def whole_number(name: str) -> str:
    """Return `4.0` as `4`, as a spreadsheet writes a number that has become text; anything else as it is."""
    number = _WHOLE_NUMBER.fullmatch(name)
    return number[1] if number else name


def row_id(cell: Cell) -> str:
    """Return the id that a cell names: `101`, `101.0`, `'101`, `="101"` are one. Leading noughts and case count."""
    if isinstance(cell, str) and _BARE_ID.fullmatch(cell):
        return cell
    return whole_number(value_in(cell))


def is_rounded(name: str) -> bool:
    """Whether a spreadsheet has written an id as a power of ten (`1.18E+11`), so that it may be that of many rows."""
    return "+" in name and bool(_POWER_OF_TEN.fullmatch(name))


def spellings(written_id: str) -> tuple[str, ...]:
    """Return the id that is meant, and the ids by which versions before this rule could have known its row."""
    name = row_id(written_id)
    further = (f"{name}.0",) if name.isascii() and name.isdigit() else ()
    return tuple(dict.fromkeys(one for one in (name, written_id.strip(), *further) if one))


def look_alikes(row_id: str, longest: int = 0) -> tuple[str, ...]:
    """Return ids that differ from this one in leading noughts alone: without any, and with some up to `longest`."""
    if not (row_id.isascii() and row_id.isdigit()):
        return ()
    bare = row_id.lstrip("0") or "0"
    padded = [bare.zfill(width) for width in range(len(bare) + 1, longest + 1)]
    return tuple(one for one in dict.fromkeys((bare, *padded)) if one != row_id)
