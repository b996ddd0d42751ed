"""The manifest of a landed batch: what became of each of its rows. What has no manifest was never landed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from wordround.settings import Settings
from wordround.storage import write_whole

Manifest = dict[str, Any]

LINKS = "wordround.links"
ROWS = ("in", "landed", "no_answer", "reshared", "repeated", "quarantined", "refused", "erased")


def link_count_of(path: Path) -> int:
    """Return under how many keys the ids of a landed file are; files from before there was a chain do not say."""
    return int((pq.read_schema(path).metadata or {}).get(LINKS.encode(), b"1"))


def write_manifest(settings: Settings, manifest: Manifest) -> None:
    """Write the manifest of a batch beside its Parquet file."""
    path = (settings.home / manifest["parquet"]).with_suffix(".json")
    write_whole(path, json.dumps(manifest, indent=2, ensure_ascii=False))


def landed(settings: Settings, source: str = "*") -> Iterator[Manifest]:
    """Yield the manifests of everything landed, oldest first."""
    for path in sorted(
        settings.landing.glob(f"{source}/*/*.json"), key=lambda path: (path.parent.name, path.stat().st_mtime_ns)
    ):
        if not path.name.startswith("."):
            yield json.loads(path.read_text(encoding="utf-8"))
