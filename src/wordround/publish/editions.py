"""Editions: what the public reads, made once a month and never changed.

`published/public/editions/0001-2026-10/` holds a database, its Parquet copy and a manifest with checksums. A new folder
is put in place by one rename, and then the link `latest` by another; the names beside it lead through that link. An
edition is made when a month has closed that none has, and by nothing else: an erasure or a correction waits for it, and
is taken up only in company (restating.py).
"""

import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from wordround.access import open_to_readers
from wordround.folders import EXPECTATIONS
from wordround.outcomes import Outcome
from wordround.publish import product, restating
from wordround.publish.copying import RULES, copy_descriptions, copy_meta
from wordround.publish.public import EDITIONS, FIGURES, GAPS, NAMES, SCHEMA, Figures, are_built
from wordround.publish.restating import DETAILS, Block
from wordround.published.editions import DATABASE, Edition, all_editions
from wordround.settings import Settings
from wordround.storage import DRAFT, forget_drafts, sha256, storage, sync, write_whole
from wordround.warehouse.engine import connect, exclusive
from wordround.warehouse.statements import quoted

LATEST = "latest"
_RULE = "least_restated_count"
_GATE = ("public_columns", "public_figures")


class EditionMade(Outcome):
    """The latest edition, whether this run made it, why it made none, and how many trusts' months it has.

    new, restated, carried_over: months by where their figures come from; waiting: those of the carried over whose
    figures differ today.
    """

    edition: int | None
    database: str | None
    made: bool
    reason: str | None
    new: int = 0
    restated: int = 0
    carried_over: int = 0
    waiting: int = 0


def make(settings: Settings) -> EditionMade:
    """Make the next edition where a month has closed that the latest lacks.

    Raises StorageFailed where the disk refuses; then the latest edition stays, whole.
    """
    folder = settings.published / SCHEMA
    with exclusive(settings), storage(folder), connect(settings) as connection:
        before = all_editions(settings)
        _finish_what_was_cut_short(folder, before)
        if not are_built(connection):
            return _none(before, "the public tables were not built: wordround build")
        with _attached(connection, before):
            if reason := _not_due(connection, before):
                return _none(before, reason)
            blocks = restating.decide(connection, _databases(before), _least(connection))
            number = before[-1].number + 1 if before else 1
            draft = folder / "editions" / f"{DRAFT}{secrets.token_hex(3)}"
            draft.mkdir(parents=True)
            try:
                _write(connection, draft / DATABASE, blocks, number, before)
                if wrong := _faults(draft / DATABASE):
                    return _none(before, f"it would break its own rules: {wrong}")
                name = _finish(connection, draft, number, before)
                open_to_readers(settings, draft)
                draft.rename(folder / "editions" / name)
                _lead_to(folder, name)
                open_to_readers(settings, folder)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    return EditionMade(
        edition=number,
        database=str(folder / DATABASE),
        made=True,
        reason=None,
        new=sum(block.edition == 0 and not _has(before, block) for block in blocks),
        restated=sum(block.edition == 0 and _has(before, block) for block in blocks),
        carried_over=sum(block.edition > 0 for block in blocks),
        waiting=sum(block.waits for block in blocks),
    )


def _finish_what_was_cut_short(folder: Path, before: Sequence[Edition]) -> None:
    """Remove drafts, and lead to the latest edition where a run was killed after its rename; the lock is held."""
    for place in (folder, folder / "editions"):
        forget_drafts(place)
    if before and (folder / LATEST).resolve() != before[-1].folder.resolve():
        _lead_to(folder, before[-1].folder.name)


def _none(before: Sequence[Edition], reason: str) -> EditionMade:
    latest = before[-1] if before else None
    return EditionMade(
        edition=latest.number if latest else None,
        database=str(latest.folder.parents[1] / DATABASE) if latest else None,
        made=False,
        reason=reason,
    )


def _has(before: Sequence[Edition], block: Block) -> bool:
    return any(block.month_code in edition.manifest["months"].get(block.trust_code, ()) for edition in before[-1:])


def _databases(before: Sequence[Edition]) -> list[tuple[int, str]]:
    return [(edition.number, f"edition_{edition.number}") for edition in before]


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, before: Sequence[Edition]) -> Iterator[None]:
    """Attach every edition for reading."""
    for (_, name), edition in zip(_databases(before), before, strict=True):
        connection.execute(f"attach '{quoted(edition.folder / DATABASE)}' as {name} (read_only)")
    try:
        yield
    finally:
        for _, name in _databases(before):
            connection.execute(f"detach {name}")


def _not_due(connection: duckdb.DuckDBPyConnection, before: Sequence[Edition]) -> str | None:
    """Return why no edition is due; None where a month has closed that the latest lacks."""
    known = f"(select month_code from {_databases(before)[-1][1]}.{SCHEMA}.{EDITIONS})" if before else "('')"
    # A month in which no trust has comments is in no edition, and so makes none.
    ((closed,),) = connection.execute(
        f"select count(*) from {SCHEMA}.public_trust_months where month_code not in {known}"
    ).fetchall()
    if closed:
        return None
    return "no month has closed since" if before else "no month has closed yet"


