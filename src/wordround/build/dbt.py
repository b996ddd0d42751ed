"""Builds the marts: one `dbt build` in this process, in the warehouse.

dbt's own words about rows go no further: errors name nodes and give counts. Afterwards the file is closed, which dbt's
adapter would keep open as long as the process lives.
"""

import json
import logging
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wordround.build import inputs
from wordround.errors import BuildFailed
from wordround.folders import DBT
from wordround.garbage import undisturbed
from wordround.outcomes import Outcome
from wordround.registers.own_files import lay_over, own_files
from wordround.settings import Settings
from wordround.storage import storage
from wordround.warehouse.engine import CONFIG, exclusive, forget_history, stop_if_damaged

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

log = logging.getLogger(__name__)

DBT_PROJECT = DBT

# Only these messages may be passed on. They come from the project's macros, or from dbt about columns, and hold names,
# dates and data types. Any other message of the database may quote a value.
_SAFE_BEGINNINGS = ("wordround: ", "This model has an enforced contract that failed.")


class Built(Outcome):
    """How many models (seeds among them) and data tests ran, and for how many seconds; none where nothing is new."""

    models: int
    tests: int
    seconds: float


def build(settings: Settings, full_refresh: bool = False) -> Built:
    """Build the seeds and models whose inputs have changed since the last build (inputs.py), and run their data tests.

    dbt's unit tests are left out: they test the SQL and not the data, and `make test` runs them. `full_refresh` makes
    the incremental models again from the whole history; the result is the same, row by row. So it is done where the
    project, its rules or registers are others: no row of a table says by which it was made. Raises BuildFailed, which
    names the nodes and says what to do, and WarehouseBusy while another run holds the warehouse.
    """
    started = time.monotonic()
    # Nobody reads dbt's own account of a build, which would hold the caller's command line.
    command = ["build", "--no-write-json", "--exclude-resource-type", "unit_test"]
    with exclusive(settings):
        read = inputs.look(settings, _vars(settings), forget_all=full_refresh)
        if full_refresh or read.changed is None:
            outcome = invoke(settings, [*command, "--full-refresh"])
        else:
            selected = [part for table in read.changed for part in ("--select", f"source:{table}+")]
            outcome = invoke(settings, [*command, *selected]) if selected else Counter[str]()
        inputs.keep(settings, read)
        # A lake would keep every table of every build.
        forget_history(settings)
    return Built(
        models=outcome["model"] + outcome["seed"],
        tests=outcome["test"],
        seconds=round(time.monotonic() - started, 1),
    )


def invoke(settings: Settings, command: list[str], project: Path | None = None) -> Counter[str]:
    """Run one dbt command and return how many nodes of each type it ran.

    Raises BuildFailed, RegistryInvalid, StorageFailed.
    """
    from dbt.cli.main import dbtRunner

    log.info("dbt %s", command[0])
    project = project or _project(settings)
    with _environment(settings), _lake(settings), _neutral_arguments(command[0]), undisturbed():
        try:
            result = dbtRunner(callbacks=[_log_progress]).invoke([*command, *_options(project), *_vars(settings)])
        finally:
            _release_database()
    if any(_is_broken(run) for run in _runs(result)):
        # A statement that could not be carried out says of a damaged warehouse nothing that may be passed on.
        stop_if_damaged(settings)
    _raise_if_failed(settings, result)
    return Counter(str(run.node.resource_type) for run in _runs(result))


def _project(settings: Settings) -> Path:
    """Return the project as it is, or a copy below the data home with the trust's own registers and code frames."""
    if not own_files():
        return DBT_PROJECT
    copy = settings.dbt_target / "project"
    shutil.rmtree(copy, ignore_errors=True)
    for path in (path for path in DBT_PROJECT.rglob("*") if path.is_file()):
        target = copy / path.relative_to(DBT_PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)  # without its mode: in the data home nothing is open to others
    lay_over(copy / "seeds" / "reference")
    return copy


