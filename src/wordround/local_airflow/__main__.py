"""Airflow's own command line for the Airflow of this installation: `python -m wordround.local_airflow dags list`."""

import os
import sys

from wordround.local_airflow import bundles
from wordround.local_airflow.environment import FIRST_PORT, airflow_home, environment, prepare
from wordround.local_airflow.processes import launcher
from wordround.settings import load_settings


def main() -> None:
    """Become `airflow` with the arguments given, in the environment that the components have."""
    owner = bundles.several() or load_settings()
    prepare(owner)
    port = int((launcher(airflow_home(owner)) or {}).get("port", FIRST_PORT))
    command = [sys.executable, "-m", "airflow", *sys.argv[1:]]
    os.execve(sys.executable, command, environment(owner, port))  # noqa: S606


if __name__ == "__main__":
    main()