def _least(connection: duckdb.DuckDBPyConnection) -> int:
    # Without the rule every difference would be allowed: then there must be no edition.
    ((value,),) = connection.execute("select rule_value from meta.rules where rule_code = ?", [_RULE]).fetchall()
    return int(value)


def _write(
    connection: duckdb.DuckDBPyConnection,
    database: Path,
    blocks: Sequence[Block],
    number: int,
    before: Sequence[Edition],
) -> None:
    """Write the draft: the figures of every block from where it was decided, and the names that they use."""
    last = f"{_databases(before)[-1][1]}.{SCHEMA}" if before else None
    connection.execute(f"attach '{quoted(database)}' as draft")
    connection.execute(f"create schema draft.{SCHEMA}")
    places = " ".join(f"when {place} then '{code}'" for place, code in enumerate(DETAILS))
    connection.execute(
        f"""create table draft.{SCHEMA}.{EDITIONS} as
            select trust_code, month_code, case when edition = 0 then ? else edition end::integer as edition_number,
                case detail {places} end as detail_code
            from decided order by all""",
        [number],
    )
    for table in FIGURES:
        # Sorted, because the order in which rows were judged would reveal which hidden count is larger.
        carried = f"union all by name from {last}.{table.name} {_OF_BLOCKS.format('edition > 0')}" if last else ""
        connection.execute(
            f"create table draft.{SCHEMA}.{table.name} as"
            f" from (from ({_today(table)}) {_OF_BLOCKS.format(f'edition = 0 and detail <= {table.coarsest}')}"
            f" {carried}) order by all"
        )
    _write_gaps(connection, _databases(before)[-1][1] if before else None)
    _write_names(connection, last)
    copy_descriptions(connection, SCHEMA)
    for column, words in _DESCRIBED.items():
        place = f"column draft.{SCHEMA}.{EDITIONS}.{column}" if column else f"table draft.{SCHEMA}.{EDITIONS}"
        connection.execute(f"comment on {place} is '{words}'")
    connection.execute("detach draft")
    copy_meta(connection, database, (RULES,))


_OF_BLOCKS = "where (trust_code, month_code) in (select (trust_code, month_code) from decided where {})"

_DESCRIBED = {
    "": "The edition in which the figures of a month of a trust were made, and how fine they are."
    " Grain: one row per trust and month.",
    "trust_code": "The trust.",
    "month_code": "The month.",
    "edition_number": "The edition whose figures these are. Later ones carry them over as they are.",
    "detail_code": "weeks: everything; months: no weeks; trust_months: no services; trust_month_comments: only the"
    " comments of the trust. Detail is given up where many comments had to go.",
}


def _today(table: Figures) -> str:
    """Return the select of a table of the warehouse, with everything hidden that an earlier edition hid."""

    def hidden(measure: str) -> str:
        keys = " and ".join(f"h.{key} = f.{key}" for key in table.keys)
        return f"exists (from also_hidden as h where h.name = '{table.name}' and h.measure = '{measure}' and {keys})"

    only_comments = (
        "exists (from decided as d where d.detail = 3 and d.edition = 0 and d.trust_code = f.trust_code"
        " and d.month_code = f.month_code)"
    )
    replaced = {"comment_count": f"case when not {hidden('comment')} then f.comment_count end"}
    if table.has_negative:
        replaced["negative_count"] = (
            f"case when not {hidden('negative')} and not {only_comments} then f.negative_count end"
        )
    inner = (
        f"select f.* replace ({', '.join(f'{v} as {k}' for k, v in replaced.items())}) from {SCHEMA}.{table.name} as f"
    )
    shares, join = {}, ""
    if table.has_negative:
        shares["negative_share"] = (
            "case when c.comment_count is not null and c.negative_count is not null then c.negative_share end"
        )
    if table.beside:
        join = f"left join draft.{SCHEMA}.{table.beside} as whole on " + " and ".join(
            f"c.{key} = whole.{key}" for key in table.keys if key != "theme_code"
        )
        shares["comment_share"] = (
            "case when c.comment_count is not null and whole.comment_count is not null then c.comment_share end"
        )
    suppressed = "c.comment_count is null" + (" or c.negative_count is null" if table.has_negative else "")
    shares["is_suppressed"] = suppressed
    return f"select c.* replace ({', '.join(f'{v} as {k}' for k, v in shares.items())}) from ({inner}) as c {join}"


def _write_gaps(connection: duckdb.DuckDBPyConnection, last: str | None) -> None:
    """Write what is missing from the months of the draft: as it was published where their figures are.

    A trust of which there is nothing in a month has no figures there: what was said when the month came stays said.
    """
    today, carried = (_OF_BLOCKS.format(edition).removeprefix("where ") for edition in ("edition = 0", "edition > 0"))
    alone = f"not ({today}) and not ({carried})"
    months = "month_code in (select month_code from {}.{}.{})"
    known = months.format(last, SCHEMA, EDITIONS) if last else "false"
    drafted = months.format("draft", SCHEMA, EDITIONS)
    select = f"from {SCHEMA}.{GAPS} where {drafted} and ({today} or ({alone} and not ({known})))"
    # Editions of before there was this table said nothing of what is missing, and stay as they are.
    ((is_there,),) = connection.execute(
        "select count(*) from duckdb_tables() where database_name = ? and schema_name = ? and table_name = ?",
        [last, SCHEMA, GAPS],
    ).fetchall()
    if is_there:
        select = (
            f"({select}) union all by name (from {last}.{SCHEMA}.{GAPS} where {drafted} and ({carried} or {alone}))"
        )
    connection.execute(f"create table draft.{SCHEMA}.{GAPS} as from ({select}) order by all")