def _options(project: Path) -> list[str]:
    quiet = ["--quiet", "--log-level", "none", "--log-level-file", "none", "--no-use-colors", "--no-print"]
    return ["--project-dir", str(project), "--profiles-dir", str(DBT_PROJECT), *quiet]


def _vars(settings: Settings) -> list[str]:
    """Return what the settings say of the rules. Every command gets it: where it differs dbt reads the project anew."""
    return ["--vars", json.dumps({"false_alerts_per_year": settings.alerts.false_alerts_per_year})]


@contextmanager
def _neutral_arguments(command: str) -> Iterator[None]:
    """Hide the caller's command line, which dbt writes into its results: it may name a person or a comment."""
    before, sys.argv = sys.argv, ["dbt", command]
    try:
        yield
    finally:
        sys.argv = before


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """Set the variables that dbt reads from the environment while it runs."""
    spill = settings.dbt_target / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    needed = {
        "WORDROUND_ENGINE": settings.engine.warehouse,
        "WORDROUND_WAREHOUSE": str(settings.warehouse_file),
        "WORDROUND_SPILL": str(spill),
        "WORDROUND_MEMORY": CONFIG["memory_limit"],
        "DBT_TARGET_PATH": str(settings.dbt_target / "target"),
        "DBT_LOG_PATH": str(settings.dbt_target / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in needed}
    os.environ.update(needed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _lake(settings: Settings) -> Iterator[None]:
    """Tell dbt's connections of the lake, where the settings ask for one."""
    if not settings.engine.is_lake:
        yield
        return
    from wordround.build.lake_plugin import Plugin

    with Plugin.of(settings):
        yield


def _log_progress(event: Any) -> None:
    if event.info.name == "LogModelResult":
        log.info("dbt: %s of %s: %s", event.data.index, event.data.total, event.data.node_info.node_name)


def _release_database() -> None:
    """Close the DuckDB file, which dbt-duckdb keeps open for as long as the process lives."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import cleanup_connections

    cleanup_connections()
    environment = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()
    DuckDBConnectionManager.close_all_connections()


def _runs(result: "dbtRunnerResult") -> Sequence[Any]:
    """Return the results of the nodes; empty for a command that runs none."""
    return getattr(result.result, "results", None) or ()


def _raise_if_failed(settings: Settings, result: "dbtRunnerResult") -> None:
    if result.success:
        return
    lines = [line for run in _runs(result) for line in _complaint(run)]
    if isinstance(result.exception, OSError):
        with storage(settings.dbt_target):
            raise result.exception
    if not lines:
        kind = type(result.exception).__name__ if result.exception else "no result"
        lines = [f"  dbt stopped before the first node ({kind})"]
    raise BuildFailed("\n".join(["The marts could not be built. What was published stays as it was.", *lines]))


def _is_broken(run: Any) -> bool:
    return str(run.status) in ("error", "runtime error") and not _safe_part(run.message or "")


def _complaint(run: Any) -> Iterator[str]:
    status, name, kind = str(run.status), run.node.name, str(run.node.resource_type)
    if status not in ("error", "fail", "runtime error"):
        return
    if kind == "test":
        count = f"{run.failures} row(s)" if run.failures else "an error"
        yield f"  {name}: {count}. {run.node.description or 'Its name says of which model and column; see dbt/models.'}"
    elif kind == "unit_test":
        yield f"  {name}: the SQL of the model does not do what its unit test says. Run `dbt build --select {name}`."
    else:
        message = _safe_part(run.message or "")
        yield f"  {name}: {message or 'the statement failed. Its SQL is under dbt/target in the data home.'}"


def _safe_part(message: str) -> str:
    for beginning in _SAFE_BEGINNINGS:
        at = message.find(beginning)
        if at >= 0:
            return message[at:].removeprefix("wordround: ").split("\n\n  >")[0].strip()
    return ""
