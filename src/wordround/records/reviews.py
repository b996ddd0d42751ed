"""Reviews: which comments were drawn to be coded by people, and what each person said of them. Never their words.

A comment is known here by its id and by a keyed hash of its words (`text_key`), so that a code is not taken for one of
words that were edited since. Both follow a rotation of the key; all about a comment goes with its erasure.

Beside the comments that chance drew, a sample has those that somebody had flagged (comment_flags.py). Those say nothing
of all comments, and count in no figure that does, until chance draws them in a later sample.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from wordround.records import store
from wordround.records.tables import comment_flags, review_codes, review_items, review_samples
from wordround.settings import Settings

# The coder of what was settled after a disagreement; nobody else may be called so.
SETTLED = "settled"
_AT_ONCE = 500


@dataclass(frozen=True)
class Stratum:
    """A part of the population that is drawn from by itself: how many `comments` it has, and how many were `drawn`.

    What it is not divided by is None: source with question, the model's class, its confidence, the service.
    is_flagged: it is not of the population, but of the comments that somebody had flagged.
    """

    listing: str | None
    sentiment_class: str | None
    band: str | None
    service_id: str | None
    comments: int
    drawn: int
    is_flagged: bool = False


@dataclass(frozen=True)
class Sample:
    """A sample that was drawn; `by`: a role or initials, where somebody gave them."""

    sample_id: int
    at: datetime
    by: str | None
    seed: int
    coders: tuple[str, ...]
    strata: tuple[Stratum, ...]

    @property
    def flagged_count(self) -> int:
        """How many of its comments are in it because somebody had flagged them."""
        return sum(stratum.drawn for stratum in self.strata if stratum.is_flagged)


@dataclass(frozen=True)
class Item:
    """A comment of a sample. `stratum`: its place among the sample's; `weight`: how many comments it stands for.

    by_chance: chance drew it, here or in a later sample; else it was flagged, and stands for none.
    """

    item: int
    comment_id: str
    text_key: str
    stratum: int
    weight: float
    by_chance: bool = True


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
    """An item with its sample's id and the codes that it has, by coder, each with the moment when it was given.

    chance_sample_id: the sample in which chance drew it; None where none did.
    """

    sample_id: int
    item: Item
    codes: Mapping[str, Code]
    at: datetime
    chance_sample_id: int | None


def add_sample(
    settings: Settings,
    by: str | None,
    seed: int,
    coders: Sequence[str],
    strata: Sequence[Stratum],
    items: Sequence[Item],
    drawn_again: Mapping[str, float] | None = None,
) -> int:
    """Store a sample with its items, all or none; return its id. Flags of its comments are done.

    drawn_again: comments that are coded in an earlier sample because they were flagged, and that chance has drawn now:
    they count in this one, each for as many as it says.
    """
    values = {
        "at": datetime.now(UTC), "by": by, "seed": seed, "coders": list(coders),
        "strata": [asdict(stratum) for stratum in strata],
    }  # fmt: skip
    with store.writing(settings) as connection:
        sample_id: int = connection.execute(
            sa.insert(review_samples).values(values).returning(review_samples.c.id)
        ).scalar_one()
        connection.execute(sa.insert(review_items), [_row(sample_id, item) for item in items])
        for comment_id, weight in (drawn_again or {}).items():
            is_drawn = (review_items.c.comment_id == comment_id) & review_items.c.chance_sample_id.is_(None)
            counts = {"chance_sample_id": sample_id, "chance_weight": weight}
            connection.execute(sa.update(review_items).where(is_drawn).values(counts))
        of_sample = sa.select(review_items.c.comment_id).where(review_items.c.sample_id == sample_id)
        waits = comment_flags.c.sample_id.is_(None) & comment_flags.c.comment_id.in_(of_sample)
        connection.execute(sa.update(comment_flags).where(waits).values(sample_id=sample_id))
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


def drawn_for_flags_alone(settings: Settings) -> set[str]:
    """Return the ids of those that are in a sample only because they were flagged: chance may still draw them."""
    select = sa.select(review_items.c.comment_id).where(review_items.c.chance_sample_id.is_(None))
    with store.reading(settings) as connection:
        return set(connection.scalars(select))


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
    found: dict[tuple[int, int], tuple[Item, dict[str, Code], datetime, int | None]] = {}
    for row in rows:
        item, codes, at, chance = found.get((row.sample_id, row.item)) or (_item(row), {}, row.at, row.chance_sample_id)
        codes[row.coder] = _code(row)
        found[row.sample_id, row.item] = item, codes, max(at, row.at), chance
    return [CodedItem(sample_id, *parts) for (sample_id, _), parts in found.items()]


def replace(settings: Settings, codes: Mapping[tuple[int, int, str], Code | None]) -> None:
    """Put codes in the place of those that there are, by sample, item and coder. All or none.

    None takes one away, and then what is gone is in no byte afterwards.
    """
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
    if None in codes.values():
        store.leave_no_trace(settings, review_codes)


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
    weight = row.chance_weight or 0.0
    return Item(row.item, row.comment_id, row.text_key, row.stratum, weight, row.chance_sample_id is not None)


def _row(sample_id: int, item: Item) -> dict[str, object]:
    """Return the row of a new item."""
    row = asdict(item)
    by_chance = row.pop("by_chance")
    chance = {"chance_sample_id": sample_id, "chance_weight": item.weight} if by_chance else {}
    empty: dict[str, object] = {"chance_sample_id": None, "chance_weight": None}
    return {"sample_id": sample_id, **row, **empty, **chance}


def _code(row: sa.Row) -> Code:  # type: ignore[type-arg]
    return Code(row.sentiment, tuple(ThemeCode(**theme) for theme in row.themes))
