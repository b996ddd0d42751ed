"""Flags: somebody who reads a comment says that the model read it wrongly, or takes that back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import Response

from wordround.records import comment_flags
from wordround.records.comment_flags import Flag
from wordround.web.flagging import flag
from wordround.web.visits import LAST_ID, Visit, is_own_address, needs, own_form

router = APIRouter(prefix="/flags")

Reading = Annotated[Visit, Depends(needs("analyst", "lead"))]
Sent = Annotated[str, Form(max_length=10_000)]
FlagId = Annotated[int, Form(ge=1, le=LAST_ID)]


@router.post("", dependencies=[Depends(own_form)])
def add(visit: Reading, comment: Sent, wrong: Sent, here: Sent = "") -> Response:
    """Flag what is wrong of a comment, for the next sample."""
    wanted = flag(visit, comment, wrong)
    if wanted is None:
        raise HTTPException(404, "You can read no comment of which this could be said. It may have changed since.")
    refused = comment_flags.add(visit.settings, wanted)
    return _back(visit, here, comment, refused or _what_becomes_of(visit, wanted))


@router.post("/back", dependencies=[Depends(own_form)])
def take_back(visit: Reading, flag_id: FlagId, comment: Sent = "", here: Sent = "") -> Response:
    """Take a flag of one's own back."""
    if not comment_flags.take_back(visit.settings, visit.person.name, flag_id):
        raise HTTPException(404, "You have no flag of this number that waits: its comment may be in a sample by now.")
    return _back(visit, here, comment, "The flag is taken back.")


def _what_becomes_of(visit: Visit, flag: Flag) -> str:
    """What was flagged, and when people code it."""
    own = comment_flags.of(visit.settings, flag.by, [flag.comment_id])
    kept = next((each for each in own if (each.flag.frame, each.flag.code) == (flag.frame, flag.code)), None)
    if kept is None or kept.sample_id is None:
        return "Flagged: two people code the comment in the next sample."
    return (
        f"Flagged: the comment is in sample {kept.sample_id} already. Two people say there what it says, and that then "
        "stands in the place of what was read; it comes in no other sample."
    )


def _back(visit: Visit, here: str, comment: str, said: str) -> Response:
    """To the page that the form came from, at the comment."""
    path = here if is_own_address(here) and "#" not in here else "/"
    return visit.back(f"{path}#c{comment}" if comment.isalnum() else path, said)