def _write_names(connection: duckdb.DuckDBPyConnection, last: str | None) -> None:
    """Write the weeks, months, services, themes and sources that figures of the draft have.

    Weeks and months stay as they were published; names are today's where there are any.
    """
    used = {
        "public_services": ("service_id", "public_service_months"),
        "public_weeks": ("month_code", EDITIONS),
        "public_months": ("month_code", EDITIONS),
        "public_themes": (None, None),
        "public_sources": (None, None),
    }
    key = {"public_services": "service_id", "public_weeks": "week_date", "public_months": "month_code",
           "public_themes": "theme_code", "public_sources": "source_code"}  # fmt: skip
    for name in NAMES:
        here, there = f"{SCHEMA}.{name}", f"{last}.{name}" if last else None
        first, second = (there, here) if name in ("public_weeks", "public_months") and there else (here, there)
        both = f"from {first}"
        if second:
            both += f" union all by name from {second} where {key[name]} not in (select {key[name]} from {first})"
        column, table = used[name]
        only = f"where {column} in (select {column} from draft.{SCHEMA}.{table})" if column else ""
        connection.execute(f"create table draft.{SCHEMA}.{name} as from ({both}) {only} order by all")


def _faults(database: Path) -> str:
    """Return which expectations of the gate that hold an edition back the draft itself breaks; empty where none."""
    broken = []
    with duckdb.connect(str(database), read_only=True) as connection:
        for name in _GATE:
            query = (EXPECTATIONS / "publishable" / f"{name}.sql").read_text(encoding="utf-8")
            suite = json.loads((EXPECTATIONS / "publishable" / f"{name}.json").read_text(encoding="utf-8"))
            for expectation in suite["expectations"]:
                if expectation["meta"].get("leaves_out") != "edition":
                    continue
                column, values = expectation["kwargs"]["column"], expectation["kwargs"].get("value_set")
                holds = f"list_contains(?, {column})" if values else f"not regexp_matches({column}, ?)"
                wanted = values or expectation["kwargs"]["regex"]
                (count,) = connection.execute(
                    f"select count(*) from ({query}) where not {holds}", [wanted]
                ).fetchone() or (0,)
                if count:
                    broken.append(expectation["description"])
    return " ".join(broken)


def _finish(connection: duckdb.DuckDBPyConnection, draft: Path, number: int, before: Sequence[Edition]) -> str:
    """Write who made the draft, its Parquet folder and its manifest; return the name of the edition's folder."""
    now = datetime.now(UTC)
    about = product.about(connection, f"edition-{number}", now) | {"edition_number": str(number)}
    database = draft / DATABASE
    product.finish(database, about, product.views("examples_public.sql"))
    exported = {SCHEMA: [*(table.name for table in FIGURES), *NAMES, GAPS, EDITIONS], "meta": ["rules"]}
    product.write_parquet(database, draft / "parquet", exported, {})
    months: dict[str, list[str]] = {}
    with duckdb.connect(str(database), read_only=True) as made:
        for trust, month in made.execute(
            f"select trust_code, month_code from {SCHEMA}.{EDITIONS} order by all"
        ).fetchall():
            months.setdefault(trust, []).append(month)
    manifest = {
        **about,
        "edition_number": number,
        "months": months,
        "tables": product.account(database, draft / "parquet", exported),
        "sha256": {DATABASE: sha256(database)},
        "before": before[-1].manifest["sha256"] if before else None,
    }
    sync(database)
    write_whole(draft / "manifest.json", json.dumps(manifest, indent=2))
    last = max(month for of_trust in months.values() for month in of_trust)
    return f"{number:04}-{last}"


def lead_to_latest(settings: Settings) -> None:
    """Make the usual names lead to the latest edition, as after restoring; does nothing where there is none."""
    if made := all_editions(settings):
        _lead_to(settings.published / SCHEMA, made[-1].folder.name)
        open_to_readers(settings, settings.published / SCHEMA)


def _lead_to(folder: Path, name: str) -> None:
    """Make `latest` lead to an edition, and the usual names lead through it."""
    _link(folder / LATEST, Path("editions") / name)
    for usual in (DATABASE, "parquet", "manifest.json"):
        path, target = folder / usual, Path(LATEST) / usual
        # Before there were editions `parquet` was a link too, to the files of one publication.
        if not path.is_symlink() or path.readlink() != target:
            _link(path, target)


def _link(path: Path, target: Path) -> None:
    draft = path.with_name(f"{DRAFT}{path.name}-{secrets.token_hex(3)}")
    draft.symlink_to(target)
    draft.replace(path)
