"""What the model of comments read of each source of late, beside what it usually reads, as the latest build has it."""

from datetime import date
from typing import NamedTuple

import duckdb


class ModelWeek(NamedTuple):
    """The latest week of a source (`all`: of all sources) that could be judged, or else its latest week.

    Shares are from 0 to 1; what is usual is None where the week could not be judged. `jumps`: what jumped, in words.
    """

    source: str
    week_date: date
    comment_count: int
    is_judged: bool
    unknown_words: float | None
    usual_unknown_words: float | None
    sureness: float
    usual_sureness: float | None
    unlabelled: float
    usual_unlabelled: float | None
    reference_distance: float | None
    usual_distance: float | None
    jumps: list[str]


def model_weeks(connection: duckdb.DuckDBPyConnection) -> list[ModelWeek]:
    """Return a week for each source, all of them first; none before a build that makes them."""
    try:
        rows = connection.execute(
            """select
                   coalesce(source_code, 'all'), week_date, comment_count, is_judged,
                   mean_unknown_word_share, case when is_judged then usual_mean_unknown_word_share end,
                   mean_probability, case when is_judged then usual_mean_probability end,
                   unlabelled_share, case when is_judged then usual_unlabelled_share end,
                   reference_label_distance, case when is_judged then usual_label_distance end,
                   list_filter(
                       [
                           case when unknown_word_jumps then 'words that the model does not know' end,
                           case when probability_jumps then 'how sure the model is' end,
                           case when unlabelled_jumps then 'comments without a theme' end
                       ],
                       lambda jump: jump is not null
                   )
               from marts.fct_model_weeks
               where service_id is null
               qualify row_number() over (partition by series_id order by is_judged desc, week_date desc) = 1
               order by source_code nulls first"""
        ).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return []
    return [ModelWeek(*row) for row in rows]
