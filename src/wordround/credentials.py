"""The secrets of a source, from the environment or from Airflow's connections, and from nowhere else.

A connector declares the secrets that it needs by name. `WORDROUND_<SOURCE>_<NAME>` comes first; within Airflow the
connection `wordround_<source>` (of several trusts `wordround_<trust>_<source>`) comes next: its login, its password, or
an extra of that name. Secrets never stand in the settings file and are never logged; they are cut out of the words of a
source (connectors/asking/fetching.py).
"""

import os
import sys
from collections.abc import Mapping
from typing import Any

from wordround import trusts
from wordround.connectors import registry
from wordround.errors import CredentialMissing
from wordround.folders import documentation


def variable(source: str, name: str) -> str:
    """Return the environment variable of a secret."""
    return f"WORDROUND_{source}_{name}".upper()


def connection_id(source: str) -> str:
    """Return the name of the Airflow connection of a source; of one of several trusts, that trust's own."""
    trust = trusts.current()
    return f"wordround_{trust}_{source}" if trust else f"wordround_{source}"


def of(source: str) -> dict[str, str]:
    """Return the secrets of a source. Raises CredentialMissing that names what is missing and where it may stand."""
    kind = registry.connector(source)
    wanted: Mapping[str, str] = kind.credentials if kind else {}
    found = {name: value for name in wanted if (value := os.environ.get(variable(source, name), "").strip())}
    if len(found) < len(wanted):
        found = _of_airflow(source, wanted) | found
    optional = kind.optional_credentials if kind else ()
    if missing := [name for name in wanted if name not in found and name not in optional]:
        named = "; ".join(f"{variable(source, name)} ({wanted[name]})" for name in missing)
        raise CredentialMissing(
            f"{source}: nothing was asked, because it is not said who asks. Set {named}, or the Airflow connection "
            f"{connection_id(source)}: {documentation(f'sources/{source}.md')}"
        )
    return found


def _of_airflow(source: str, wanted: Mapping[str, str]) -> dict[str, str]:
    # Only a task of Airflow has its connections; importing it takes seconds that no other caller has to pay.
    if "airflow.sdk" not in sys.modules:
        return {}
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException, AirflowRuntimeError

    try:
        connection: Any = Connection.get(connection_id(source))
    except (AirflowNotFoundException, AirflowRuntimeError):
        return {}
    fields = {"login": connection.login, "password": connection.password, **(connection.extra_dejson or {})}
    if len(wanted) == 1:
        # Of one secret alone, the password is the obvious place.
        fields |= {name: fields.get(name) or connection.password for name in wanted}
    return {name: str(fields[name]) for name in wanted if fields.get(name)}
