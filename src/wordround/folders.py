"""Where things lie: what Wordround brings (DAGs, dbt project, gates, sample data, pages), and the trust's own folder.

In a clone both are the clone. An installed package brings its own below `wordround/project/`, which nobody writes to;
the trust's folder is the one that holds its `wordround.toml`, and its data lie there in `data/` unless WORDROUND_HOME
says otherwise.
"""

import os
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

IS_INSTALLED = (_PACKAGE / "project").is_dir()
PROJECT = _PACKAGE / "project" if IS_INSTALLED else _PACKAGE.parents[1]
DAGS = PROJECT / "dags"
DBT = PROJECT / "dbt"
EXPECTATIONS = PROJECT / "expectations"
SAMPLE_DATA = PROJECT / "sample_data"
REFERENCE = DBT / "seeds" / "reference"

SETTINGS_FILE = "wordround.toml"
# The seeds that a trust may have its own of: a file of this name in its folder takes the place of the one brought.
OWN_REFERENCE = (
    "services.csv", "organisations.csv", "organisation_accounts.csv", "rebase_dates.csv",
    "themes.csv", "theme_cues.csv", "theme_minor_categories.csv",
)  # fmt: skip


def settings_file() -> Path:
    """Return the settings file: WORDROUND_CONFIG names it, else it lies in the current folder, else in the clone."""
    if named := os.environ.get("WORDROUND_CONFIG"):
        return Path(named).expanduser()
    here = Path.cwd() / SETTINGS_FILE
    return here if IS_INSTALLED or here.is_file() else PROJECT / SETTINGS_FILE


def own_folder() -> Path:
    """Return the trust's own folder, where its settings file lies."""
    return settings_file().resolve().parent


def data_home() -> Path:
    """Return where data lie unless WORDROUND_HOME says otherwise."""
    return own_folder() / "data"


def reference(name: str) -> Path:
    """Return the seed of this name that is in force: the trust's own where there is one, else the one brought.

    Whether there is one is looked at once a process.
    """
    return _reference(name, os.environ.get("WORDROUND_CONFIG", ""), os.getcwd())  # noqa: PTH109 - asked for every row


@cache
def _reference(name: str, _config: str, _current: str) -> Path:
    own = own_folder() / name
    return own if name in OWN_REFERENCE and own.is_file() else REFERENCE / name


def writable_reference(name: str) -> Path:
    """Return where a seed is written that a command makes: where its own file is, else in a clone beside the others."""
    own = own_folder() / name
    return own if own.is_file() or own_folder() != PROJECT else REFERENCE / name
