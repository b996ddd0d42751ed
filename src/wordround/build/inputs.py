"""Inputs of a build: what dbt reads, and which of it has changed since the last build that was whole.

A build makes what lies downstream of tables that have changed, and nothing where none has. What no table tells of (the
project itself, its seeds, the rules, the code that models call) is one input, of which everything is downstream; so are
the tables that a build leaves behind.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import yaml

from wordround.folders import DBT, PACKAGE, reference
from wordround.registers.own_files import own_files, rows
from wordround.settings import Settings
from wordround.warehouse import build_inputs

_OF_ALL = "project"
# Whose other versions may make other figures of the same rows.
_PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "numpy", "pyarrow", "scikit-learn", "scipy")
_CACHES = ("__pycache__", ".mypy_cache")


class Inputs(NamedTuple):
    """`changed`: the tables, `schema.table`, that are others than at the last whole build; None: all is to be built.

    `read`: a fingerprint of each input as it was when the build began: a register that is saved meanwhile is not built.
    """

    changed: list[str] | None
    read: Mapping[str, str]


def look(settings: Settings, rules: Sequence[str], forget_all: bool = False) -> Inputs:
    """Return what has changed, and forget that until `keep` is called: a build that ends halfway is begun again.

    rules: what dbt is told beside the project. forget_all: of a build that makes everything anew.
    """
    gone, read = build_inputs.changed(settings, _tables(), _others(rules), forget_all)
    return Inputs(None if {_OF_ALL, build_inputs.BUILT} & set(gone) else gone, read)


def keep(settings: Settings, inputs: Inputs) -> None:
    """Keep what a build has read, once it was whole, while it has held the warehouse since it looked."""
    build_inputs.keep(settings, inputs.read)


@cache
def _tables() -> tuple[str, ...]:
    """The tables that models read, as the project declares them."""
    declared = yaml.safe_load((DBT / "models" / "staging" / "_sources.yml").read_text(encoding="utf-8"))["sources"]
    return tuple(f"{source['schema']}.{table['name']}" for source in declared for table in source["tables"])


def _others(rules: Sequence[str]) -> Mapping[str, str]:
    versions = [version(package) for package in _PACKAGES]
    digest = hashlib.sha256(json.dumps([*rules, versions, _successions()]).encode())
    for path in _files():
        digest.update(f"{path}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return {_OF_ALL: digest.hexdigest()}


def _successions() -> int:
    """How many organisations have been succeeded by today: the day alone makes another one of them."""
    today = datetime.now(UTC).date().isoformat()
    found = rows(reference("organisations.csv"), ("ods_code", "succeeded_on"))
    return sum("" < row["succeeded_on"] <= today for row in found)


def _files() -> Iterator[Path]:
    """Every file of the dbt project, of the trust's own in its place, and of the package: models call its code."""
    for folder in (DBT, PACKAGE):
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and not {*_CACHES} & {*path.parts})
    yield from sorted(own_files().values())
