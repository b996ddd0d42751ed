"""What a release is made of: its images are named by what is in them, and its tag is the version of the package."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[2]
DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")


def test_every_image_that_is_not_made_here_is_pinned_by_its_digest() -> None:
    compose = (PROJECT / "docker-compose.yml").read_text()
    built = yaml.safe_load(compose)["services"].values()
    images = {service["image"] for service in built if "build" not in service and "image" in service}
    images |= set(re.findall(r"^FROM (\S+)", (PROJECT / "Dockerfile").read_text(), re.MULTILINE))
    ours = {image for image in images if image.startswith("wordround:")}
    (undigested,) = (image for image in sorted(images - ours) if not DIGEST.search(image))
    # Until somebody with a registry at hand pins it: the file says so beside it, and how.
    assert re.fullmatch(r"redis:\d+\.\d+\.\d+-alpine", undigested)
    assert "A tag and no digest" in compose.partition(undigested)[0].rpartition("  redis:")[2]
    assert len(images - ours) == 4


def test_a_tag_of_another_version_is_refused() -> None:
    command = [sys.executable, PROJECT / "release.py", "--uv", "uv", "--sbom", "cyclonedx-py", "--tag", "v9.9.9"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "v9.9.9 is not the version of pyproject.toml: v0.1.0" in done.stderr


def test_no_workflow_puts_what_a_stranger_wrote_into_a_shell() -> None:
    for path in (PROJECT / ".github" / "workflows").glob("*.yml"):
        for job in yaml.safe_load(path.read_text())["jobs"].values():
            assert not [step for step in job["steps"] if "${{" in step.get("run", "")]


def test_published_workflows_call_what_the_makefile_has() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    called = {
        target
        for path in (PROJECT / ".github" / "workflows").glob("*.yml")
        for job in yaml.safe_load(path.read_text())["jobs"].values()
        for step in job["steps"]
        for target in re.findall(r"make ([a-z-]+)", step.get("run", ""))
    }
    assert {"test", "demo", "release"} == called
    assert called <= targets
