"""You said, we did: what was changed after an alert, for staff, and for the public what an approver has opened to it.

What staff typed passed de-identification, and is for those who are logged in. The public reads a sentence of its own,
which an approver has written.
"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, Response

from wordround.published import comments
from wordround.quotes import closeness
from wordround.records import public_changes
from wordround.records.public_changes import AlreadyOpen, WordsRefused
from wordround.web.visits import Visit, Visiting, needs, own_form
from wordround.web.what_was_done import Done, done

router = APIRouter(prefix="/done")

_MOST_COMPARED = 5_000
Approving = Annotated[Visit, Depends(needs("approver"))]


@router.get("")
def you_said_we_did(visit: Visiting) -> HTMLResponse:
    """The changes that were made, the latest first, and what became of each."""
    return _page(visit)


@router.get("/public")
def for_the_public(visit: Visiting) -> HTMLResponse:
    """Those that the public may read, to be printed."""
    opened = public_changes.all_open(visit.settings)
    found = [(each, opened[_key(each)].words) for each in _changes(visit) if _key(each) in opened]
    return visit.page("done_public.html.j2", title="You said, we did", changes=found)


@router.post("/{alert_id}/{version}/open", dependencies=[Depends(own_form)])
def open_to_all(visit: Approving, alert_id: str, version: int, words: Annotated[str, Form()] = "") -> Response:
    """Let the public read a change, in this sentence."""
    change = _change(visit, alert_id, version)
    try:
        _refuse_quotes(visit, change, words)
        public_changes.open_to_all(visit.settings, alert_id, version, visit.person.name, words)
    except WordsRefused as refused:
        return _page(visit, 422, wrong={_key(change): refused.says}, typed={_key(change): words})
    except AlreadyOpen as before:
        says = (
            f"{before.first.by} has opened it on {before.first.at:%d %B %Y at %H:%M} UTC; nothing was written over it."
        )
        return _page(visit, 409, wrong={_key(change): says})
    return visit.back("/done", "Done: the public may read it.")


@router.post("/{alert_id}/{version}/withdraw", dependencies=[Depends(own_form)])
def withdraw(visit: Approving, alert_id: str, version: int) -> Response:
    """Take it back from the public, also where it is no longer what was done: its sentence goes with that alone."""
    if not public_changes.withdraw(visit.settings, alert_id, version, visit.person.name):
        return _page(visit, 409, wrong={(alert_id, version): "It is not open to the public any more."})
    return visit.back("/done", "Done: withdrawn, and its words are gone. What was printed before stays on its wall.")


def _page(
    visit: Visit,
    status: int = 200,
    wrong: Mapping[public_changes.Key, str] | None = None,
    typed: Mapping[public_changes.Key, str] | None = None,
) -> HTMLResponse:
    changes = [(each, _key(each)) for each in _changes(visit)]
    opened = public_changes.all_open(visit.settings)
    standing = {key for _, key in changes}
    return visit.page(
        "done.html.j2",
        status,
        title="You said, we did",
        changes=changes,
        opened=opened,
        left_over=[(each, _heading(visit, each.alert_id)) for key, each in opened.items() if key not in standing],
        may_open=visit.person.has("approver"),
        longest=public_changes.LONGEST_WORDS,
        wrong=wrong or {},
        wrong_elsewhere=[says for key, says in (wrong or {}).items() if key not in standing],
        typed=typed or {},
    )


def _changes(visit: Visit) -> list[Done]:
    return [each for each in done(visit) if each.is_change]


def _heading(visit: Visit, alert_id: str) -> str:
    alert = next((each for each in visit.build.episodes.alerts if each.alert_id == alert_id), None)
    return visit.build.episodes.heading(alert) if alert else "An alert that is no longer published"


def _key(change: Done) -> public_changes.Key:
    return change.alert.alert_id, change.version


def _change(visit: Visit, alert_id: str, version: int) -> Done:
    found = next((each for each in _changes(visit) if _key(each) == (alert_id, version)), None)
    if found is None:
        raise HTTPException(404, "No change that was made is known by this. Something else may have been said since.")
    return found


def _refuse_quotes(visit: Visit, change: Done, typed: str) -> None:
    """Raise WordsRefused for a sentence that holds words of a comment behind the alert: those are not the public's."""
    last = visit.build.episodes.last_week or change.alert.opened_week_date
    behind = comments.of_episode(visit.connection, change.alert, last, with_posts=True, most=_MOST_COMPARED)
    if any(closeness.surviving_runs(each.comment_text, typed) for each in behind):
        raise WordsRefused("It repeats words of a comment. Say it in words of your own.")
