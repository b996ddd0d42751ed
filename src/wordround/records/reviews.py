"""Reviews: which comments were drawn to be coded by people, and what each person said of them. Never their words.

A comment is known here by its id and by a keyed hash of its words (`text_key`), so that a code is not taken for one of
words that were edited since. Both follow a rotation of the key; all about a comment goes with its erasure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import review_codes, review_items, review_samples
from wordround.settings import Settings

# The coder of what was settled after a disagreement; nobody else may be called so.
SETTLED = "settled"
_AT_ONCE = 500


@dataclass(frozen=True)
class Stratum:
    """A part of the population that is drawn from by itself: how many `comments` it has, and how many were `drawn`.

    What it is not divided by is None: source with question, the model's class, its confidence, the service.
    """

    listing: str | None
    sentiment_class: str | None
    band: str | None
    service_id: str | None
    comments: int
    drawn: int


@dataclass(frozen=True)
class Sample:
    """A sample that was drawn; `by`: a role or initials, where somebody gave them."""

    sample_id: int
    at: datetime
    by: str | None
    seed: int
    coders: tuple[str, ...]
    strata: tuple[Stratum, ...]


@dataclass(frozen=True)
class Item:
    """A comment of a sample. `stratum`: its place among the sample's; `weight`: how many comments it stands for."""

    item: int
    comment_id: str
    text_key: str
    stratum: int
    weight: float


@dataclass(frozen=True, order=True)
class ThemeCode:
    """A theme that somebody found in a comment; `polarity` is None where none was given."""

    frame: str
    label: str
    polarity: str | None = None


@dataclass(frozen=True)
class Code:
    """What one coder said of one comment. `sentiment`: a grade, or None where it cannot be said."""

    sentiment: str | None
    themes: tuple[ThemeCode, ...] = ()


@dataclass(frozen=True)
class CodedItem:
    """An item with its sample's id and the codes that it has, by coder, each with the moment when it was given."""

    sample_id: int
    item: Item
    codes: Mapping[str, Code]
    at: datetime


def add_sample(
    settings: Settings,
    by: str | None,
    seed: int,
    coders: Sequence[str],
    strata: Sequence[Stratum],
    items: Sequence[Item],
) -> int:
    """Store a sample with its items, all or none; return its id."""
    values = {
        "at": datetime.now(UTC), "by": by, "seed": seed, "coders": list(coders),
        "strata": [asdict(stratum) for stratum in strata],
    }  # fmt: skip
    with store.writing(settings) as connection:
        sample_id: int = connection.execute(
            sa.insert(review_samples).values(values).returning(review_samples.c.id)
        ).scalar_one()
        connection.execute(sa.insert(review_items), [{"sample_id": sample_id, **asdict(item)} for item in items])
    return sample_id


def samples(settings: Settings) -> dict[int, Sample]:
    """Return all samples by id."""
    with store.reading(settings) as connection:
        rows = connection.execute(sa.select(review_samples).order_by(review_samples.c.id)).all()
    return {
        row.id: Sample(
            row.id, row.at, row.by, row.seed, tuple(row.coders), tuple(Stratum(**each) for each in row.strata)
        )
        for row in rows
    }


def drawn_comments(settings: Settings) -> set[str]:
    """Return the ids of all comments that are in a sample."""
    with store.reading(settings) as connection:
        return set(connection.scalars(sa.select(review_items.c.comment_id)))


def items(settings: Settings) -> dict[tuple[int, int], Item]:
    """Return all items by sample and number, in order."""
    with store.reading(settings) as connection:
        rows = connection.execute(sa.select(review_items).order_by(*review_items.primary_key)).all()
    return {(row.sample_id, row.item): _item(row) for row in rows}


def coded(settings: Settings) -> list[CodedItem]:
    """Return the items that have any code, in order."""
    select = (
        sa.select(
            review_items, review_codes.c.coder, review_codes.c.at, review_codes.c.sentiment, review_codes.c.themes
        )
        .join(
            review_codes,
            sa.and_(review_codes.c.sample_id == review_items.c.sample_id, review_codes.c.item == review_items.c.item),
        )
        .order_by(review_items.c.sample_id, review_items.c.item, review_codes.c.coder)
    )
    with store.reading(settings) as connection:
        rows = connection.execute(select).all()
    found: dict[tuple[int, int], tuple[Item, dict[str, Code], datetime]] = {}
    for row in rows:
        item, codes, at = found.get((row.sample_id, row.item)) or (_item(row), {}, row.at)
        codes[row.coder] = _code(row)
        found[row.sample_id, row.item] = item, codes, max(at, row.at)
    return [CodedItem(sample_id, *parts) for (sample_id, _), parts in found.items()]


def replace(settings: Settings, codes: Mapping[tuple[int, int, str], Code | None]) -> None:
    """Put codes in the place of those that there are, by sample, item and coder; None takes one away. All or none."""
    at = datetime.now(UTC)
    rows = [
        {
            "sample_id": sample_id, "item": item, "coder": coder, "at": at,
            "sentiment": code.sentiment, "themes": [asdict(theme) for theme in code.themes],
        }
        for (sample_id, item, coder), code in codes.items()
        if code is not None
    ]  # fmt: skip
    keys = list(codes)
    columns = sa.tuple_(review_codes.c.sample_id, review_codes.c.item, review_codes.c.coder)
    with store.writing(settings) as connection:
        for start in range(0, len(keys), _AT_ONCE):
            connection.execute(sa.delete(review_codes).where(columns.in_(keys[start : start + _AT_ONCE])))
        if rows:
            connection.execute(sa.insert(review_codes), rows)


def forget(settings: Settings, comment_ids: Iterable[str]) -> int:
    """Erase all about these comments; return how many items of samples there were.

    Deleted rows are in no byte afterwards, also where an earlier call was cut short after deleting.
    """
    if not store.is_there(settings):
        return 0
    wanted, count = sorted(set(comment_ids)), 0
    with store.writing(settings) as connection:
        for start in range(0, len(wanted), _AT_ONCE):
            is_wanted = review_items.c.comment_id.in_(wanted[start : start + _AT_ONCE])
            count += connection.execute(sa.delete(review_items).where(is_wanted)).rowcount
    store.leave_no_trace(settings, review_codes, review_items)
    return count


def forget_words(settings: Settings, comment_ids: Iterable[str]) -> None:
    """Remove the keyed hashes of what these comments said; their codes stay, as other figures of them do."""
    wanted = sorted(drawn_comments(settings) & set(comment_ids))
    if not wanted:
        return
    with store.writing(settings) as connection:
        for start in range(0, len(wanted), _AT_ONCE):
            is_wanted = review_items.c.comment_id.in_(wanted[start : start + _AT_ONCE])
            connection.execute(sa.update(review_items).where(is_wanted).values(text_key=""))
    store.leave_no_trace(settings, review_items)


def _item(row: sa.Row) -> Item:  # type: ignore[type-arg]
    return Item(row.item, row.comment_id, row.text_key, row.stratum, row.weight)


def _code(row: sa.Row) -> Code:  # type: ignore[type-arg]
    return Code(row.sentiment, tuple(ThemeCode(**theme) for theme in row.themes))
