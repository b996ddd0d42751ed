"""The fields of a row beside its answers, as the connector of its source reads them."""

from typing import NamedTuple


class RowFields(NamedTuple):
    """What a row holds beside its answers; fields as in Comment."""

    rating: int | None = None
    rating_max: int | None = None
    rating_note: str | None = None
    title: str | None = None
    site_code: str | None = None
    author_role: str | None = None
    language: str | None = None
    collection_mode: str | None = None
    country: str | None = None


class CellUnusable(Exception):
    """A cell that sends its whole row to quarantine: the column and the reason, never the content."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason
