"""What somebody says of a file's columns by pointing: their roles, by letters. Pure: it is checked before a file is."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from wordround.errors import ColumnMapUnusable

# What a column may be, and what its answers are asked for where it holds comments.
PLACES = ("site", "service", "team")
COMMENTS = {"comment": "nonspecific", "good": "what_good", "better": "could_improve"}
ONE_EACH = ("date", "score", *PLACES, "id", "question")
ROLES = (*ONE_EACH, *COMMENTS)
FFT_BEST = (1, 5)


class Pointed(NamedTuple):
    """What somebody says of a file's columns: roles with letters, in any order.

    best: the number that is the best score. name: what the map is called; empty where nobody has said.
    """

    roles: tuple[tuple[str, str], ...]
    best: int | None = None
    name: str = ""

    @property
    def called(self) -> str:
        """The name of the map, or one for those whose name is part of no id."""
        return self.name or "pointed"


def parse(given: Iterable[str], best: int | None, name: str | None) -> Pointed | None:
    """Return what `date=C` and the like say; None where nothing is said. Raises ColumnMapUnusable."""
    roles = []
    for each in given:
        role, _, letter = each.partition("=")
        if role not in ROLES or not letter.isascii() or not letter.isalpha():
            raise ColumnMapUnusable(f"--column: write it as date=C. What a column may be: {', '.join(ROLES)}.")
        roles.append((role, letter.upper()))
    if not roles and (best is not None or name is not None):
        raise ColumnMapUnusable("--best and --layout need --column, which says what the columns are.")
    return Pointed(tuple(roles), best, name or "") if roles else None


def checked(source: str, pointed: Pointed) -> dict[str, str]:
    """Return the role of each letter. Raises ColumnMapUnusable naming the column that is one too many."""
    by_letter: dict[str, str] = {}
    for role, letter in pointed.roles:
        if letter in by_letter:
            raise ColumnMapUnusable(f"column {letter}: is said to be two things. Leave one of them.")
        first = next((other for other, one in by_letter.items() if one == role), None)
        if first and role in ONE_EACH:
            raise ColumnMapUnusable(f"column {letter}: column {first} is the {role} already. Leave one of the two.")
        by_letter[letter] = role
    counts = Counter(by_letter.values())
    if not counts["date"]:
        raise ColumnMapUnusable("No column is said to be the date: every comment needs a day.")
    texts = sum(counts[role] for role in COMMENTS)
    if not texts:
        raise ColumnMapUnusable("No column is said to be a comment: without one there is nothing to take in.")
    if source == "fft" and not any(counts[role] for role in PLACES):
        raise ColumnMapUnusable("No column is said to be the service or the site: comments need a place.")
    letter_of = {role: letter for letter, role in by_letter.items()}
    if counts["question"] and (source != "fft" or texts > 1 or not counts["comment"]):
        raise ColumnMapUnusable(
            f"column {letter_of['question']}: a column that names the question goes with one column of comments, in "
            "files of the Friends and Family Test."
        )
    if pointed.best is not None and not counts["score"]:
        raise ColumnMapUnusable("--best: no column is said to be the score. Say which is, or leave this empty.")
    if counts["id"] and source == "file" and not pointed.name:
        raise ColumnMapUnusable(
            "--layout: say what this form of file is called, such as outpatients: its ids are told from those of other "
            "forms by that name, and the next file of this form needs the same."
        )
    if counts["score"] and (source == "file" and (pointed.best is None or pointed.best < 2)):
        raise ColumnMapUnusable(f"column {letter_of['score']}: say which number is the best, such as 5.")
    if counts["score"] and source == "fft" and pointed.best not in (None, *FFT_BEST):
        raise ColumnMapUnusable(f"column {letter_of['score']}: of scores of the test the best is 1 or 5.")
    return by_letter
