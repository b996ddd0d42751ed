"""You said, we did: what was changed after an alert, to be printed and read.

The words passed de-identification when they were typed. Nobody has said of any that the public may read them, so they
are for those who are logged in.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from wordround.web.visits import Visiting
from wordround.web.what_was_done import done

router = APIRouter()


@router.get("/done")
def you_said_we_did(visit: Visiting) -> HTMLResponse:
    """The changes that were made, the latest first, and what became of each."""
    changes = [each for each in done(visit) if each.is_change]
    return visit.page("done.html.j2", title="You said, we did", changes=changes)
