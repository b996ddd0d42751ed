"""The drop folders that there are, and which of them an erasure does not reach as a whole."""

from pathlib import Path

from wordround.connectors.files.settings import sources_of_tables
from wordround.settings import Settings


def drop_folders(settings: Settings) -> list[Path]:
    """Return the drop folders that there are, as the settings name them."""
    blocks = sources_of_tables(settings.sources).values()
    return [folder for folder in sorted({settings.shared / block.drop_folder for block in blocks}) if folder.is_dir()]


def beyond(settings: Settings, folder: Path) -> str | None:
    """Say why an erasure does not reach all that a drop folder keeps; None where it does."""
    home = settings.shared.resolve()
    if not folder.resolve().is_relative_to(home):
        return "lies outside WORDROUND_HOME, where nothing is removed"
    if folder.stat().st_dev != home.stat().st_dev:
        return "is a share or a file system of its own, which may keep snapshots or a recycle bin"
    return None
