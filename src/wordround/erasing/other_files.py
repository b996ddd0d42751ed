"""Erasing from reports and quality files: those that quote an erased comment, or list its id, are removed."""

import html
import json
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

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
