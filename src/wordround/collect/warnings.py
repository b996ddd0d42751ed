"""Warnings: what a person must know of a file that was taken, as sentences, from the counts of its manifest."""

from collections.abc import Iterator, Mapping

from wordround.collect.score_direction import CONTRADICTION
from wordround.land.row_outcomes import RowOutcomes

OLDER_ROWS = "rows_that_go_back_to_an_earlier_file"
LEFT_ROWS = "rows_left_as_a_later_file_has_them"
READ_OTHERWISE = "comments_that_read_otherwise_than_before"
LOOK_ALIKES = "ids_that_differ_from_others_in_leading_noughts_alone"

_SENTENCES = {
    READ_OTHERWISE: "{count:,} comments read otherwise after the settings changed (or Wordround was updated): they "
    "were corrected in place and count once.",
    LEFT_ROWS: "{count:,} rows were left as a later file has them, which is not in the drop folder and was read by "
    "earlier settings. Feed that file again, so that the settings of today hold for them too.",
    OLDER_ROWS: "{count:,} rows go back to what an earlier file said, and undo what a later one had corrected.",
    CONTRADICTION: "Words and scores contradict each other: {count:,} comments say the opposite of their score. If 5 "
    'is very good in this file, set score_direction = "5_is_best" in its layout and feed it again.',
    "score_number_contradicts_its_words": "{count:,} scores have a number and a wording that mean different scores; "
    'the wording was taken. Where 5 is very good, set score_direction = "5_is_best" in the layout.',
    "score_unknown": "{count:,} cells of the score say nothing that is known as a score: their comments were taken "
    "without one. Say what these wordings mean with score_words in its layout, and feed it again.",
    "score_undocumented_code": "{count:,} scores are numbers that the test does not have: their comments were taken "
    "without a score. See whether the column of the score is the right one.",
    "mode_unknown": "{count:,} forms have words in the column of the mode of collection that name none, or fit two: "
    "they count as unknown in the monthly return. Say what they mean with mode_words in its layout, and feed it again.",
    "country_is_no_country": "{count:,} rows name no country that is known in the column of the country: they count "
    "without one. Write it as a code of two letters (GB), or in English.",
    "no_place_identifier": "{count:,} rows have a person, a number or an address where their place should stand: they "
    "count without a service. Often cells have moved. A place that is called so: name it in services.csv.",
    LOOK_ALIKES: "{count:,} ids look alike: they differ from others in leading noughts alone, and were taken as ids of "
    "other rows. A spreadsheet may have removed the noughts: compare with an export that keeps them.",
}


def of_rows(rows: RowOutcomes, repeated: int, what: str = "this file") -> Iterator[str]:
    """Yield what comes first in an account: that most of the comments were there before.

    repeated: how many of the unchanged rows were there before in the same file only.
    """
    same = rows.unchanged - repeated
    known, comments = rows.updated + same, rows.updated + same + rows.loaded
    if 2 * known > comments:
        yield (
            f"Most of {what} is known already: {known:,} of {comments:,} comments were there before "
            f"({same:,} the same, {rows.updated:,} updated)."
        )


def of_notes(notes: Mapping[str, int]) -> Iterator[str]:
    """Yield the sentences for those notes of a file that need a person."""
    for note, sentence in _SENTENCES.items():
        if count := notes.get(note):
            yield sentence.format(count=count)
