"""Whether a text suggests that somebody is in danger now: only so that it is kept out of quotes.

The answer is yes or no, and nobody keeps it. Which expression matched is not said, nothing is scored or counted, and
who wrote is not known: individuals are not monitored here (docs/adr/0009-quotes-and-danger.md). A harmless comment
that is kept back does less harm than a cry for help that is shown as an example.

The expressions stand in `danger_cues.csv`, which a clinician or safeguarding lead reads and changes. `*` stands for any
ending of a word, `...` for up to four words in between. The list is no table of the database on purpose: nothing there
can be joined with it.
"""

import csv
import re
from functools import cache
from pathlib import Path

from wordround.errors import WordroundError
from wordround.understand.themes import words_of

CUES = Path(__file__).with_name("danger_cues.csv")
COLUMNS = ["about", "expression"]

_BETWEEN = r"(?:\w+ ){0,4}"


class DangerCuesInvalid(WordroundError):
    """A row of the list of expressions cannot be used. The message names file and row."""


def suggests_danger(text: str) -> bool:
    """Whether any expression of the list stands in the text, whatever its case, punctuation and apostrophes.

    Raises DangerCuesInvalid: without the list nothing may be quoted.
    """
    return bool(_expressions(CUES).search(words_of(text)))


@cache
def _expressions(path: Path) -> re.Pattern[str]:
    """All expressions as one pattern over " word word "."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            header, rows = reader.fieldnames, list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DangerCuesInvalid(
            f"{path}: cannot be read as a CSV file in UTF-8. Restore it from the project."
        ) from error
    if list(header or []) != COLUMNS or not rows:
        raise DangerCuesInvalid(f"{path}: must have the columns {', '.join(COLUMNS)} and at least one row.")
    return re.compile(
        "|".join(_pattern(row["expression"], f"{path}, row {number}") for number, row in enumerate(rows, start=2))
    )


def _pattern(expression: str | None, where: str) -> str:
    parts = (expression or "").split("...")
    if not all(words_of(part).strip() for part in parts):
        raise DangerCuesInvalid(f"{where}: needs words, and words on both sides of '...'.")
    return " " + _BETWEEN.join(_words(part) for part in parts)


def _words(part: str) -> str:
    """'kill* me' as 'kill\\w* me ', each word with the space that ends it."""
    return "".join(
        re.escape(words_of(word).strip().replace(" ", "")) + (r"\w* " if word.endswith("*") else " ")
        for word in part.split()
    )
