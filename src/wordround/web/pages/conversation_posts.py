"""Posts of a conversation, for those who may read comments: what waits for its hosts, and examples of its themes."""

from itertools import groupby
from operator import attrgetter

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from wordround.published import conversation_figures as figures
from wordround.published import conversation_posts, conversation_words
from wordround.quotes.quotable import may_be_an_example
from wordround.records import comment_readings
from wordround.web.flagging import flags
from wordround.web.pages.conversations import found_of
from wordround.web.visits import Visit, Visiting

router = APIRouter()

_MOST_QUESTIONS, _MOST_EXAMPLES = 50, 3
_FRAME = attrgetter("frame_code")


@router.get("/conversations/{conversation_id}/questions")
def questions(visit: Visiting, conversation_id: str) -> HTMLResponse:
    """Questions of participants to which no host has replied, the longest waiting first; logged as read."""
    found = found_of(visit, conversation_id)
    _require_reader(visit)
    waiting, more = conversation_posts.open_questions(visit.connection, conversation_id, _MOST_QUESTIONS)
    _log_reading(visit, "conversation questions", conversation_id, len(waiting))
    return visit.page(
        "conversation_questions.html.j2",
        title=f"Open questions: {found.conversation.conversation_label}",
        conversation=found.conversation,
        more=more,
        most=_MOST_QUESTIONS,
        questions=[(conversation_words.clock(each.began_at, found.conversation), each.comment) for each in waiting],
        flags=flags(visit, [each.comment.comment_id for each in waiting], visit.request.url.path),
    )


@router.get("/conversations/{conversation_id}/examples")
def examples(visit: Visiting, conversation_id: str) -> HTMLResponse:
    """Examples for and against each theme; logged as read."""
    found = found_of(visit, conversation_id)
    _require_reader(visit)
    of_themes = conversation_posts.examples(visit.connection, conversation_id, may_be_an_example, _MOST_EXAMPLES)
    shown = [one.comment_id for theme in of_themes for one in (*theme.critical, *theme.encouraging)]
    _log_reading(visit, "conversation examples", conversation_id, len(shown))
    return visit.page(
        "conversation_examples.html.j2",
        title=f"Examples: {found.conversation.conversation_label}",
        conversation=found.conversation,
        frames=[(figures.FRAMES[frame], list(of_frame)) for frame, of_frame in groupby(of_themes, _FRAME)],
        flags=flags(visit, shown, visit.request.url.path),
    )


def _require_reader(visit: Visit) -> None:
    if not visit.person.reads_all_comments:
        raise HTTPException(403, "Your role does not include the words of posts.")


def _log_reading(visit: Visit, page: str, conversation_id: str, posts: int) -> None:
    if posts:
        comment_readings.log(visit.settings, visit.person.name, page, {"conversation": conversation_id}, posts)
