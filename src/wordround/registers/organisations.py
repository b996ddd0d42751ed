"""What became of trusts and sites, from the NHS directory (ODS), so that a trend survives a merger.

`sync` writes `organisations.csv` anew, whole or not at all: a row for each organisation and successor, for the codes of
`services.csv` and for all that they succeeded or were succeeded by. A code that the directory does not know keeps the
rows that somebody wrote by hand. The directory's contract: the Organisation endpoint of the ODS ORD API 2-0-0.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx

from wordround.connectors.asking.accounts import QueryAccount
from wordround.connectors.asking.contract import Connector, Request
from wordround.connectors.asking.fetching import Fetcher
from wordround.connectors.blocks import AskedSource, Query
from wordround.deidentify import deidentify
from wordround.errors import AnswerUnreadable
from wordround.folders import own_folder, reference, writable_reference
from wordround.outcomes import Outcome
from wordround.progress import progress
from wordround.registers.own_files import rows
from wordround.settings import Settings
from wordround.storage import storage, write_whole

COLUMNS = (
    "ods_code", "organisation_label", "is_active", "valid_from", "valid_to", "successor_code", "succeeded_on",
    "last_changed_on",
)  # fmt: skip

# Trusts have merged a few times since 1990; more is a mistake in the directory or in here.
_MOST_ORGANISATIONS = 2_000

Row = dict[str, str]


class _Directory(Connector):
    """The directory is no source of comments; it is asked in the same way."""

    name = "ods"

    def is_not_found_an_answer(self) -> bool:
        return True


class Synced(Outcome):
    """How many organisations are known, were succeeded and have changed; the codes that the directory does not know."""

    organisations: int
    succeeded: int
    changed: int
    unknown_to_the_directory: tuple[str, ...]
    file: str


def sync(
    settings: Settings, services: Path | None = None, file: Path | None = None, client: httpx.Client | None = None
) -> Synced:
    """Ask the directory about every code and write what it says.

    Raises SourceRefused, SourceDown, SourceBusy or AnswerUnreadable; then the file is as it was.
    """
    file = file or writable_reference("organisations.csv")
    before = _read(file)
    wanted = sorted(_codes(services or reference("services.csv")) | {row["ods_code"] for row in before})
    directory = _Directory(AskedSource(address=settings.ods.address), settings.trust.code, {})
    with Fetcher(directory, client, shown=lambda words: deidentify(words).text) as fetcher:
        found, unknown = _follow(fetcher, settings.ods.address, wanted)
    kept = [row for row in before if row["ods_code"] in unknown]
    rows = sorted([*found, *kept], key=lambda row: (row["ods_code"], row["successor_code"]))
    with storage(file):
        write_whole(file, _written(rows))
    return Synced(
        organisations=len({row["ods_code"] for row in rows}),
        succeeded=len({row["ods_code"] for row in rows if row["successor_code"]}),
        changed=len([row for row in rows if row not in before]),
        unknown_to_the_directory=tuple(sorted(unknown)),
        file=str(file.relative_to(own_folder())) if file.is_relative_to(own_folder()) else str(file),
    )


def _follow(fetcher: Fetcher, address: str, codes: Iterable[str]) -> tuple[list[Row], set[str]]:
    """Return the rows of all codes and of their predecessors and successors, and the codes that nobody knows."""
    account = QueryAccount(Query(id="organisations", places=("organisations",)))
    waiting, seen, rows, unknown = list(codes), set(codes), list[Row](), set[str]()
    with progress("Asking the directory", None) as advance:
        while waiting:
            code = waiting.pop()
            answer = fetcher.fetch(Request(f"{address}/organisations/{code}"), account)
            advance(1)
            if answer.content is None:
                unknown.add(code)
                continue
            related = _rows_of(code, answer.content, rows)
            waiting += sorted(related - seen)
            seen |= related
            if len(seen) > _MOST_ORGANISATIONS:
                raise AnswerUnreadable(f"ods: {code} leads to more than {_MOST_ORGANISATIONS} organisations.")
    return rows, unknown


def _rows_of(code: str, content: Any, rows: list[Row]) -> set[str]:
    """Add the rows of one answer; return the codes of its predecessors and successors."""
    try:
        organisation = content["Organisation"]
        legal = _days(organisation.get("Date"))
        row = {
            "ods_code": code,
            "organisation_label": organisation["Name"],
            "is_active": str(organisation["Status"] == "Active").lower(),
            "valid_from": legal.get("Start", ""),
            "valid_to": legal.get("End", ""),
            "successor_code": "",
            "succeeded_on": "",
            "last_changed_on": organisation.get("LastChangeDate", ""),
        }
        ties = (organisation.get("Succs") or {}).get("Succ") or []
        successors, related = [], set()
        for tie in [ties] if isinstance(ties, dict) else ties:
            other = tie["Target"]["OrgId"]["extension"]
            related.add(other)
            if tie["Type"] == "Successor":
                day = _days(tie.get("Date")).get("Start", "")
                successors.append({"successor_code": other, "succeeded_on": day})
    except (KeyError, TypeError, AttributeError) as error:
        raise AnswerUnreadable(f"ods: what it says of {code} is not what it documents. Nothing was changed.") from error
    rows += [row | successor for successor in successors or [{}]]
    return related


def _days(dates: Any) -> dict[str, str]:
    """Return the legal dates, or the operational ones where there are no others."""
    given = {entry["Type"]: entry for entry in dates or ()}
    return given.get("Legal") or given.get("Operational") or {}


def _codes(services: Path) -> set[str]:
    return {code for row in rows(services, needed=()) for code in _of_row(row)}


def _of_row(row: dict[str, str]) -> Iterator[str]:
    yield from (code for name in ("trust_code", "ods_code") if (code := (row.get(name) or "").strip()))


def _read(file: Path) -> list[Row]:
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _written(rows: list[Row]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
