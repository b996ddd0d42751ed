"""The public product of one trust, given to be united with others: looked at, and nothing of it believed.

A damaged or hostile file can end the process that opens it. So a child (given_child.py) opens it, with little memory
and time and no secret, and copies what may be taken over into a new file; nobody else ever opens what was given.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb
import yaml

from wordround.folders import DBT
from wordround.publish.copying import copy_descriptions
from wordround.publish.public import EDITIONS, FIGURES, GAPS, NAMES, SCHEMA
from wordround.warehouse.engine import CONFIG
from wordround.warehouse.statements import quoted

# The tables that have rows of trusts; the others name what stands in these.
OF_TRUSTS = (*(each.name for each in FIGURES), "public_services", GAPS, EDITIONS)
_TABLES = {*OF_TRUSTS, *NAMES}
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
_MODEL = re.compile(r"[A-Za-z0-9_.-]{1,60}")
# No code frame, and no region, has more.
_MOST_THEMES, _MOST_TRUSTS = 10_000, 1_000

_CHILD = "wordround.publish.given_child"
# What the child may know of the environment: how to find the package.
_KNOWN = frozenset("PATH PYTHONPATH PYTHONHOME VIRTUAL_ENV LD_LIBRARY_PATH DYLD_LIBRARY_PATH LANG LC_ALL TZ".split())
_UNREADABLE = "cannot be read as a file of DuckDB that Wordround made."


class NotTaken(Exception):
    """Why a file cannot be taken."""


@dataclass(frozen=True)
class GivenProduct:
    """Whose it is, when it was published, by which model its comments were read, and its themes by code.

    `path`: as it was given. `copy`: what may be taken over of it, in a file of our own.
    """

    path: Path
    copy: Path
    trusts: frozenset[str]
    published_at: datetime
    model: str
    themes: Mapping[str, str]


def take_over(path: Path, copy: Path) -> GivenProduct:
    """Have a child look at one file, and copy what may be taken over of it. Raises NotTaken with the reason against it.

    Names and values of the file are not in the reason: they may be anything.
    """
    if not path.is_file():
        raise NotTaken("is not there.")
    done = subprocess.run(
        [sys.executable, "-m", _CHILD],
        # Names of files may be somebody's: they are no arguments.
        input=json.dumps({"path": str(path), "copy": str(copy)}),
        stdout=subprocess.PIPE,
        # A library that dies says what it was reading.
        stderr=subprocess.DEVNULL,
        text=True,
        env={name: value for name, value in os.environ.items() if name in _KNOWN},
        check=False,
    )
    try:
        said = json.loads(done.stdout)
    except ValueError:
        raise NotTaken(f"{_UNREADABLE[:-1]} (the process that read it ended with {done.returncode}).") from None
    if "refused" in said:
        raise NotTaken(said["refused"])
    return GivenProduct(
        path, copy, frozenset(said["trusts"]), datetime.fromisoformat(said["published_at"]), said["model"],
        said["themes"],
    )  # fmt: skip


def look_at(path: Path, copy: Path) -> dict[str, object]:
    """Return what a GivenProduct says, as JSON holds it, of a file that is looked at and copied in this process.

    Raises NotTaken, as `take_over` does.
    """
    try:
        with duckdb.connect(config={**CONFIG, "memory_limit": "300MB"}) as connection:
            # Under a name of our own: one that is called `public` would stand for its schema too.
            connection.execute(f"attach '{quoted(path)}' as given (read_only, type duckdb); use given")
            _require_form(connection)
            trusts = _trusts(connection)
            _require_hidden(connection)
            about = connection.execute(
                "select published_at, annotations_model_version from meta.publication where published_at is not null"
                " limit 2"
            ).fetchall()
            themes = connection.execute(
                f"select theme_code, theme_label from public.public_themes limit {_MOST_THEMES + 1}"
            ).fetchall()
            _copy(connection, copy)
    except (duckdb.Error, ValueError, OverflowError) as error:
        raise NotTaken(_UNREADABLE) from error
    # A moment without end comes without a zone.
    if len(about) != 1 or about[0][0].tzinfo is None or not _MODEL.fullmatch(about[0][1] or "none"):
        raise NotTaken("does not say when and by what it was made.")
    if len(themes) > _MOST_THEMES:
        raise NotTaken("names more themes than any code frame has.")
    ((published_at, model),) = about
    return {
        "trusts": trusts,
        "published_at": published_at.isoformat(),
        "model": model or "none",
        "themes": dict(themes),
    }


def _copy(connection: duckdb.DuckDBPyConnection, copy: Path) -> None:
    """Copy the tables of the public product and what is said of them, and nothing else that a file may hold."""
    connection.execute(f"attach '{quoted(copy)}' as draft; create schema draft.public; create schema draft.meta")
    for table in _form():
        connection.execute(f"create table draft.{table} as from {table}")
    for schema in (SCHEMA, "meta"):
        copy_descriptions(
            connection, schema, [table.partition(".")[2] for table in _form() if table.startswith(f"{schema}.")]
        )
    connection.execute("detach draft")


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
        raise NotTaken("is a union itself. Give the files of the trusts.")
    wanted = _form()
    more = sum(table not in wanted for table in there)
    more += sum(len(columns.keys() - wanted[table].keys()) for table, columns in there.items() if table in wanted)
    if more:
        raise NotTaken(
            f"holds more than figures for the public ({more} tables or columns). Give what lies in published/public "
            "of the trust."
        )
    if lacking := sorted(wanted.keys() - there.keys()):
        raise NotTaken(f"lacks {', '.join(lacking)}: another version made it. Make its next edition first.")
    for table, columns in wanted.items():
        if other := sorted(column for column, kind in columns.items() if there[table].get(column) != kind):
            raise NotTaken(f"{table} has no {', '.join(other)} of the type that this version writes.")


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
        table: {
            code
            for (code,) in connection.execute(
                f"select distinct trust_code from {SCHEMA}.{table} limit {_MOST_TRUSTS + 1}"
            ).fetchall()
        }
        for table in OF_TRUSTS
    }
    trusts = codes["public_trust_months"]
    if not trusts:
        raise NotTaken("holds no month of any trust.")
    if len(trusts) > _MOST_TRUSTS:
        raise NotTaken("holds figures of more trusts than there are.")
    if not all(isinstance(code, str) and _CODE.fullmatch(code) for code in trusts):
        raise NotTaken("names a trust otherwise than by its ODS code.")
    if any(others - trusts for others in codes.values()):
        raise NotTaken("has figures of a trust of which it has no month.")
    return sorted(trusts)


def _require_hidden(connection: duckdb.DuckDBPyConnection) -> None:
    for table in FIGURES:
        counts = ["comment_count", *(["negative_count"] if table.has_negative else [])]
        small = " or ".join(f"{count} between 1 and {_LARGEST_HIDDEN}" for count in counts)
        if connection.execute(f"from {SCHEMA}.{table.name} where {small} limit 1").fetchall():
            raise NotTaken(f"shows counts from 1 to {_LARGEST_HIDDEN} in {table.name}, which are for nobody.")
