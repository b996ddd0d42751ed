"""A reader with every fault that a campaign must find: it does what its files say."""

import os
import time
from random import Random

from tests.fuzz.kinds import CANARY, Content, Kind
from wordround.errors import FileUnreadable


class Faulty(Kind):
    """Files of which one in two is whole, and the others say what is done with them."""

    fault: str
    seconds = 1

    def prepare(self) -> list[Content]:
        return [Content("file", b"whole")]

    def change(self, chance: Random) -> Content:
        return Content("file", chance.choice(("whole", self.fault)).encode())

    def read(self, content: Content) -> str:
        match content.written:
            case b"raises":
                raise KeyError("made_at")
            case b"waits":
                time.sleep(30)
            case b"grows":
                grown = bytearray(b"x") * 600_000_000
                time.sleep(5)
                del grown
            case b"dies":
                os.abort()
            case b"tells":
                raise FileUnreadable(f"file: row 3: {CANARY} cannot be read.")
            case b"holds":
                raise FileUnreadable("file: \x1b[2J cannot be read.")
        return "read"


FAULTY: dict[str, type[Kind]] = {
    fault: type(f"Faulty_{fault}", (Faulty,), {"name": fault, "fault": fault})
    for fault in ("raises", "waits", "grows", "dies", "tells", "holds")
}
