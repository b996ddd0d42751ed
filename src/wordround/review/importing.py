"""Taking in filled sheets: codes go to the records, each row is accounted for, and coders are compared.

A coder's row that comes again replaces that row's earlier code; one that is empty now takes it away; one that is
refused leaves it. `rows = new + changed + unchanged + withdrawn + empty + repeated + refused`, of each file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wordround.access import private
from wordround.coding.agreement import Agreed, agreed
from wordround.coding.choices import choices
from wordround.coding.settling import by_several, settled
from wordround.errors import WordroundError
from wordround.outcomes import Outcome
from wordround.records import reviews, roles
from wordround.records.reviews import SETTLED, Code, Item, Sample
from wordround.review import filled
from wordround.review.filled import FilledRow, Refused
from wordround.settings import Settings

Key = tuple[int, int, str]


class FileAccount(Outcome):
    """What became of each row of a file."""

    file: str
    rows: int
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    empty: int = 0
    repeated: int = 0
    refused: int = 0


class Imported(Outcome):
    """What was taken in, and where each sample that was touched stands. `refused`: rows and files, with what to do."""

    files: tuple[FileAccount, ...]
    samples: tuple["SampleState", ...]
    refused: tuple[str, ...]


class SampleState(Outcome):
    """How far a sample is: comments that are `coded` by two, `settled`, to `discuss`; and how far its coders agree."""

    sample: int
    comments: int
    coded: int
    settled: int
    discuss: int
    agreement: Agreed | None


@dataclass
class _Taking:
    """What the rows read so far say, and what became of them."""

    samples: Mapping[int, Sample]
    items: Mapping[tuple[int, int], Item]
    standing: Mapping[Key, Code]
    read: dict[Key, Code | None] = field(default_factory=dict)
    contradicted: set[Key] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)


@private()
def take(settings: Settings, files: Sequence[Path]) -> Imported:
    """Take filled sheets in. Raises ReviewRefused, FileUnreadable where no file can be used at all."""
    known = choices()
    standing = {
        (each.sample_id, each.item.item, coder): code
        for each in reviews.coded(settings)
        for coder, code in each.codes.items()
    }
    taking = _Taking(reviews.samples(settings), reviews.items(settings), standing)
    rows: dict[Path, list[FilledRow | Refused]] = {}
    stopped: list[WordroundError] = []
    for path in dict.fromkeys(files):
        try:
            rows[path] = list(filled.read(path, known))
        except WordroundError as error:
            stopped.append(error)
            taking.refused.append(str(error))
    if not rows and stopped:
        raise stopped[0]
    _find_contradictions(taking, rows)
    accounts = tuple(_account(taking, path, each) for path, each in rows.items())
    # What is as it was stays as it was: the moment of a code is that of its last change.
    changed = {key: code for key, code in taking.read.items() if standing.get(key) != code}
    if changed:
        reviews.replace(settings, changed)
    touched = sorted({sample_id for sample_id, _, _ in taking.read})
    return Imported(files=accounts, samples=states(settings, touched), refused=tuple(taking.refused))


def states(settings: Settings, sample_ids: Sequence[int]) -> tuple[SampleState, ...]:
    """Return where samples stand."""
    samples, items = reviews.samples(settings), reviews.items(settings)
    coded = reviews.coded(settings)
    found = []
    for sample_id in sample_ids:
        of_sample = [each for each in coded if each.sample_id == sample_id]
        outcomes = [outcome for each in of_sample if (outcome := settled(each.codes)) is not None]
        several = by_several(of_sample)
        found.append(
            SampleState(
                sample=sample_id,
                comments=sum(sample == sample_id for sample, _ in items),
                coded=len(outcomes),
                settled=sum(outcome.is_whole for outcome in outcomes),
                discuss=sum(not outcome.is_whole for outcome in outcomes),
                agreement=agreed(samples[sample_id].coders, several) if several else None,
            )
        )
    return tuple(found)


def _find_contradictions(taking: _Taking, rows: Mapping[Path, Sequence[FilledRow | Refused]]) -> None:
    """Find the rows that stand there twice and say two things: of these none is taken."""
    seen: dict[Key, Code | None] = {}
    for each in rows.values():
        for row in each:
            if isinstance(row, FilledRow) and (key := _key(taking, row)):
                if key in seen and seen[key] != row.code:
                    taking.contradicted.add(key)
                seen.setdefault(key, row.code)


def _account(taking: _Taking, path: Path, rows: Sequence[FilledRow | Refused]) -> FileAccount:
    counts = dict.fromkeys(("new", "changed", "unchanged", "withdrawn", "empty", "repeated", "refused"), 0)
    for row in rows:
        outcome = _take_row(taking, row)
        if outcome not in counts:
            taking.refused.append(f"{path.name}: {outcome}")
            outcome = "refused"
        counts[outcome] += 1
    return FileAccount(file=path.name, rows=len(rows), **counts)


def _take_row(taking: _Taking, row: FilledRow | Refused) -> str:
    """Take a row; return what became of it, or what to do."""
    if isinstance(row, Refused):
        return row.says
    if (row.sample_id, row.item) not in taking.items:
        return (
            f"row {row.number}: column row: is no comment of a sample here: of another home, or erased since. "
            "Delete the row."
        )
    if (key := _key(taking, row)) is None:
        return f"row {row.number}: column coder: is no coder of this sample; it must stay as it was."
    if key in taking.contradicted:
        return f"row {row.number}: column row: stands here several times with different codes; leave one."
    if key in taking.read:
        return "repeated"
    before, code = taking.standing.get(key), row.code
    if key[2] == SETTLED and not row.is_settled:
        # A sheet to discuss holds in advance what the coders agree on.
        code = None
    if code is None and before is None:
        return "empty"
    taking.read[key] = code
    if before is None:
        return "new"
    return "withdrawn" if code is None else "unchanged" if before == code else "changed"


def _key(taking: _Taking, row: FilledRow) -> Key | None:
    """Return the place of a row's code, by the name that its coder was given; None where the sample has no such."""
    sample = taking.samples.get(row.sample_id)
    names = (*sample.coders, SETTLED) if sample else ()
    coder = next((name for name in names if roles.is_same(name, row.coder)), None)
    return None if coder is None else (row.sample_id, row.item, coder)
