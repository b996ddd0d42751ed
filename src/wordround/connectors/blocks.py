"""The settings that every source has. A connector declares its own block on top of these."""

from pathlib import Path
from typing import ClassVar

from wordround.governance import Block, SourceGovernance


class Source(Block):
    """What every source has. It is not read before its governance is complete."""

    is_public: ClassVar[bool] = False  # whether people wrote for everybody to read

    enabled: bool = True
    governance: SourceGovernance = SourceGovernance()


class FolderSource(Source):
    """A source of files that a trust puts into a folder."""

    drop_folder: Path
