"""Limits on what comes from outside: how large, deep, long and slow a file or an answer may be.

They are settings with defaults that hold for what trusts and sources really send; what passes one is refused by name,
and the next file, page or query goes on. Only pydantic is loaded.
"""

from typing import Annotated

from pydantic import Field

from wordround.governance import Block

Count = Annotated[int, Field(ge=1)]


class FileLimits(Block):
    """Limits on one file of a drop folder."""

    file_megabytes: Count = Field(default=500, description="size of a file as it lies")
    unpacked_megabytes: Count = Field(default=1_000, description="size of a workbook's parts once they are unpacked")
    memory_megabytes: Count = Field(
        default=400, description="memory of the process that reads a workbook or a Parquet file"
    )
    seconds: Count = Field(default=600, description="computing time of that process")
    cells: Count = Field(
        default=3_000_000, description="cells of the rectangle from the first to the last filled cell of a sheet"
    )
    rows: Count = Field(default=1_000_000, description="rows of a file")
    columns: Count = Field(default=2_000, description="columns of a file")
    row_characters: Count = Field(default=1_000_000, description="characters of a row; a longer one is set aside")
    text_characters: Count = Field(default=100_000, description="characters of a comment; a longer one is set aside")


class AnswerLimits(Block):
    """Limits on what one source answers."""

    megabytes: Count = Field(default=20, description="size of an answer, once it is unpacked")
    seconds: Count = Field(default=120, description="time that an answer may take in all")
    depth: Count = Field(default=100, description="levels of nesting in an answer")
    items: Count = Field(default=10_000, description="rows of a page")
    pages: Count = Field(default=5_000, description="pages of a listing")
    run_seconds: Count = Field(default=14_400, description="time that asking a source may take in all")
    text_characters: Count = Field(default=100_000, description="characters of a comment; a longer one is set aside")
