"""Records: whether the store can be opened and is whole, its revision, and whether files lie about that it replaced.

Makes and migrates nothing. Who may read the file is looked at with all other modes.
"""

from collections.abc import Iterator

from wordround.doctor.finding import Finding, attention, missing, ok
from wordround.errors import RecordsFailed, SettingsInvalid, StorageFailed
from wordround.folders import documentation
from wordround.records import store
from wordround.records.tables import REVISION
from wordround.settings import Settings

# Where what is now in the store was kept before there was one.
_EARLIER = ("alerts/notices.jsonl", "quotes/rewrites.jsonl", "reports/*/sent.json", "spending/*.json")


def records(settings: Settings) -> Iterator[Finding]:
    """Look at the store, and for files that are not read any more."""
    yield _store(settings)
    for pattern in _EARLIER:
        if found := sorted(settings.home.glob(pattern)):
            says = f"{len(found)} here, and not read any more: nothing of it is in the records"
            to_do = "Keep what you need of it, then remove it. What it says was told or sent may go out again."
            yield attention("records", pattern, says, to_do)


def _store(settings: Settings) -> Finding:
    try:
        condition = store.examine(settings)
    except (RecordsFailed, StorageFailed, SettingsInvalid) as error:
        return missing("records", "store", str(error), f"Do what it says; {documentation('runbook.md#the-records')}.")
    if not condition.is_there:
        return ok("records", condition.place, "there is none yet; the first run makes it")
    if condition.revision is None or condition.revision < REVISION:
        says = f"is at revision {condition.revision or 'none'}; the next run brings it to {REVISION}"
        return attention(
            "records", condition.place, says, f"Make a backup first: {documentation('records.md#backup')}."
        )
    if condition.revision > REVISION:
        says = f"is at revision {condition.revision}, and this Wordround knows revisions up to {REVISION}"
        return missing("records", condition.place, says, "Use the Wordround that wrote it.")
    return ok("records", condition.place, f"is whole, at revision {condition.revision}")
