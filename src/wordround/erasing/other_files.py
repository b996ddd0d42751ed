"""Erasing from reports, quality files and drop folders.

Reports that quote an erased comment are removed, and so are quality files that list its id and the file in the drop
folder that brought it: a drop folder is no archive. Nothing outside the data home is touched.
"""

import hashlib
import html
import json
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from wordround.collect.files import public_name
from wordround.connectors.files.settings import sources_of_tables
from wordround.land.manifests import landed
from wordround.settings import Settings

_OUR_ID = re.compile(rb"[0-9a-f]{32}")

# A shorter text may be a report's own words.
_SHORTEST_QUOTE = 12


def remove_reports(settings: Settings, comment_ids: set[str], texts: set[str]) -> list[str]:
    """Remove reports that quote one of the comments; return their folders.

    texts: searched for in reports that do not list their quotes. The record that a report was sent stays.
    """
    removed = []
    for folder in sorted(path for path in settings.reports.glob("*") if path.is_dir()):
        if _quotes(folder, comment_ids, texts):
            shutil.rmtree(folder)
            removed.append(str(folder))
    return removed


def remove_quality_files(settings: Settings, comment_ids: set[str]) -> int:
    """Remove lists of failing rows that hold one of the comments; the next run of the gate writes them again."""
    wanted = {one.encode() for one in comment_ids}
    found = [
        path
        for path in settings.quality.rglob("*")
        if path.is_file() and not wanted.isdisjoint(_OUR_ID.findall(path.read_bytes()))
    ]
    for path in found:
        path.unlink()
    return len(found)


def remove_erased_originals(settings: Settings) -> tuple[list[str], list[str]]:
    """Remove files in drop folders that brought an erased comment; return names, and problems of files that stay."""
    brought = {manifest.input_sha256 for manifest in landed(settings) if manifest.rows.erased}
    return remove_originals(settings, brought)


def remove_originals(settings: Settings, sha256s: set[str]) -> tuple[list[str], list[str]]:
    """Remove files in drop folders by their SHA-256; return names, and problems of files that stay."""
    removed: list[str] = []
    left: list[str] = []
    folders = {(settings.home / block.drop_folder).resolve() for block in sources_of_tables(settings.sources).values()}
    for folder in sorted(folders):
        if sha256s and folder.is_relative_to(settings.home.resolve()) and folder.is_dir():
            _remove_originals_of(folder, sha256s, removed, left)
    return removed, left


def _remove_originals_of(folder: Path, sha256s: set[str], removed: list[str], left: list[str]) -> None:
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found in sha256s:
            try:
                path.unlink()
                removed.append(public_name(path))
            except OSError as error:
                left.append(
                    f"{folder / public_name(path)}: brought a comment that was erased and cannot be removed "
                    f"({error.strerror}). Remove it by hand."
                )


def _quotes(folder: Path, comment_ids: set[str], texts: set[str]) -> bool:
    report: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    if "quoted_comment_ids" in report:
        return not comment_ids.isdisjoint(report["quoted_comment_ids"])
    needles = [text for text in texts if len(text) >= _SHORTEST_QUOTE]
    for path in folder.iterdir():
        content = path.read_text(encoding="utf-8", errors="replace")
        written = " ".join((content + "\n" + html.unescape(content)).split())
        if any(" ".join(needle.split()) in written or json.dumps(needle)[1:-1] in content for needle in needles):
            return True
    return False
