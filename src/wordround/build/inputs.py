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
from pathlib import Path

import yaml

from wordround.folders import DBT, PACKAGE, reference
from wordround.registers.own_files import own_files, rows
from wordround.settings import Settings
from wordround.warehouse import build_inputs

_OF_ALL = "project"
_CODE = (".csv", ".json", ".md", ".py", ".sql", ".yml")


def changed(settings: Settings, rules: Sequence[str]) -> list[str] | None:
    """Return the tables, `schema.table`, that have changed since the last whole build; None where all is to be built.

    rules: what dbt is told beside the project. What has changed is forgotten until `keep` is called, so that a build
    that ends halfway is begun again.
    """
    gone = build_inputs.changed(settings, _tables(), _others(rules))
    return None if {_OF_ALL, build_inputs.BUILT} & set(gone) else gone


def keep(settings: Settings, rules: Sequence[str]) -> None:
    """Keep what the inputs are, after a build that was whole and held the warehouse since it looked at them."""
    build_inputs.keep(settings, _tables(), _others(rules))


@cache
def _tables() -> tuple[str, ...]:
    """The tables that models read, as the project declares them."""
    declared = yaml.safe_load((DBT / "models" / "staging" / "_sources.yml").read_text(encoding="utf-8"))["sources"]
    return tuple(f"{source['schema']}.{table['name']}" for source in declared for table in source["tables"])


def _others(rules: Sequence[str]) -> Mapping[str, str]:
    digest = hashlib.sha256(json.dumps([*rules, _successions()]).encode())
    for path in _files():
        digest.update(f"{path}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return {_OF_ALL: digest.hexdigest()}


def _successions() -> int:
    """How many organisations have been succeeded by today: the day alone makes another one of them."""
    today = datetime.now(UTC).date().isoformat()
    return sum("" < row["succeeded_on"] <= today for row in rows(reference("organisations.csv")))


def _files() -> Iterator[Path]:
    """Every file of the dbt project, of the trust's own in its place, and of the code that models may call."""
    for folder in (DBT, PACKAGE):
        yield from sorted(path for path in folder.rglob("*") if path.suffix in _CODE and path.is_file())
    yield from sorted(own_files().values())
