"""Each script runs in its own process with a throwaway AIRFLOW_HOME: Airflow reads it when it is imported."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]


@pytest.fixture(scope="session")
def run_script():
    """A function that runs a script of this folder against a data home and returns its process."""

    def run(script: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        from wordround.local_airflow.environment import environment, prepare
        from wordround.settings import load_settings

        settings = load_settings()
        settings = settings.model_copy(
            update={"environment": settings.environment.model_copy(update={"home": home.resolve()})}
        )
        prepare(settings)
        variables = environment(settings, port=1) | {"WORDROUND_SMTP_PORT": "1", "PATH": os.environ["PATH"]}
        command = [sys.executable, str(HERE / script), *arguments]
        return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=900, check=False)

    return run


@pytest.fixture(scope="session")
def described(run_script, tmp_path_factory) -> dict[str, Any]:
    """Every DAG of dags/, as read by Airflow's own parser."""
    home = tmp_path_factory.mktemp("described")
    done = run_script("describe_dags.py", home, str(PROJECT / "dags"), str(home / "dags.json"))
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads((home / "dags.json").read_text())


@pytest.fixture(scope="session")
def dags(described) -> dict[str, Any]:
    return described["dags"]
