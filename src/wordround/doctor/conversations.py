"""Conversations: what is wrong with those that are declared."""

from collections.abc import Iterator

from wordround.conversations import declared
from wordround.doctor.finding import Finding, attention, ok
from wordround.errors import RecordsFailed, RegistryInvalid, SettingsInvalid, StorageFailed
from wordround.folders import documentation
from wordround.settings import Settings


def conversations(settings: Settings) -> Iterator[Finding]:
    """Look at each declaration. Of records and registers that cannot be read the doctor speaks elsewhere."""
    try:
        known, faults = declared.examined(settings)
    except (RecordsFailed, RegistryInvalid, SettingsInvalid, StorageFailed):
        return
    to_do = f"Correct it: {documentation('settings.md#conversations')}."
    for fault in faults:
        yield attention("conversations", "declared", fault, to_do)
    if known and not faults:
        yield ok("conversations", "declared", f"{known} can be collected")
