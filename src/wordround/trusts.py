"""Several trusts on one installation: a folder that holds each trust's own, and what a process of one trust is told.

`WORDROUND_TRUSTS` names the folder. Each folder in it is a trust, called by a code of small letters and digits, with
its own `wordround.toml`, `.env` and `data/`. A process works for one of them: `enter` leaves it the variables of that
trust's `.env` and none of another's. Airflow imports this with every DAG: it imports nothing that takes long.
"""

import os
import re
import tomllib
from pathlib import Path

from wordround.errors import SettingsInvalid, TrustUnusable
from wordround.folders import SETTINGS_FILE

ALL, ONE = "WORDROUND_TRUSTS", "WORDROUND_TRUST"
# The folder beside the trusts' with what their public figures say together.
UNION = "union"
# Whoever keeps the installation, as a user of its Airflow.
KEEPER = "wordround"

_NAME = re.compile(r"[a-z0-9]{3,30}")
_BETWEEN = "__"
_SECRETS = ".env"
# What of a trust is given by where it lies.
_OF_THE_PLACE = (ALL, ONE, "WORDROUND_CONFIG", "WORDROUND_HOME")


def folder() -> Path | None:
    """Return the folder of the trusts; None where the installation is one trust's. Raises SettingsInvalid."""
    named = os.environ.get(ALL)
    if named is None:
        return None
    place = Path(named).expanduser().resolve()
    if not named.strip() or not place.is_dir():
        raise SettingsInvalid(f"{ALL}: names no folder. It holds the own folder of each trust, and nothing else.")
    return place


def names() -> list[str]:
    """Return what the folders in that of the trusts are called, whether they can be used or not; hidden ones are none.

    Raises SettingsInvalid.
    """
    place = folder()
    if place is None:
        return []
    try:
        return sorted(
            path.name for path in place.iterdir() if path.is_dir() and path.name[0] != "." and path.name != UNION
        )
    except OSError as error:
        raise SettingsInvalid(f"{ALL}: its folder cannot be read ({error.strerror}).") from error


def usable() -> tuple[list[str], dict[str, str]]:
    """Return the names of the trusts that can be used, and of the others what is wrong with each."""
    wrong = {}
    for name in names():
        try:
            check(name)
        except TrustUnusable as error:
            wrong[name] = str(error)
    return [name for name in names() if name not in wrong], wrong


def current() -> str | None:
    """Return the trust that this process works for; None where the installation is one trust's."""
    return os.environ.get(ONE)


def is_name(name: str) -> bool:
    """Return whether a trust may be called so."""
    return bool(_NAME.fullmatch(name)) and name not in (UNION, KEEPER)


def check(name: str) -> None:
    """Raise TrustUnusable, which says why, where a folder holds no trust; what its settings mean is not looked at."""
    own = _own_folder(name)
    try:
        tomllib.loads((own / SETTINGS_FILE).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TrustUnusable(f"{name}: its {SETTINGS_FILE} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrustUnusable(f"{name}: its {SETTINGS_FILE} is not valid TOML: {error}") from error
    _secrets(name, own)
    home = home_of(name).resolve()
    for other in names():
        theirs = home_of(other).resolve()
        if other != name and (home.is_relative_to(theirs) or theirs.is_relative_to(home)):
            raise TrustUnusable(f"{name}: its data/ leads to that of {other}. Each trust has a data home of its own.")


def airflow_home() -> Path:
    """Return where the Airflow of all trusts keeps its state."""
    return _place() / ".airflow"


def dag_folders() -> Path:
    """Return the folder that holds a folder a trust, by which Airflow reads its DAGs."""
    return airflow_home() / "dags"


def union_folder() -> Path:
    """Return the folder of what the public figures of all trusts say together."""
    return _place() / UNION


def home_of(name: str) -> Path:
    """Return where the data of a trust lie. It may be a link to another disk."""
    return _place() / name / "data"


def settings_of(name: str) -> Path:
    """Return the settings file of a trust."""
    return home_of(name).with_name(SETTINGS_FILE)


def variables(name: str) -> dict[str, str]:
    """Return every variable that a process of this trust is told: of its `.env`, and of where it lies.

    Raises TrustUnusable.
    """
    own = _own_folder(name)
    of_the_place = (str(own.parent), name, str(settings_of(name)), str(home_of(name)))
    return _secrets(name, own) | dict(zip(_OF_THE_PLACE, of_the_place, strict=True))


def enter(name: str) -> None:
    """Let this process work for one trust: it keeps no variable of another one. Raises TrustUnusable."""
    check(name)
    own = variables(name)
    for variable in [variable for variable in os.environ if _is_of_another(variable, name)]:
        del os.environ[variable]
    os.environ.update(own)


def called(kind: str, name: str | None) -> str:
    """Return what a DAG, an asset or a pool of a trust is called; as before where the installation is one trust's."""
    return f"{kind}{_BETWEEN}{name}" if name else kind


def parted(dag_id: str) -> tuple[str, str | None]:
    """Return of a DAG which kind it is, and whose; None where the installation is one trust's."""
    kind, _, name = dag_id.partition(_BETWEEN)
    return kind, name or None


def _place() -> Path:
    place = folder()
    assert place is not None, "asked only where there are several"  # noqa: S101 - for the type checker
    return place


def _own_folder(name: str) -> Path:
    place = folder()
    if place is None:
        raise TrustUnusable(f"{name}: {ALL} names no folder of several trusts.")
    if not is_name(name):
        # The name is not repeated: on a command line it may be anything.
        raise TrustUnusable(
            f"A folder of {place} has a name that no trust has: three to thirty small letters and digits, such as the "
            f"ODS code, and neither {UNION} nor {KEEPER}."
        )
    if not (place / name).is_dir():
        raise TrustUnusable(f"{name}: {place} has no folder of this name. It has: {', '.join(names()) or 'none'}.")
    return place / name


def _secrets(name: str, own: Path) -> dict[str, str]:
    """Read a trust's `.env`, where there is one: NAME=value, a line each, taken as it stands."""
    from dotenv.parser import parse_stream

    try:
        with (own / _SECRETS).open(encoding="utf-8-sig") as lines:
            found = list(parse_stream(lines))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise TrustUnusable(f"{name}: its {_SECRETS} cannot be read ({type(error).__name__}).") from error
    secrets = {}
    for each in found:
        where = f"{name}: {_SECRETS}, line {each.original.line}"
        if each.error or (each.key and each.value is None):
            raise TrustUnusable(f"{where}: is no NAME=value.")
        if each.key is None or each.value is None:
            continue
        if not each.key.startswith("WORDROUND_"):
            raise TrustUnusable(f"{where}: only WORDROUND_ variables are a trust's; others are set for the machine.")
        if each.key in _OF_THE_PLACE:
            raise TrustUnusable(f"{where}: {each.key} follows from where the trust's folder lies.")
        secrets[each.key] = each.value
    return secrets


def _is_of_another(variable: str, name: str) -> bool:
    """Whether a process of this trust may not have a variable: connections of Airflow may stand in variables too."""
    if variable.startswith("AIRFLOW_CONN_"):
        own = (f"AIRFLOW_CONN_WORDROUND_{name}_".upper(), f"AIRFLOW_CONN__{name}___".upper())
        return not variable.startswith(own)
    return variable.startswith("WORDROUND_")
