"""Where things lie: what Wordround brings (DAGs, dbt project, gates, sample data, pages), and the trust's own folder.

In a clone both are the clone. An installed package brings its own below `wordround/project/`, which nobody writes to;
the trust's folder is the one that holds its `wordround.toml`, and its data lie there in `data/` unless WORDROUND_HOME
says otherwise. How a message names a page of the documentation, or what brings a lacking part back, depends on the same
and is said here alone.
"""

import os
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent

IS_INSTALLED = (PACKAGE / "project").is_dir()
PROJECT = PACKAGE / "project" if IS_INSTALLED else PACKAGE.parents[1]
DAGS = PROJECT / "dags"
DBT = PROJECT / "dbt"
EXPECTATIONS = PROJECT / "expectations"
SAMPLE_DATA = PROJECT / "sample_data"
REFERENCE = DBT / "seeds" / "reference"
DOCS = PROJECT / "docs"
CODE_FRAMES = PACKAGE / "understand" / "code_frames"

SETTINGS_FILE = "wordround.toml"
# The seeds that a trust may have its own of: a file of this name in its folder takes the place of the one brought.
OWN_REFERENCE = ("services.csv", "organisations.csv", "organisation_accounts.csv", "rebase_dates.csv")
# The code frames: a file of this name in the trust's folder takes the place of the one in CODE_FRAMES.
OWN_CODE_FRAMES = (
    "patient_experience_headings.csv", "patient_experience_cues.csv",
    "lived_experience_headings.csv", "lived_experience_cues.csv", "own_frame_headings.csv", "own_frame_cues.csv",
)  # fmt: skip
# Read by earlier versions, and by none since the frame of patient experience has headings.
RETIRED_CODE_FRAMES = ("themes.csv", "theme_cues.csv", "theme_minor_categories.csv")

# By make and git in a clone, by pip elsewhere.
_REMEDIES = {
    "python": ("make PYTHON=python3.12 demo", "python3.12 -m venv FOLDER, and install Wordround there."),
    "packages": ("Remove .venv and run make again.", "Install Wordround again, into a new environment."),
    "sample data": ("`git checkout sample_data` brings them back.", "Install Wordround again, into a new environment."),
    "psycopg": ("pip install -r requirements-postgres.lock", "pip install 'wordround[postgres]'"),
    "celery": ("pip install -r requirements-celery.lock", "pip install 'wordround[celery]'"),
    "ducklake": ("pip install -r requirements-ducklake.lock", "pip install 'wordround[ducklake]'"),
}


def remedy(lack: str) -> str:
    """Return what brings this part of the installation back, in a clone or in an installed package."""
    in_clone, installed = _REMEDIES[lack]
    return installed if IS_INSTALLED else in_clone


def documentation(page: str) -> str:
    """Return where a page lies (`runbook.md#the-keys`), as somebody can open it who has the clone or the package."""
    return str(DOCS / page) if IS_INSTALLED else f"docs/{page}"


def settings_file() -> Path:
    """Return the settings file: WORDROUND_CONFIG names it, else it lies in the current folder, else in the clone."""
    if named := os.environ.get("WORDROUND_CONFIG"):
        return Path(named).expanduser()
    here = Path.cwd() / SETTINGS_FILE
    return here if IS_INSTALLED or here.is_file() else PROJECT / SETTINGS_FILE


def own_folder() -> Path:
    """Return the trust's own folder, where its settings file lies."""
    return settings_file().resolve().parent


def is_own_folder() -> bool:
    """Return whether a trust's own folder is followed, and not the clone: then nothing is written beside the code."""
    return IS_INSTALLED or own_folder() != PROJECT


def data_home() -> Path:
    """Return where data lie unless WORDROUND_HOME says otherwise."""
    return own_folder() / "data"


def reference(name: str) -> Path:
    """Return the seed or code frame of this name that is in force: the trust's own where there is one, else ours.

    Whether there is one is looked at once a process.
    """
    return _reference(name, os.environ.get("WORDROUND_CONFIG", ""), os.getcwd())  # noqa: PTH109 - asked for every row


@cache
def _reference(name: str, _config: str, _current: str) -> Path:
    own = own_folder() / name
    brought = CODE_FRAMES if name in OWN_CODE_FRAMES else REFERENCE
    return own if name in (*OWN_REFERENCE, *OWN_CODE_FRAMES) and own.is_file() else brought / name


def writable_reference(name: str) -> Path:
    """Return where a seed is written that a command makes: where its own file is, else in a clone beside the others."""
    own = own_folder() / name
    return own if own.is_file() or is_own_folder() else REFERENCE / name
