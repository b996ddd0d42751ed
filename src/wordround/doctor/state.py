"""How old the published figures, the last erasure and the last backup are, and whether the disk has room for more.

Times and sizes of files and the manifest of the publication say so; no table is read.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wordround.doctor.finding import Finding, attention, missing, ok
from wordround.folders import documentation
from wordround.identity import known_backups
from wordround.published.editions import all_editions
from wordround.records import erasure_receipts
from wordround.settings import Settings

_STALE_AFTER = timedelta(days=2)
_CLOCKS_DIFFER = timedelta(minutes=5)
_GIGABYTE = 10**9
# A build holds the warehouse, what it spills, and the old and the new publication with their Parquet copies.
_ROOM = 4
_LEAST = 2 * _GIGABYTE


def freshness(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look at when figures were last published, and when something was last erased where there is a log of it."""
    path = settings.published / "manifest.json"
    try:
        published = datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["published_at"])
    except FileNotFoundError:
        yield attention("freshness", "published", "nothing has been published yet", "wordround run")
    except (OSError, ValueError, KeyError, TypeError):
        says = "the manifest of the publication cannot be read"
        yield missing("freshness", "published", says, "wordround publish")
    else:
        yield _age(
            "published", published, now, f"Look at the last run in Airflow: {documentation('runbook.md#build_marts')}."
        )
    log = erasure_receipts.path_of(settings)
    if log.is_file():
        last = datetime.fromtimestamp(log.stat().st_mtime, UTC)
        yield ok("freshness", "erasure", f"the last entry of the erasure log is of {last:%Y-%m-%d %H:%M} UTC")


def edition(settings: Settings) -> Iterator[Finding]:
    """Look at which edition the public reads, and whether every edition is as it was made."""
    made = all_editions(settings)
    if not made:
        yield ok("freshness", "public edition", "there is none yet; the first is made when a month has closed")
        return
    try:
        changed = [each.number for each in made if not each.is_as_made]
        latest = made[-1].manifest
        last = max(month for months in latest["months"].values() for month in months)
    except (OSError, ValueError, KeyError, TypeError):
        says = "the manifest or the database of an edition cannot be read"
        yield missing("freshness", "public edition", says, "Bring published/public/editions back from the backup.")
        return
    for number in changed:
        says = f"edition {number} is not as it was made: somebody has written to it"
        yield missing("freshness", "public edition", says, "Bring its folder back from the backup.")
    when = datetime.fromisoformat(latest["published_at"]).astimezone(UTC)
    says = f"edition {made[-1].number} is public: months to {last}, made on {when:%Y-%m-%d at %H:%M} UTC"
    yield ok("freshness", "public edition", says)


def backup(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look at when a backup was last made, and whether those that were made are where they were put."""
    made = known_backups.known(settings)
    to_do = f"wordround backup FOLDER: {documentation('runbook.md#backup')}."
    if not made:
        yield attention("freshness", "backup", "none was made of this home by `wordround backup`", to_do)
        return
    yield _age("backup", datetime.fromisoformat(made[-1].made_at), now, to_do)
    for one in made:
        if not Path(one.path).is_file():
            says = f"{one.path} is not there: an erasure cannot tell it what a restore must not bring back"
            yield attention("freshness", "backup", says, f"Where it was moved: {documentation('runbook.md#backup')}.")


def _age(subject: str, moment: datetime, now: datetime, to_do: str) -> Finding:
    says = f"last on {moment.astimezone(UTC):%Y-%m-%d at %H:%M} UTC"
    if moment - now > _CLOCKS_DIFFER:
        says += f", and this machine's clock says {now.astimezone(UTC):%Y-%m-%d %H:%M}: it is behind, or it was ahead"
        return attention("freshness", subject, says, f"Set the clock (NTP): {documentation('runbook.md#the-clock')}.")
    if now - moment > _STALE_AFTER:
        return attention("freshness", subject, f"{says}, more than {_STALE_AFTER.days} days ago", to_do)
    return ok("freshness", subject, says)


def disk(settings: Settings) -> Iterator[Finding]:
    """Look at the room that is left for the next run."""
    folder = next(place for place in (settings.home, *settings.home.parents) if place.is_dir())
    free = shutil.disk_usage(folder).free
    files = settings.lake.rglob("*") if settings.engine.is_lake else (settings.warehouse_file,)
    size = sum(path.stat().st_size for path in files if path.is_file())
    wanted = max(_LEAST, _ROOM * size)
    says = f"{free / _GIGABYTE:.1f} GB are free; a run may need {wanted / _GIGABYTE:.1f} GB"
    if free < size:
        yield missing("disk", str(folder), says, "Make room: the next run will be refused.")
    elif free < wanted:
        yield attention("disk", str(folder), says, "Make room before the history grows.")
    else:
        yield ok("disk", str(folder), says)
