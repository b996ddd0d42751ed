"""The environment that makes an Airflow private to one data home, or to the trusts of one installation.

The variables of every component and the private files that they name (keys, passwords, log folder) lie below
`<home>/airflow`, or `.airflow` beside the trusts, and are readable by their owner alone. Airflow settings of the
caller's shell belong to some other Airflow and are dropped; nothing listens but on loopback.
"""

import json
import os
import secrets
import socket
from base64 import urlsafe_b64encode
from pathlib import Path

from wordround import trusts
from wordround.errors import AirflowFailed, SettingsInvalid
from wordround.folders import DAGS
from wordround.local_airflow import bundles, workers
from wordround.local_airflow.bundles import SeveralTrusts
from wordround.settings import Settings

# Whose Airflow it is.
Owner = Settings | SeveralTrusts

USER = trusts.KEEPER
LOOPBACK = "127.0.0.1"
FIRST_PORT = 8080
LAST_PORT = 8099
LOCK_PATIENCE = 60  # seconds

# Great Expectations and dbt write hundreds of information lines through Airflow's handlers.
QUIET = ("great_expectations", "alembic", "httpx", "asyncio", "botocore", "matplotlib")


def airflow_home(owner: Owner) -> Path:
    """Where this Airflow keeps its database, logs, keys and process list: one of several trusts has that of all."""
    if isinstance(owner, SeveralTrusts) or owner.environment.trust is not None:
        return trusts.airflow_home()
    return owner.home / "airflow"


def password_file(owner: Owner) -> Path:
    """JSON object {user: password}, mode 0600."""
    return airflow_home(owner) / "password.json"


def user_of(owner: Owner) -> str:
    """As whom this Airflow is asked: one of several trusts sees and starts its own DAGs alone."""
    return (None if isinstance(owner, SeveralTrusts) else owner.environment.trust) or USER


def prepare(owner: Owner) -> None:
    """Make the folders and the private files that components expect to find. Existing keys are kept."""
    home = airflow_home(owner)
    for folder in (home, home / "logs", home / "run", logs(owner)):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # An empty file: otherwise Airflow writes one of 3,000 lines with keys in it.
    write_private(home / "airflow.cfg", "# Everything is set by environment variables: wordround.local_airflow\n")
    keys = {"fernet_key": urlsafe_b64encode(secrets.token_bytes(32)).decode()}
    keys |= {name: secrets.token_hex(32) for name in ("secret_key", "jwt_secret", "broker_password")}
    kept = json.loads((home / "keys.json").read_text()) if (home / "keys.json").exists() else {}
    if keys.keys() - kept.keys():
        write_private(home / "keys.json", json.dumps(keys | kept))
    known = json.loads(password_file(owner).read_text()) if password_file(owner).exists() else {}
    users = [USER]
    if isinstance(owner, SeveralTrusts):
        bundles.lay(owner)
        users += owner.names
    if new := {user: secrets.token_urlsafe(12) for user in users if user not in known}:
        write_private(password_file(owner), json.dumps(known | new))


def logs(owner: Owner) -> Path:
    """Where tasks write what they say: all homes of an installation write it where Airflow's page reads it."""
    if isinstance(owner, SeveralTrusts) or owner.environment.trust is not None:
        return airflow_home(owner) / "logs"
    return owner.shared / "airflow" / "logs"


def with_workers(owner: Owner) -> Settings | None:
    """Return the settings of an Airflow whose tasks go to workers; None of any other."""
    return owner if not isinstance(owner, SeveralTrusts) and owner.engine.executor == "celery" else None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)


