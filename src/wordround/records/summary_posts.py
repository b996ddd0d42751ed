"""What the summaries of conversations count: the posts of each page, so that two approved pages can be compared.

A post is known by its id and by a keyed hash of what it counts as (`figures_key`): no text and no native id. Of the
page itself the counts are kept that it shows (`told`), by keyed hashes of what they are of, which may be a title. All
of a page that nobody has approved goes when the next one is written. A post that is erased keeps a place without its
id: that it was on the one page and not on the other is what the rule on differences asks for.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
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
    """A page: how many posts must differ between it and another (`least_count`), and the counts that it tells.

    told: by keyed hashes of what they are of.
    """

    page_sha256: str
    least_count: int
    told: Mapping[str, int]


def keep(
    settings: Settings,
    conversation_id: str,
    page: CountedPage,
    posts: Iterable[tuple[str, Counted]],
    approved: Collection[str],
) -> None:
    """Keep a page and what it counts, by id of the post, and let go what no approved page counts.

    posts: in the order of their ids, which is the table's; approved: digests of the pages that are.
    """
    of_conversation = summary_pages.c.conversation_id == conversation_id
    with store.writing(settings) as connection:
        is_done_with = of_conversation & summary_pages.c.page_sha256.not_in([*approved])
        old: list[int] = list(connection.scalars(sa.select(summary_pages.c.id).where(is_done_with)))
        connection.execute(sa.delete(summary_posts).where(summary_posts.c.page_id.in_(old)))
        connection.execute(sa.delete(summary_pages).where(summary_pages.c.id.in_(old)))
        if page.page_sha256 in approved and _page(connection, conversation_id, page.page_sha256) is not None:
            return
        values = {"at": datetime.now(UTC), "conversation_id": conversation_id, **asdict(page)}
        page_id: int = connection.execute(
            sa.insert(summary_pages).values(values).returning(summary_pages.c.id)
        ).scalar_one()
        rows = ({"page_id": page_id, "comment_id": one, **counted._asdict()} for one, counted in posts)
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            connection.execute(sa.insert(summary_posts), some)


def page(settings: Settings, conversation_id: str, page_sha256: str) -> CountedPage | None:
    """Return a page; None where it is not kept."""
    with store.reading(settings) as connection:
        found = _page(connection, conversation_id, page_sha256)
        return None if found is None else CountedPage(found.page_sha256, found.least_count, found.told)


class PageName(NamedTuple):
    """What a page is known by: its conversation and its digest."""

    conversation_id: str
    page_sha256: str


class Differing(NamedTuple):
    """How many posts only one of two pages counts, or the other otherwise; of these, those with words of their own.

    shared: how many posts both count.
    """

    posts: int
    contributions: int
    shared: int


def differing(settings: Settings, one: PageName, other: PageName) -> Differing:
    """Return by how much two pages that are kept differ."""
    with store.reading(settings) as connection:
        pages = _id(connection, one), _id(connection, other)
        first, second = (summary_posts.alias(name) for name in ("first", "second"))
        counts = []
        for here, there, (page_here, page_there) in ((first, second, pages), (second, first, pages[::-1])):
            is_there = (there.c.page_id == page_there) & (there.c.comment_id == here.c.comment_id)
            is_other = (there.c.figures_key != here.c.figures_key) | (there.c.is_contribution != here.c.is_contribution)
            # What both count otherwise is counted once.
            differs = there.c.comment_id.is_(None) | is_other if here is first else there.c.comment_id.is_(None)
            has_words = here.c.is_contribution | sa.func.coalesce(there.c.is_contribution, sa.false())
            select = (
                sa.select(sa.func.count(), sa.func.count(sa.case((has_words, 1))))
                .select_from(here.outerjoin(there, is_there))
                .where((here.c.page_id == page_here) & differs)
            )
            counts.append(connection.execute(select).one())
        is_shared = (first.c.page_id == pages[0]) & (second.c.page_id == pages[1])
        both = sa.select(sa.func.count()).where(is_shared & (first.c.comment_id == second.c.comment_id))
        shared: int = connection.execute(both).scalar_one()
    posts, contributions = (sum(pair) for pair in zip(*counts, strict=True))
    return Differing(posts, contributions, shared)


def told(settings: Settings, pages: Collection[PageName]) -> list[dict[str, int]]:
    """Return the counts that these pages show, of those that are kept."""
    with store.reading(settings) as connection:
        found = (_page(connection, *each) for each in pages)
        return [each.told for each in found if each is not None]


def of_others(settings: Settings, conversation_id: str) -> list[PageName]:
    """Return the pages that are kept of other conversations."""
    columns = summary_pages.c.conversation_id, summary_pages.c.page_sha256
    select = sa.select(*columns).where(summary_pages.c.conversation_id != conversation_id).order_by(summary_pages.c.id)
    with store.reading(settings) as connection:
        return [PageName(row.conversation_id, row.page_sha256) for row in connection.execute(select)]


def sharing(settings: Settings, pages: Collection[PageName], comment_ids: Iterable[str]) -> list[PageName]:
    """Return those of these pages that count one of these posts."""
    ids = iter(comment_ids)
    with store.reading(settings) as connection:
        names = {_id(connection, each): each for each in pages}
        found: set[int] = set()
        while len(found) < len(names) and (some := list(islice(ids, _AT_ONCE))):
            # By page: the table is in the order of page and post.
            is_one = summary_posts.c.page_id.in_(names.keys() - found) & summary_posts.c.comment_id.in_(some)
            found.update(connection.scalars(sa.select(summary_posts.c.page_id).where(is_one).distinct()))
    return [name for page_id, name in names.items() if page_id in found]


def forget(settings: Settings, comment_ids: Iterable[str]) -> int:
    """Erase the ids of these comments and what they count as; return how many rows there were.

    What is left are places that are the same on all pages that had the comment alike, and lead to nothing.
    """
    if not store.is_there(settings):
        return 0
    wanted, count = sorted(set(comment_ids)), 0
    with store.writing(settings) as connection:
        pages: list[int] = list(connection.scalars(sa.select(summary_pages.c.id)))
        for start in range(0, len(wanted), _AT_ONCE):
            # By page: the table is in the order of page and post.
            is_wanted = summary_posts.c.page_id.in_(pages) & summary_posts.c.comment_id.in_(
                wanted[start : start + _AT_ONCE]
            )
            found = connection.execute(
                sa.select(summary_posts.c.comment_id, summary_posts.c.figures_key).where(is_wanted).distinct()
            ).all()
            places = {row.comment_id: secrets.token_hex(16) for row in found}
            # Known to nobody once this has ended.
            salt = secrets.token_bytes(32)
            for row in found:
                key = hashlib.blake2b(f"{row.comment_id} {row.figures_key}".encode(), digest_size=16, key=salt)
                was = (
                    summary_posts.c.page_id.in_(pages)
                    & (summary_posts.c.comment_id == row.comment_id)
                    & (summary_posts.c.figures_key == row.figures_key)
                )
                new = {"comment_id": places[row.comment_id], "figures_key": key.hexdigest()}
                count += connection.execute(sa.update(summary_posts).where(was).values(new)).rowcount
    store.leave_no_trace(settings, summary_posts)
    return count


def _page(connection: sa.Connection, conversation_id: str, page_sha256: str) -> "sa.Row[Any] | None":
    those = (summary_pages.c.conversation_id == conversation_id) & (summary_pages.c.page_sha256 == page_sha256)
    return connection.execute(sa.select(summary_pages).where(those)).one_or_none()


def _id(connection: sa.Connection, name: PageName) -> int:
    found = _page(connection, *name)
    assert found is not None, "only pages that are kept are compared"  # noqa: S101
    page_id: int = found.id
    return page_id
