"""Withdrawals: comments that were deleted at their source, or taken back by their author, are erased here too.

A trust lists withdrawn rows of its files in `withdrawn/` inside the drop folder: tables of one column of row ids, under
the name that the layout gives it. A list is removed once it is carried out. A source that can be asked is asked about
every locator of the vault; its answers from before a failure are carried out, and what they show of the posts that are
still there is taken too (updates.py). A source with neither is skipped.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from wordround import erasing
from wordround.collect.files import WITHDRAWN, block_of, connector_of
from wordround.collect.locking import source_lock
from wordround.collect.spending import Ledger
from wordround.collect.words import public_name, shown
from wordround.comments import Comment
from wordround.connectors import registry
from wordround.connectors.asking.contract import Connector, comments_of
from wordround.connectors.asking.driver import FAILURES, Driver
from wordround.connectors.asking.fetching import Fetcher
from wordround.connectors.blocks import AskedSource
from wordround.connectors.files.cells import written
from wordround.connectors.files.reading import read_table
from wordround.connectors.files.settings import sources_of_tables
from wordround.erasing import drop_folders, updates
from wordround.errors import BudgetSpent, CredentialMissing, ErasedMeanwhile, FileUnreadable, UnexpectedColumns
from wordround.identity import vault_opening
from wordround.identity.pseudonyms import pseudonymiser
from wordround.plain_text import one_line
from wordround.settings import Settings
from wordround.warehouse import stored_comments

# Fewer posts than this may well all be gone.
_TOO_MANY = 20

CredentialsOf = Callable[[str], Mapping[str, str]]


def honour(settings: Settings, source: str, credentials_of: CredentialsOf) -> dict[str, Any]:
    """Erase what was withdrawn at one source, after an erasure that was cut short is finished.

    A list that cannot be read is named in `refused`, nothing of it is erased, and the others go on. Raises
    AlreadyCollected where another run does not end its check.
    """
    finished = erasing.resume(settings)
    outcome: dict[str, Any] = {"source": source, "finished_earlier": len(finished), "withdrawn": 0, "comments": 0}
    outcome["refused"] = []
    if source in sources_of_tables(settings.sources):
        outcome |= _from_files(settings, source)
        # An erased comment may have come again with yesterday's file.
        outcome["refused"] += drop_folders.remove_erased_originals(settings)[1]
        return outcome
    kind = registry.connector(source)
    if kind is None or not kind.terms.needs_locator:
        return outcome | {"asked": "not asked: this source has nobody to ask"}
    with source_lock(settings, source, "check"):
        return _check(settings, source, kind, credentials_of, outcome)


def _check(
    settings: Settings, source: str, kind: type[Connector], credentials_of: CredentialsOf, outcome: dict[str, Any]
) -> dict[str, Any]:
    """Ask a source about every locator; erase what is gone there, and take over what has changed."""
    native_ids = sorted({locator.native_id for locator in vault_opening.locators(settings, source)})
    gone, failures, notes, there = set[str](), list[str](), list[str](), list[Comment]()
    if native_ids:
        gone, failures, notes = _ask(settings, source, kind, native_ids, credentials_of, there)
    try:
        erased = _erase(settings, source, tuple(sorted(gone)))
        try:
            erased |= updates.take(settings, source, [comment for comment in there if comment.native_id not in gone])
        except ErasedMeanwhile as error:
            notes.append(f"ErasedMeanwhile: {error}")
    finally:
        # Whatever else could not be done: what is no longer said goes the same night.
        updates.forget_earlier(settings, source)
    erased["refused"] = [*outcome["refused"], *erased.get("refused", []), *failures]
    return outcome | {"asked": "asked", "asked_about": len(native_ids), "notes": notes} | erased


def _ask(
    settings: Settings,
    source: str,
    kind: type[Connector],
    native_ids: list[str],
    credentials_of: CredentialsOf,
    there: list[Comment],
) -> tuple[set[str], list[str], list[str]]:
    """Return the posts that are gone at their source, the failures of asking, and notes that are no failure.

    Those that are there and were shown whole go to `there`.
    """
    block = settings.sources.named(source)
    assert isinstance(block, AskedSource)  # noqa: S101 - for the type checker
    ledger = Ledger(settings, source, "checking")
    # Where a budget ends the check, the next night goes on behind it.
    place = ledger.last_place % len(native_ids)
    waiting = native_ids[place:] + native_ids[:place]
    answers: defaultdict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    failures, notes = list[str](), list[str]()
    try:
        connector = kind(block, settings.trust.code, credentials_of(source))
        connector.kinds = _kinds(settings, source, native_ids)
        with Fetcher(connector, spent_today=ledger.spent, record=ledger.add, shown=shown) as fetcher:
            answers_of = Driver(connector, fetcher).gone(waiting, lambda items: there.extend(comments_of(items)))
            for host, asked, gone in answers_of:
                of_host = answers[host]
                place += len(set(asked) - of_host[0])
                of_host[0].update(asked)
                of_host[1].update(gone)
    except BudgetSpent as error:
        notes.append(f"BudgetSpent: {error}")
        ledger.stop_at(place)
    except (CredentialMissing, *FAILURES) as error:
        failures.append(f"{type(error).__name__}: {error}")
    believed: set[str] = set()
    for asked_about, gone in answers.values():
        count = len(asked_about)
        if count >= _TOO_MANY and len(gone) == count:
            failures.append(
                f"{source}: says of all {count} posts that it was asked about that they are gone. That is more often a "
                "fault of a server than true: nothing of it was erased. If it is true: "
                f"wordround erase --source {source}"
            )
        else:
            believed |= gone
    return believed, failures, notes


def _kinds(settings: Settings, source: str, native_ids: list[str]) -> dict[str, str]:
    keys, stored = pseudonymiser(settings), stored_comments.kinds(settings, source)
    return {one: kind for one in native_ids if (kind := stored.get(keys.pseudonym(source, one)))}


def _from_files(settings: Settings, source: str) -> dict[str, Any]:
    folder = settings.shared / block_of(settings, source).drop_folder / WITHDRAWN
    total: dict[str, Any] = {"asked": "files of the trust", "files": 0, "withdrawn": 0, "comments": 0, "refused": []}
    # Office programs leave lock files beside those that they have open.
    for path in sorted(path for path in folder.glob("*") if path.is_file() and path.name[0] not in ".~"):
        try:
            row_ids = _row_ids(settings, source, path)
        except (FileUnreadable, UnexpectedColumns) as error:
            total["refused"].append(f"{type(error).__name__}: {error}")
            continue
        erased = _erase(settings, source, row_ids)
        for name in ("refused", "may_lie_elsewhere"):
            if name in erased:
                total[name] = list(dict.fromkeys([*total.get(name, []), *erased[name]]))
        total["files"] += 1
        for name in ("withdrawn", "comments"):
            total[name] += erased[name]
        try:
            path.unlink()
        except OSError as error:
            total["refused"].append(
                f"{folder / public_name(path)}: was honoured and cannot be removed ({error.strerror})."
            )
    return total


def _row_ids(settings: Settings, source: str, path: Path) -> tuple[str, ...]:
    public = path.with_name(public_name(path))
    columns = {name: set(map(one_line, names)) for name, names in block_of(settings, source).id_columns().items()}
    with path.open("rb") as file:
        # The first row is the header, or the list is refused: ids above a header that was looked for would be lost.
        table = read_table(public, file, limits=block_of(settings, source).limits)
        named = [name for name, those in columns.items() if len(table.header) == 1 and table.header[0] in those]
        if not named:
            raise UnexpectedColumns(
                f"{public}: a list of who withdrew has one column, of row ids, named "
                f"{' or '.join(sorted(set().union(*columns.values())))}."
            )
        row_ids = [one for row in table.rows if row.cells and (one := written(row.cells[0]).strip())]
    row_name = connector_of(source).row_name
    return tuple(dict.fromkeys(row_name(name, row_id) for row_id in row_ids for name in named))


def _erase(settings: Settings, source: str, native_ids: tuple[str, ...]) -> dict[str, Any]:
    if not native_ids:
        return {"withdrawn": 0, "comments": 0}
    erased = erasing.erase(settings, erasing.Request("comment", source, native_ids), lambda _: True)
    return {
        "withdrawn": len(native_ids),
        **{k: erased[k] for k in ("comments", "refused", "may_lie_elsewhere") if k in erased},
    }
