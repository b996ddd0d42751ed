"""Bringing the keyed hashes of the records under a new key: ids of comments, and hashes of what was said or told."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import (
    comment_flags,
    comment_keys,
    review_items,
    rewrite_events,
    summary_pages,
    summary_posts,
)
from wordround.settings import Settings

# What goes through the keys, the ids of comments first in each table.
_HASHES = {
    "rewrites": (rewrite_events.c.comment_id,),
    "reviews": (review_items.c.comment_id, review_items.c.text_key),
    "flags": (comment_flags.c.comment_id,),
    "summaries": (summary_posts.c.comment_id, summary_posts.c.figures_key),
}


def relink(settings: Settings, relinked: Callable[[str, int], str], link_count: int, before: int) -> dict[str, int]:
    """Bring all hashes under `link_count` keys; return of how many comments there are rewrites, reviews and so on.

    relinked: gives a hash under all keys, from one and the number of keys that it is under. before: under how many they
    are where the store does not say. Does nothing where they are under so many already.
    """
    counts = dict.fromkeys(_HASHES, 0)
    if not store.is_there(settings):
        return counts
    with store.writing(settings) as connection:
        since = connection.scalar(sa.select(comment_keys.c.link_count)) or before
        if since >= link_count:
            return counts
        for name, columns in _HASHES.items():
            for column in columns:
                hashes: Sequence[str] = connection.scalars(sa.select(column).distinct()).all()
                for one in filter(None, hashes):
                    connection.execute(
                        sa.update(column.table).where(column == one).values({column.name: relinked(one, since)})
                    )
                counts[name] = counts[name] or len(hashes)
        for page in connection.execute(sa.select(summary_pages.c.id, summary_pages.c.told)).all():
            told = {relinked(one, since): count for one, count in page.told.items()}
            connection.execute(sa.update(summary_pages).where(summary_pages.c.id == page.id).values(told=told))
        connection.execute(sa.delete(comment_keys))
        connection.execute(sa.insert(comment_keys), {"link_count": link_count})
    # Who could make ids of native ids with the old key is not to find them here.
    store.leave_no_trace(settings, rewrite_events, review_items, comment_flags, summary_pages, summary_posts)
    return counts
