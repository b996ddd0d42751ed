"""What a release holds, below dist/: wheel, source, an SBOM, what changed, checksums. `make release` calls this.

The SBOM (CycloneDX) lists every package of requirements.lock with its version and hashes: what `make demo` and the
image install. Whoever installs the wheel alone gets what its ranges allow then.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
DIST = PROJECT / "dist"


def main() -> None:
    """Build everything anew; a tag that is not the version of pyproject.toml is refused."""
    parser = argparse.ArgumentParser(description="Build what a release holds.")
    parser.add_argument("--uv", required=True)
    parser.add_argument("--sbom", required=True)
    parser.add_argument("--tag", help="the tag that is released: v and the version")
    given = parser.parse_args()
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if given.tag not in (None, f"v{version}"):
        sys.exit(f"{given.tag} is not the version of pyproject.toml: v{version}. Change one of them.")
    shutil.rmtree(DIST, ignore_errors=True)
    run(given.uv, "build", "--quiet", "--no-build-isolation", "--python", Path(given.uv).with_name("python"))
    run(
        given.sbom, "requirements", "requirements.lock", "--pyproject", "pyproject.toml", "--mc-type", "application",
        "--output-reproducible", "--validate", "--output-file", DIST / f"wordround-{version}.cdx.json",
    )  # fmt: skip
    (DIST / "CHANGES.md").write_text(changes(version), encoding="utf-8")
    built = sorted(path for path in DIST.iterdir() if path.name != ".gitignore")
    sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in built)
    (DIST / "SHA256SUMS").write_text(sums, encoding="utf-8")
    print(sums, end="")


def run(*command: object) -> None:
    """Run a command from the root of the clone; what it says is shown, and its failure ends the release."""
    done = subprocess.run([str(part) for part in command], cwd=PROJECT, check=False)
    if done.returncode:
        sys.exit(f"{Path(str(command[0])).name} ended with {done.returncode}.")


def changes(version: str) -> str:
    """Return the part of the changelog on this version."""
    written = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(version)}(?![.\d]).*?(?=^## |\Z)", written, re.MULTILINE | re.DOTALL)
    if not found:
        sys.exit(f"CHANGELOG.md says nothing of {version}.")
    return found[0].replace(" (unreleased)", "", 1)


if __name__ == "__main__":
    main()
