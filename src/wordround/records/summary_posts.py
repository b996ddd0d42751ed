"""What the summaries of conversations count: the posts of each page, so that two approved pages can be compared.

A post is known by its id and by a keyed hash of what it counts as (`figures_key`): no text and no native id. Of the
page itself the counts are kept that it shows (`told`). All of a page that nobody has approved goes when the next one is
written. A post that is erased keeps a place without its id: that it was on the one page and not on the other is what
the rule on differences asks for.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import summary_pages, summary_posts
from wordround.settings import Settings

_AT_ONCE = 500
_ROWS_AT_ONCE = 20_000


class Counted(NamedTuple):
    """How a page counts a post; `is_contribution`: it has words of its own."""

    figures_key: str
    is_contribution: bool


@dataclass(frozen=True)
class CountedPage:
    """What a page counts, by id of the post. `least_count`: how many must differ between pages; `told`: its counts."""

    page_sha256: str
    least_count: int
    told: Mapping[str, int]
    posts: Mapping[str, Counted]


def keep(settings: Settings, conversation_id: str, page: CountedPage, approved: Collection[str]) -> None:
    """Keep what a page counts, and let go what no approved page counts; `approved`: digests of the pages that are."""
    page_sha256 = page.page_sha256
    of_conversation = summary_pages.c.conversation_id == conversation_id
    with store.writing(settings) as connection:
        is_done_with = of_conversation & summary_pages.c.page_sha256.not_in([*approved])
        old: list[int] = list(connection.scalars(sa.select(summary_pages.c.id).where(is_done_with)))
        connection.execute(sa.delete(summary_posts).where(summary_posts.c.page_id.in_(old)))
        connection.execute(sa.delete(summary_pages).where(summary_pages.c.id.in_(old)))
        if page_sha256 in approved and _page(connection, conversation_id, page_sha256) is not None:
            return
        values = {
            "at": datetime.now(UTC), "conversation_id": conversation_id, "page_sha256": page_sha256,
            "least_count": page.least_count, "told": dict(page.told),
        }  # fmt: skip
        page_id: int = connection.execute(
            sa.insert(summary_pages).values(values).returning(summary_pages.c.id)
        ).scalar_one()
        rows = [{"page_id": page_id, "comment_id": one, **counted._asdict()} for one, counted in page.posts.items()]
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            connection.execute(sa.insert(summary_posts), rows[start : start + _ROWS_AT_ONCE])


def of_page(settings: Settings, conversation_id: str, page_sha256: str) -> CountedPage | None:
    """Return what a page counts; None where it is not kept."""
    with store.reading(settings) as connection:
        page = _page(connection, conversation_id, page_sha256)
        if page is None:
            return None
        rows = connection.execute(sa.select(summary_posts).where(summary_posts.c.page_id == page.id))
        posts = {row.comment_id: Counted(row.figures_key, row.is_contribution) for row in rows}
        return CountedPage(page.page_sha256, page.least_count, page.told, posts)


def told(settings: Settings, conversation_id: str, pages: Collection[str]) -> list[dict[str, int]]:
    """Return the counts that these pages show, of those that are kept."""
    those = (summary_pages.c.conversation_id == conversation_id) & summary_pages.c.page_sha256.in_([*pages])
    with store.reading(settings) as connection:
        return list(connection.scalars(sa.select(summary_pages.c.told).where(those).order_by(summary_pages.c.id)))


def forget(settings: Settings, comment_ids: Iterable[str]) -> int:
    """Erase the ids of these comments and what they count as; return how many rows there were.

    What is left are places that are the same on all pages that had the comment alike, and lead to nothing.
    """
    if not store.is_there(settings):
        return 0
    wanted, count = sorted(set(comment_ids)), 0
    with store.writing(settings) as connection:
        for start in range(0, len(wanted), _AT_ONCE):
            is_wanted = summary_posts.c.comment_id.in_(wanted[start : start + _AT_ONCE])
            found = connection.execute(
                sa.select(summary_posts.c.comment_id, summary_posts.c.figures_key).where(is_wanted).distinct()
            ).all()
            places = {row.comment_id: secrets.token_hex(16) for row in found}
            # Known to nobody once this has ended.
            salt = secrets.token_bytes(32)
            for row in found:
                key = hashlib.blake2b(f"{row.comment_id} {row.figures_key}".encode(), digest_size=16, key=salt)
                was = (summary_posts.c.comment_id == row.comment_id) & (summary_posts.c.figures_key == row.figures_key)
                new = {"comment_id": places[row.comment_id], "figures_key": key.hexdigest()}
                count += connection.execute(sa.update(summary_posts).where(was).values(new)).rowcount
    store.leave_no_trace(settings, summary_posts)
    return count


def _page(connection: sa.Connection, conversation_id: str, page_sha256: str) -> "sa.Row[Any] | None":
    those = (summary_pages.c.conversation_id == conversation_id) & (summary_pages.c.page_sha256 == page_sha256)
    return connection.execute(sa.select(summary_pages).where(those)).one_or_none()
