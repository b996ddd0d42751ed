"""What a mail brings of a report, so that opening it costs less than a megabyte: as much as there is room for.

The PDF and the page, else one of them, else the page packed, else none: the mail then says where the report lies.
"""

import io
import zipfile
from pathlib import Path
from typing import NamedTuple

MOST_BYTES = 1_000_000

# For headers and the lines between parts.
_MARGIN = 20_000


class Attachment(NamedTuple):
    """A file as it is attached: its name, its type within `maintype/subtype`, and its content."""

    name: str
    maintype: str
    subtype: str
    content: bytes

    @property
    def cost(self) -> int:
        """Bytes that it takes in a message, in base64 with a line end every 76 signs."""
        return len(self.content) * 4 // 3 * 78 // 76 + 500


def attachments(folder: Path, name: str, body: int) -> list[Attachment]:
    """Return what fits beside a body of so many bytes; `name`: of the files, without an ending."""
    room = MOST_BYTES - _MARGIN - body
    page = Attachment(f"{name}.html", "text", "html", (folder / "report.html").read_bytes())
    made = folder / "report.pdf"
    pdf = Attachment(f"{name}.pdf", "application", "pdf", made.read_bytes()) if made.is_file() else None
    packed = Attachment(f"{name}.zip", "application", "zip", _packed(page))
    for choice in ([pdf, page], [pdf], [page], [packed]):
        found = [each for each in choice if each]
        if found and sum(each.cost for each in found) <= room and len(found) == len(choice):
            return found
    return []


def _packed(page: Attachment) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        # The same page gives the same bytes.
        file.writestr(zipfile.ZipInfo(page.name), page.content, zipfile.ZIP_DEFLATED)
    return content.getvalue()