def environment(owner: Owner, port: int, impatient: bool = False) -> dict[str, str]:
    """Environment variables of all components. `impatient` polls more often, for a demo or a test."""
    home = airflow_home(owner)
    keys = json.loads((home / "keys.json").read_text())
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    address = f"http://{LOOPBACK}:{port}"
    no_proxy = ",".join(part for part in (os.environ.get("NO_PROXY", ""), LOOPBACK, "localhost") if part)
    options = {
        "CORE__DAGS_FOLDER": DAGS,
        "CORE__PLUGINS_FOLDER": home / "plugins",
        "CORE__LOAD_EXAMPLES": False,
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": 4,
        "CORE__FERNET_KEY": keys["fernet_key"],
        "CORE__HOSTNAME_CALLABLE": "socket.gethostname",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": False,
        "CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": password_file(owner),
        "DATABASE__SQL_ALCHEMY_CONN": _database(owner, home),
        "API__HOST": LOOPBACK,
        "API__PORT": port,
        "API__BASE_URL": address,
        "API__WORKERS": 1,
        "API__SECRET_KEY": keys["secret_key"],
        "API_AUTH__JWT_SECRET": keys["jwt_secret"],
        "API_AUTH__JWT_ISSUER": "wordround",
        "LOGGING__BASE_LOG_FOLDER": logs(owner),
        "LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": home / "logs" / "dag_processor",
        "LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
        "LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
        "LOGGING__COLORED_CONSOLE_LOG": False,
        "LOGGING__NAMESPACE_LEVELS": " ".join(f"{logger}=WARNING" for logger in QUIET),
        "DAG_PROCESSOR__DAG_BUNDLE_STORAGE_PATH": home / "bundles",
        "DAG_PROCESSOR__REFRESH_INTERVAL": 60,
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": 60,
        "SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_HOST": LOOPBACK,
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": 0.2 if impatient else 1,
        # A worker notices the end of its task at a heartbeat.
        "WORKERS__MIN_HEARTBEAT_INTERVAL": 1,
        "USAGE_DATA_COLLECTION__ENABLED": False,
    }
    if settings := with_workers(owner):
        options |= workers.options(home, settings)
    if isinstance(owner, SeveralTrusts):
        options |= bundles.options(owner)
        own = owner.variables()
        # Whatever one trust was told in this shell is not for the tasks of all.
        inherited = {name: value for name, value in inherited.items() if not name.startswith("WORDROUND_")}
    else:
        own = {"WORDROUND_HOME": str(owner.home), "WORDROUND_CONFIG": str(owner.environment.config.resolve())}
    return (
        inherited
        | {f"AIRFLOW__{name}": str(value) for name, value in options.items()}
        | {
            "AIRFLOW_HOME": str(home),
            "AIRFLOW_CONFIG": str(home / "airflow.cfg"),
            **own,
            # Tasks speak to the API server over loopback: a trust's web proxy must not stand between.
            "NO_PROXY": no_proxy,
            "no_proxy": no_proxy,
            "DO_NOT_TRACK": "1",
            "GX_ANALYTICS_ENABLED": "false",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
    )


def _database(owner: Owner, home: Path) -> str:
    """Return the address of Airflow's database, by the driver that its components have. Raises SettingsInvalid."""
    given = None if isinstance(owner, SeveralTrusts) else owner.environment.airflow_database_url
    if given is None:
        # SQLite's own five seconds are too few for four components on a busy disk: a request would fail with "locked".
        return f"sqlite:///{home / 'airflow.db'}?timeout={LOCK_PATIENCE}"
    address = given.get_secret_value()
    kind, _, rest = address.partition("://")
    if kind not in ("postgresql", "postgres", "postgresql+psycopg2") or not rest:
        raise SettingsInvalid(
            "WORDROUND_AIRFLOW_DATABASE_URL: names no Postgres database; postgresql://user:password@host/database is "
            "its form."
        )
    return f"postgresql+psycopg2://{rest}"


def choose_port(wanted: int | None) -> int:
    """The wanted port, or the first free one from 8080. Raises AirflowFailed where there is none."""
    candidates = [wanted] if wanted else range(FIRST_PORT, LAST_PORT + 1)
    for port in candidates:
        with socket.socket() as probe:
            # As the server itself does: a port in TIME_WAIT is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    taken = f"Port {wanted} is" if wanted else f"Ports {FIRST_PORT} to {LAST_PORT} are all"
    raise AirflowFailed(f"{taken} in use. Set WORDROUND_AIRFLOW_PORT to a free port.")
