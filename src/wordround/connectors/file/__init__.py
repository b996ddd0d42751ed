"""What may be kept of any other tables, and the block `[sources.file]` of the settings."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from wordround.connectors.file import ready
from wordround.connectors.file.column_maps import AuthorRole, Layout
from wordround.connectors.file.ready import ReadyName
from wordround.connectors.files.settings import TableSource
from wordround.connectors.terms import SourceTerms

__all__ = ["TERMS", "AuthorRole", "Block", "Layout"]

# Nothing is quoted, because the tables may hold complaints, enquiries and texts that others published.
TERMS = SourceTerms(
    keeps_author_key=False,
    needs_locator=False,
    locator_days=0,
    may_quote_verbatim=False,
    is_social=False,
    reads="any other tables: surveys, complaints, enquiries, reviews",
)


class Block(TableSource):
    """`[sources.file]`."""

    enabled: bool = False
    drop_folder: Path = Path("inbox/file")
    earliest_date: date = date(2000, 1, 1)
    # Renaming a layout renames its rows: the name is part of their key.
    layouts: Mapping[Annotated[str, Field(pattern=r"^[\w-]+$")], Layout] = Field(default_factory=dict)
    ready_layouts: tuple[ReadyName, ...] = Field(
        default=(), description="layouts of well-known exports, which find their columns by the names they usually have"
    )

    @model_validator(mode="after")
    def _has_a_layout(self) -> Self:
        if not self.layouts and not self.ready_layouts:
            raise ValueError("name a layout: a column map under `layouts`, or one of `ready_layouts`")
        return self

    @property
    def wanted(self) -> list[tuple[str, ...]]:
        return [*super().wanted, *(columns for name in self._ready for columns in ready.LAYOUTS[name].headers())]

    def layouts_for(self, header: Sequence[str], file_name: str) -> Mapping[str, Layout]:
        if any(ready.has_columns(layout, header) for layout in self.layouts.values()):
            return self.layouts
        return {**ready.most_telling(file_name, header, self._ready), **self.layouts}

    def all_layouts(self) -> Mapping[str, Layout]:
        """Return every layout that a row of a file can have come by."""
        return {**self.layouts, **ready.all_fitted((), self._ready)}

    def id_columns(self) -> dict[str, tuple[str, ...]]:
        return {**{name: ready.LAYOUTS[name].id for name in self._ready}, **super().id_columns()}

    @property
    def _ready(self) -> tuple[ReadyName, ...]:
        """The ready layouts that are in use. A column map of the same name replaces one."""
        return tuple(name for name in self.ready_layouts if name not in self.layouts)
