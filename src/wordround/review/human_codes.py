"""Human codes for the marts: what is settled in the records, of comments that still say what was coded.

Settled codes win over the model's: a code is of its comment, and of no other comment in the same words. How well the
model does by them is measured at the same time, for the report.
"""

import logging

import pyarrow as pa

from wordround.coding.choices import Choices, choices
from wordround.coding.settling import Settled, settled
from wordround.errors import RecordsFailed
from wordround.outcomes import Outcome
from wordround.records import comment_flags, reviews
from wordround.records.reviews import CodedItem
from wordround.review.unedited import words_of
from wordround.settings import Settings
from wordround.warehouse import human_codes, reviewing


class HumanCodes(Outcome):
    """How many comments people's codes are of, and of how many they changed since the step before.

    None where the records could not be reached: then the codes stay as they were.
    """

    comments: int | None
    changed: int


log = logging.getLogger(__name__)


def bring_up_to_date(settings: Settings) -> HumanCodes:
    """Bring the codes of the records into the warehouse; those of words that were edited since are let go."""
    try:
        return _bring(settings, reviews.coded(settings))
    except RecordsFailed as error:
        # A server of records that is down keeps no comment from being understood.
        log.error("%s: %s", type(error).__name__, error)
        return HumanCodes(comments=None, changed=0)


def _bring(settings: Settings, coded: list[CodedItem]) -> HumanCodes:
    current = words_of(settings, coded) if coded else {}
    ids = {each.item.comment_id for each in coded}
    if edited := reviewing.words(settings, ids).keys() - current.keys() if ids else set():
        reviews.forget(settings, edited)
        comment_flags.forget(settings, edited)
    rows, known = [], choices()
    for each in coded:
        outcome = settled(each.codes)
        if outcome is None or each.item.comment_id not in current:
            continue
        if outcome.sentiment is not None or outcome.themes is not None:
            rows.append(
                {
                    "comment_id": each.item.comment_id,
                    "sentiment": outcome.sentiment,
                    "sentiment_class": outcome.sentiment_class,
                    "themes": None if outcome.themes is None else _themes(outcome, known),
                    "coded_at": each.at,
                }
            )
    table = pa.Table.from_pylist(rows, schema=human_codes.SCHEMA)
    changed = human_codes.replace(settings, table)
    reading = None
    if rows:
        # Reads its libraries in for more than a second, which nobody waits for who codes nothing.
        from wordround.review import accuracy

        reading = accuracy.reading(settings)
    human_codes.replace_reading(settings, reading)
    return HumanCodes(comments=len(rows), changed=changed)


def _themes(outcome: Settled, known: Choices) -> list[dict[str, object]]:
    """Return the themes as annotations have them; those that no frame has any more are left out.

    Where nobody said how a theme is spoken of, it is spoken of as the whole comment sounds.
    """
    found = ((known.code(theme.frame, theme.label), theme.polarity) for theme in outcome.themes or ())
    whole = outcome.sentiment_class or "neutral"
    return [
        {"theme_code": code, "probability": 1.0, "polarity": polarity or whole, "words": []}
        for code, polarity in found
        if code is not None
    ]
