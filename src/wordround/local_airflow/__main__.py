"""Airflow's own command line for the Airflow of this data home: `python -m wordround.local_airflow dags list`."""

import os
import sys

from wordround.local_airflow.environment import FIRST_PORT, airflow_home, environment, prepare
from wordround.local_airflow.processes import launcher
from wordround.settings import load_settings


def main() -> None:
    """Become `airflow` with the arguments given, in the environment that the components have."""
    settings = load_settings()
    prepare(settings)
    port = int((launcher(airflow_home(settings)) or {}).get("port", FIRST_PORT))
    command = [sys.executable, "-m", "airflow", *sys.argv[1:]]
    os.execve(sys.executable, command, environment(settings, port))  # noqa: S606


if __name__ == "__main__":
    main()
