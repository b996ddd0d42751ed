"""What coders have to discuss: a sheet with the words and both codes of each comment that is not settled.

What they agree on stands there already. A row counts once its column `settled` says yes; the sheet is taken in like
the coders' own.
"""

from pathlib import Path

from wordround.access import private
from wordround.coding.choices import Choices, choices, in_words
from wordround.coding.settling import Settled, settled
from wordround.deidentify import deidentify
from wordround.errors import NothingToReview, ReviewRefused
from wordround.outcomes import Outcome
from wordround.records import reviews
from wordround.records.reviews import SETTLED, Code, CodedItem
from wordround.review import sheets
from wordround.review.drawing import KNOWN, asked_in_words
from wordround.review.sheets import Line
from wordround.review.unedited import words_of
from wordround.settings import Settings
from wordround.warehouse.reviewing import Words


class Disagreements(Outcome):
    """How many comments of a sample are to be discussed, and how many of them have no words to show any more."""

    sample: int
    comments: int
    without_words: int
    file: str


@private()
def write(settings: Settings, out: Path, sample_id: int | None = None) -> Disagreements:
    """Write the disagreements of a sample, the latest one without its id. Raises NothingToReview, ReviewRefused."""
    sheets.require_format(out)
    samples = reviews.samples(settings)
    if sample_id is not None and sample_id not in samples:
        raise ReviewRefused("--sample: there is no such sample. `wordround review sample` said its number.")
    coded = [each for each in reviews.coded(settings) if sample_id is None or each.sample_id == sample_id]
    if not coded:
        raise NothingToReview("Nothing is coded yet. `wordround review import` takes filled sheets in.")
    chosen = sample_id or max(each.sample_id for each in coded)
    waiting = [
        (each, outcome)
        for each in coded
        if each.sample_id == chosen and (outcome := settled(each.codes)) and not outcome.is_whole
    ]
    if out.exists():
        raise ReviewRefused(f"{out.name}: is there already, and may hold codes. Name another file.")
    words = words_of(settings, [each for each, _ in waiting])
    known, coders = choices(), samples[chosen].coders
    lines = [
        line
        for each, outcome in waiting
        if (word := words.get(each.item.comment_id)) and (line := _line(each, outcome, word, coders, known))
    ]
    by_coders = [f"{coder}: {what}" for coder in coders for what in ("sentiment", "themes")]
    sheets.write(out, (*KNOWN, *by_coders), (*sheets.TO_FILL, sheets.SETTLED), lines, known)
    return Disagreements(sample=chosen, comments=len(waiting), without_words=len(waiting) - len(lines), file=str(out))


def _line(each: CodedItem, outcome: Settled, word: Words, coders: tuple[str, ...], known: Choices) -> Line | None:
    """Return the row of a comment; None where there are no words that may be shown."""
    # As at drawing: recognisers may have learned since.
    if word.text is None or (again := deidentify(word.text)).withheld:
        return None
    asked = asked_in_words(word.question_type or "text")
    said = [part for coder in coders for part in _said(each.codes.get(coder), known)]
    cells = (sheets.row_name(each.sample_id, each.item.item), SETTLED, asked, again.text, *said)
    return Line(cells, _agreed(outcome, known))


def _said(code: Code | None, known: Choices) -> tuple[str, str]:
    if code is None:
        return "not coded", ""
    if code.sentiment is None:
        return sheets.CANNOT_SAY, ""
    themes = (
        f"{known.shown(theme.frame, theme.label)}{f' ({theme.polarity})' if theme.polarity else ''}"
        for theme in code.themes
    )
    return in_words(code.sentiment), "; ".join(themes)


def _agreed(outcome: Settled, known: Choices) -> dict[str, str]:
    filled = {sheets.SENTIMENT: in_words(outcome.sentiment)} if outcome.sentiment else {}
    for number, theme in enumerate((outcome.themes or ())[: sheets.MOST_THEMES]):
        filled[sheets.THEMES[number]] = known.shown(theme.frame, theme.label)
        filled[sheets.POLARITIES[number]] = theme.polarity or ""
    return filled
