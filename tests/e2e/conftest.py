"""The built wheel in an environment of its own, and the demo that runs from it, once for all who look at either."""

import json
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.fixtures.wheel import answer, brought, lay, run

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the built wheel, and sees the dependencies of the one that runs the tests."""
    folder, uv = tmp_path_factory.mktemp("wheel"), Path(sys.executable).with_name("uv")
    built = run(uv, "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "-o", folder, cwd=PROJECT)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    made = run(uv, "venv", "--offline", "--python", sys.executable, environment, cwd=folder)
    assert made.returncode == 0, made.stderr
    python = environment / "bin" / "python"
    done = run(uv, "pip", "install", "--offline", "--no-deps", "--python", python, wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    (packages,) = environment.glob("lib/python*/site-packages")
    # A path in a .pth file is searched, but its own .pth files are not read: the clone's src/ stays out of sight.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment


@pytest.fixture(scope="session")
def as_brought(installed: Path) -> dict[Path, tuple[int, int]]:
    """The files that the wheel brought, before anything ran."""
    return brought(installed)


@pytest.fixture(scope="session")
def demo(installed: Path, as_brought: dict[Path, tuple[int, int]], tmp_path_factory: pytest.TempPathFactory):
    """(outcome, data home, what it printed) of the demo in the folder of a trust that has answered for itself."""
    folder, unwritable = tmp_path_factory.mktemp("demonstrated"), tmp_path_factory.mktemp("nobody")
    unwritable.chmod(0o500)
    own = lay(installed, folder)
    answer(own)
    code = (
        "import json; from wordround import demo; from wordround.settings import load_settings as s; "
        "demo.choose_surroundings(); o = demo.run(s()); print(json.dumps([o, demo.tell(o)]))"
    )
    surroundings = {"HOME": str(unwritable), "AIRFLOW__CORE__EXECUTOR": "of somebody else"}
    done = run(installed / "bin" / "python", "-c", code, cwd=own, **surroundings)
    assert done.returncode == 0, done.stderr[-3000:]
    outcome, told = json.loads(done.stdout)
    return outcome, own / "data" / "demo", done.stderr + told
