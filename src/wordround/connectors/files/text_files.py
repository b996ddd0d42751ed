"""Text in files: UTF-8, UTF-16 or Windows-1252, or a mixture, as hand-merged exports are.

A byte-order mark may be there or not.
"""

import codecs
import io
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from wordround.errors import FileUnreadable

_HEAD_BYTES = 65_536
_LINE_ENDS = ("\n", "\r")


class CutLine(str):
    """What stands for a line that is too long to be read: its end alone."""

    __slots__ = ()


class Lines:
    """The lines of a text; one of more than so many characters is passed over and stands as a CutLine."""

    def __init__(self, text: io.TextIOWrapper, longest: int) -> None:
        self._text, self._longest = text, longest

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._longest + 1)
        if not line:
            raise StopIteration
        if len(line) <= self._longest or line.endswith(_LINE_ENDS):
            return line
        while (rest := self._text.readline(self._longest)) and not rest.endswith(_LINE_ENDS):
            pass
        return CutLine("\n")

    def again(self) -> "Lines":
        """Go back to the first line."""
        self._text.seek(0)
        return self


def open_text(path: Path, file: BufferedReader, newline: str | None, longest: int) -> tuple[Lines, str]:
    """Return the text of an open file, a line of at most `longest` characters at a time, and its start.

    `newline` as for `open`. Raises FileUnreadable where it is no text. The path gives only the name for the error.
    """
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    encoding = _encoding(path, head)
    lines = io.TextIOWrapper(file, encoding=encoding, errors=_ERRORS, newline=newline)
    return Lines(lines, longest), head.decode(encoding, errors="replace")


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[1:64:2].count(0) > 16 and 0 not in head[:64:2]:
        return "utf-16-le"
    if head[:64:2].count(0) > 16 and 0 not in head[1:64:2]:
        return "utf-16-be"
    # A null inside a comment is dirt; in the header it means that the file is no text.
    if b"\x00" in head.replace(b"\r", b"\n").lstrip(b"\n").split(b"\n", 1)[0]:
        raise FileUnreadable(f"{path.name}: is not a text file. If it is a workbook, give it its own ending (.xlsx).")
    return "utf-8-sig"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read a byte that is not UTF-8 as Windows-1252, the usual encoding of British exports."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", errors="replace"), error.end


_ERRORS = "wordround_windows_1252"
codecs.register_error(_ERRORS, _as_windows_1252)
