"""Conversations: those that were declared, what came of each, and for its hosts what is still to be answered."""

from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from wordround.charts import traffic
from wordround.errors import ConversationNotThere
from wordround.published import conversation_figures as figures
from wordround.published import conversations, queries
from wordround.records import comment_readings
from wordround.web.flagging import flags
from wordround.web.visits import Visit, Visiting

router = APIRouter()

_MOST_QUESTIONS = 50


@router.get("/conversations")
def all_conversations(visit: Visiting) -> HTMLResponse:
    """All that were declared, the latest first, and tags that rose without having been declared."""
    return visit.kept_page("conversations.html.j2", "/conversations", lambda: _values_of_all(visit))


@router.get("/conversations/{conversation_id}")
def conversation(visit: Visiting, conversation_id: str) -> HTMLResponse:
    """One conversation, in counts alone."""
    found = _found(visit, conversation_id)
    return visit.kept_page("conversation.html.j2", f"/conversations/{conversation_id}", lambda: _values(visit, found))


@router.get("/conversations/{conversation_id}/questions")
def questions(visit: Visiting, conversation_id: str) -> HTMLResponse:
    """Questions of participants to which no host has replied, the longest waiting first; logged as read."""
    found = _found(visit, conversation_id)
    if not visit.person.reads_all_comments:
        raise HTTPException(403, "Your role does not include the words of posts.")
    waiting = conversations.open_questions(visit.connection, conversation_id, _MOST_QUESTIONS)
    if waiting:
        comment_readings.log(
            visit.settings, visit.person.name, "conversation questions", {"conversation": conversation_id}, len(waiting)
        )
    return visit.page(
        "conversation_questions.html.j2",
        title=f"Open questions: {found.conversation.conversation_label}",
        conversation=found.conversation,
        questions=[(figures.clock(each.began_at, found.conversation), each.comment) for each in waiting],
        flags=flags(visit, [each.comment.comment_id for each in waiting], visit.request.url.path),
    )


def _found(visit: Visit, conversation_id: str) -> conversations.PublishedConversation:
    try:
        return conversations.of(visit.connection, conversation_id)
    except ConversationNotThere:
        raise HTTPException(404, "No conversation of this name is published. The list has them all.") from None


def _values_of_all(visit: Visit) -> dict[str, Any]:
    small = visit.build.published.rules.small_numbers
    return {
        "title": "Conversations",
        "conversations": [
            (each, figures.when(each), small.count_shown(each.contribution_count))
            for each in conversations.listed(visit.connection)
        ],
        "surges": conversations.surges(visit.connection),
        "query": queries.CONVERSATIONS,
        "declares": visit.person.has("analyst", "approver"),
    }


def _values(visit: Visit, found: conversations.PublishedConversation) -> dict[str, Any]:
    made = figures.make(found, visit.settings.trust.name, is_exact=False)
    return {
        "title": found.conversation.conversation_label,
        "made": made,
        "conversation": found.conversation,
        "when": figures.when(found.conversation),
        "usual": figures.usual(found.conversation),
        "marks": figures.marks(made),
        "intervals": figures.intervals(made),
        "minutes": made.intervals[0].interval_minutes if made.intervals else 0,
        "chart": visit.build.chart(
            f"conversation {found.conversation.conversation_id}", lambda: traffic.of_conversation(made, "traffic")
        ),
        "query": queries.of_conversation(found.conversation.conversation_id),
        "reads": visit.person.reads_all_comments,
    }
