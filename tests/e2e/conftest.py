"""The demo, run once for every test that looks at what it leaves behind."""

import json
import os
import subprocess
import sys

import pytest


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """(outcome, data home, what it printed)."""
    home = tmp_path_factory.mktemp("demo") / "home"
    unwritable = tmp_path_factory.mktemp("nobody")
    unwritable.chmod(0o500)
    code = (
        "import json; from wordround import demo; from wordround.settings import load_settings as s; o = demo.run(s())"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print(json.dumps([o, demo.tell(o)]))"],
        env=os.environ
        | {"WORDROUND_HOME": str(home), "HOME": str(unwritable), "AIRFLOW__CORE__EXECUTOR": "of somebody else"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    outcome, told = json.loads(done.stdout)
    return outcome, home, done.stderr + told
