"""The union of public products: one file for a region or a nation, of what trusts have published for everybody.

Each file is what one trust gives out (`published/public/wordround_public.duckdb`): counts with small numbers hidden.
Nothing else is taken: a file that holds more is refused. Ids of services are put behind the code of their trust, so
that two trusts may each have a `ward_1`.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb
import yaml

from wordround.errors import UnionRefused
from wordround.folders import DBT
from wordround.outcomes import Outcome
from wordround.publish import product
from wordround.publish.copying import copy_descriptions
from wordround.publish.public import EDITIONS, FIGURES, GAPS, NAMES, SCHEMA
from wordround.storage import DRAFT, storage
from wordround.warehouse.engine import CONFIG
from wordround.warehouse.statements import quoted

# One row each in every file, whichever trust's it is; which of several is kept.
_SHARED = {
    "public_themes": "partition by theme_code order by product_number",
    "public_sources": "partition by source_code order by product_number",
    "public_weeks": "partition by week_date order by product_number",
    # Of a trust whose comments begin within a month some of its weeks may be missing.
    "public_months": "partition by month_code order by week_count desc, product_number",
}
_OF_TRUSTS = (*(each.name for each in FIGURES), "public_services", GAPS, EDITIONS)
_TABLES = {*_OF_TRUSTS, *NAMES}
# What editions add to the tables of dbt (editions.py, product.py).
_BESIDE = {
    f"{SCHEMA}.{EDITIONS}": {
        "trust_code": "VARCHAR", "month_code": "VARCHAR", "edition_number": "INTEGER", "detail_code": "VARCHAR",
    },
    "meta.publication": {
        "build_id": "VARCHAR", "published_at": "TIMESTAMP WITH TIME ZONE", "wordround_version": "VARCHAR",
        "dbt_version": "VARCHAR", "duckdb_version": "VARCHAR", "great_expectations_version": "VARCHAR",
        "dbt_project": "VARCHAR", "annotations_model_version": "VARCHAR", "vader_version": "VARCHAR",
        "edition_number": "VARCHAR",
    },
    "meta.rules": {
        "rule_code": "VARCHAR", "rule_value": "VARCHAR", "unit_label": "VARCHAR", "description": "VARCHAR",
    },
}  # fmt: skip
# Codes of the NHS directory (ODS).
_CODE = re.compile(r"[A-Z0-9]{3,6}")
# NHS England's rule for the Friends and Family Test; a trust may hide more.
_LARGEST_HIDDEN = 4


class United(Outcome):
    """The file, whose figures it holds, what was left out for a later edition, and which files were refused and why."""

    file: Path
    trusts: list[str]
    rows: int
    models: list[str]
    superseded: list[str]
    refused: list[str]


class _NotTaken(Exception):
    """Why a file cannot be taken."""


@dataclass(frozen=True)
class _Product:
    path: Path
    trusts: frozenset[str]
    published_at: datetime
    model: str
    themes: Mapping[str, str]


def unite(files: Sequence[Path], out: Path) -> United:
    """Write the union of these files to `out`; of two of one trust the one that was published later counts.

    Raises UnionRefused where `out` is there or no file can be taken; files that cannot are named in `refused`.
    """
    if out.exists():
        raise UnionRefused(f"{out}: is there already. Name a file that is not, or move it away.")
    taken, superseded, refused = _chosen(files)
    if not taken:
        raise UnionRefused("\n".join(["No file could be taken.", *refused]))
    with storage(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        draft = out.with_name(f"{DRAFT}{out.name}-{secrets.token_hex(3)}")
        try:
            rows = _write(draft, taken)
            draft.replace(out)
        finally:
            draft.unlink(missing_ok=True)
    return United(
        file=out,
        trusts=sorted(trust for one in taken for trust in one.trusts),
        rows=rows,
        models=sorted({one.model for one in taken}),
        superseded=superseded,
        refused=refused,
    )


def _chosen(files: Sequence[Path]) -> tuple[list[_Product], list[str], list[str]]:
    found, refused = [], []
    for path in files:
        try:
            found.append(_read(path))
        except _NotTaken as reason:
            refused.append(f"{path}: {reason}")
    taken: list[_Product] = []
    superseded = []
    for one in sorted(found, key=lambda one: (one.published_at, str(one.path)), reverse=True):
        later = [other for other in taken if other.trusts & one.trusts]
        if later and one.trusts <= frozenset().union(*(other.trusts for other in later)):
            superseded.append(f"{one.path}: {later[0].path} is a later edition of {', '.join(sorted(one.trusts))}.")
        elif later:
            both = ", ".join(sorted(later[0].trusts & one.trusts))
            refused.append(
                f"{one.path}: {both} stands in {later[0].path} too, and other trusts do not. Give one of them."
            )
        elif taken and any(taken[0].themes.get(code, label) != label for code, label in one.themes.items()):
            refused.append(
                f"{one.path}: calls a theme otherwise than {taken[0].path}: give files of one code frame alone."
            )
        else:
            taken.append(one)
    return taken, superseded, refused


def _read(path: Path) -> _Product:
    """Look at one file, of which nothing is believed. Raises _NotTaken with the reason against it.

    Names and values of the file are not in the reason: they may be anything.
    """
    if not path.is_file():
        raise _NotTaken("is not there.")
    try:
        with duckdb.connect(str(path), read_only=True, config={**CONFIG}) as connection:
            _require_form(connection)
            trusts = _trusts(connection)
            _require_hidden(connection)
            about = connection.execute(
                "select published_at, annotations_model_version from meta.publication where published_at is not null"
            ).fetchall()
            themes = dict(connection.execute("select theme_code, theme_label from public.public_themes").fetchall())
    except duckdb.Error as error:
        raise _NotTaken("cannot be read as a file of DuckDB that Wordround made.") from error
    if len(about) != 1:
        raise _NotTaken("does not say when and by what it was made.")
    ((published_at, model),) = about
    return _Product(path, frozenset(trusts), published_at, model or "none", themes)


def _require_form(connection: duckdb.DuckDBPyConnection) -> None:
    """Every table and column of the public product and no other, each of its type."""
    there: dict[str, dict[str, str]] = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and not internal and table_name in "
        "(select table_name from duckdb_tables() where not internal)"
    ).fetchall():
        there.setdefault(f"{schema}.{table}", {})[column] = kind
    if "trust_code" in there.get("meta.publication", {}):
        raise _NotTaken("is a union itself. Give the files of the trusts.")
    wanted = _form()
    more = sum(table not in wanted for table in there)
    more += sum(len(columns.keys() - wanted[table].keys()) for table, columns in there.items() if table in wanted)
    if more:
        raise _NotTaken(
            f"holds more than figures for the public ({more} tables or columns). Give what lies in published/public "
            "of the trust."
        )
    if lacking := sorted(wanted.keys() - there.keys()):
        raise _NotTaken(f"lacks {', '.join(lacking)}: another version made it. Make its next edition first.")
    for table, columns in wanted.items():
        if other := sorted(column for column, kind in columns.items() if there[table].get(column) != kind):
            raise _NotTaken(f"{table} has no {', '.join(other)} of the type that this version writes.")


@cache
def _form() -> dict[str, dict[str, str]]:
    """The types of the columns of each table, as the dbt project promises them."""
    promised = yaml.safe_load((DBT / "models" / "public" / "_public__models.yml").read_text(encoding="utf-8"))
    tables = {
        f"{SCHEMA}.{model['name']}": {column["name"]: column["data_type"].upper() for column in model["columns"]}
        for model in promised["models"]
        if model["name"] in _TABLES
    }
    return {**tables, **_BESIDE}


def _trusts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    codes = {
        table: {code for (code,) in connection.execute(f"select distinct trust_code from {SCHEMA}.{table}").fetchall()}
        for table in _OF_TRUSTS
    }
    trusts = codes["public_trust_months"]
    if not trusts:
        raise _NotTaken("holds no month of any trust.")
    if not all(isinstance(code, str) and _CODE.fullmatch(code) for code in trusts):
        raise _NotTaken("names a trust otherwise than by its ODS code.")
    if any(others - trusts for others in codes.values()):
        raise _NotTaken("has figures of a trust of which it has no month.")
    return sorted(trusts)


def _require_hidden(connection: duckdb.DuckDBPyConnection) -> None:
    for table in FIGURES:
        counts = ["comment_count", *(["negative_count"] if table.has_negative else [])]
        small = " or ".join(f"{count} between 1 and {_LARGEST_HIDDEN}" for count in counts)
        if connection.execute(f"from {SCHEMA}.{table.name} where {small} limit 1").fetchall():
            raise _NotTaken(f"shows counts from 1 to {_LARGEST_HIDDEN} in {table.name}, which are for nobody.")


def _write(draft: Path, taken: Sequence[_Product]) -> int:
    """Write the union into a new file; return its rows."""
    with duckdb.connect(config={**CONFIG}) as connection:
        products = {f"product_{number}": one for number, one in enumerate(taken)}
        for name, one in products.items():
            connection.execute(f"attach '{quoted(one.path)}' as {name} (read_only)")
        connection.execute(f"attach '{quoted(draft)}' as draft; create schema draft.public; create schema draft.meta")
        for table in _OF_TRUSTS:
            _gather(connection, products, f"{SCHEMA}.{table}", _columns(connection, table))
        for table, kept in _SHARED.items():
            _gather(connection, products, f"{SCHEMA}.{table}", "*", f"qualify row_number() over ({kept}) = 1")
        for table in ("publication", "rules"):
            _gather(connection, products, f"meta.{table}", "{trusts} as trust_code, *")
        # What each table and column is stands in every product; one of them is copied from.
        connection.execute("use product_0")
        for schema in (SCHEMA, "meta"):
            copy_descriptions(connection, schema)
        (rows,) = connection.execute(
            "select sum(estimated_size)::bigint from duckdb_tables() where database_name = 'draft'"
        ).fetchone() or (0,)
    with duckdb.connect(str(draft)) as connection:
        connection.execute(product.views("examples_public.sql"))
    return int(rows)


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    names = connection.execute(f"select column_name from (describe product_0.{SCHEMA}.{table})").fetchall()
    return "* replace (trust_code || '.' || service_id as service_id)" if ("service_id",) in names else "*"


def _gather(
    connection: duckdb.DuckDBPyConnection, products: Mapping[str, _Product], table: str, columns: str, kept: str = ""
) -> None:
    """Make a table of the union of those of all products, newest first."""
    parts = []
    for number, (name, one) in enumerate(products.items()):
        trusts = ", ".join(f"'{code}'" for code in sorted(one.trusts))
        chosen = columns.format(trusts=f"unnest([{trusts}])")
        parts.append(f"select {chosen}, {number} as product_number from {name}.{table}")
    connection.execute(
        f"create table draft.{table} as select * exclude (product_number)"
        f" from ({' union all by name '.join(parts)}) {kept} order by all"
    )
