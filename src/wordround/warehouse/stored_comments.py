"""The comments of the warehouse, for callers outside it; none where there is no warehouse yet."""

from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa

from wordround.comments import COUNTS
from wordround.settings import Settings
from wordround.warehouse.engine import connect, is_there


def count(settings: Settings) -> int:
    """Return how many rows there are: comments, blank answers and reposts."""
    if not is_there(settings):
        return 0
    with connect(settings) as connection:
        (rows,) = connection.execute("select count(*) from raw.comments").fetchone() or (0,)
    return int(rows)


def among(settings: Settings, comment_ids: Iterable[str]) -> set[str]:
    """Return those of the ids that are there."""
    wanted = pa.table({"comment_id": pa.array(sorted(comment_ids), pa.string())})
    if not is_there(settings):
        return set()
    with connect(settings) as connection:
        connection.register("wanted", wanted)
        rows = connection.execute("select comment_id from raw.comments semi join wanted using (comment_id)").fetchall()
    return {one for (one,) in rows}


class State(NamedTuple):
    """What is known of a stored comment beside its words. `counts`: in the order of comments.COUNTS."""

    content_hash: str
    counts: tuple[int | None, ...]
    query_id: str | None
    author_role: str | None
    is_text_expired: bool
    site_code: str | None
    locations: tuple[str, ...]
    language: str | None


def states(settings: Settings, source: str) -> dict[str, State]:
    """Return the state of each comment of a source by its id."""
    if not is_there(settings):
        return {}
    with connect(settings) as connection:
        rows = connection.execute(
            f"""select comment_id, content_hash, [{", ".join(COUNTS)}], query_id, author_role,
                coalesce(is_text_expired, false), site_code, [location_1, location_2, location_3], language
            from raw.comments where source = ?""",
            [source],
        ).fetchall()
    return {
        comment_id: State(
            content, tuple(counts), query_id, role, is_expired, site, tuple(filter(None, places)), language
        )
        for comment_id, content, counts, query_id, role, is_expired, site, places, language in rows
    }


def kinds(settings: Settings, source: str) -> dict[str, str]:
    """Return the kind (comments.Kind) of each comment of a source by its id."""
    if not is_there(settings):
        return {}
    with connect(settings) as connection:
        rows = connection.execute("select comment_id, kind from raw.comments where source = ?", [source]).fetchall()
    return dict(rows)


def loaded_batches(settings: Settings) -> set[str]:
    """Return the ids of the batches that the warehouse has taken."""
    if not is_there(settings):
        return set()
    with connect(settings) as connection:
        return {one for (one,) in connection.execute("select batch_id from ops.batches").fetchall()}


def of_source(settings: Settings, source: str) -> set[str]:
    """Return the ids of a source's comments."""
    if not is_there(settings):
        return set()
    with connect(settings) as connection:
        rows = connection.execute("select comment_id from raw.comments where source = ?", [source]).fetchall()
    return {one for (one,) in rows}
