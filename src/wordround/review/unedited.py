"""Whether a comment still says what was coded: its words are known by a keyed hash, until they expire."""

from collections.abc import Iterable

from wordround.identity.pseudonyms import pseudonymiser
from wordround.records.reviews import CodedItem
from wordround.settings import Settings
from wordround.warehouse import reviewing
from wordround.warehouse.reviewing import Words


def words_of(settings: Settings, coded: Iterable[CodedItem]) -> dict[str, Words]:
    """Return the words of the comments that are there and say what they said when they were drawn, by id.

    A comment whose text has expired cannot be edited: it counts as it was, without words.
    """
    items = {each.item.comment_id: each.item for each in coded}
    there = reviewing.words(settings, items)
    keys = pseudonymiser(settings)
    return {
        comment_id: found
        for comment_id, found in there.items()
        if found.is_expired or (found.text_id and keys.pseudonym("words", found.text_id) == items[comment_id].text_key)
    }
