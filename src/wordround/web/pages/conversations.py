"""Conversations: those that were declared, what came of each, and for its hosts what is still to be answered."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, Response

from wordround.charts import traffic
from wordround.coding import theme_sets
from wordround.conversations import declaring, listing, summaries
from wordround.errors import ConversationNotThere, ConversationRefused
from wordround.published import conversation_figures as figures
from wordround.published import (
    conversation_posts,
    conversation_words,
    conversations,
    own_followers,
    own_posts,
    queries,
)
from wordround.records import conversations as records
from wordround.records.report_decisions import LONGEST_REASON, AlreadyDecided
from wordround.web import headers, ready_pages
from wordround.web.visits import Visit, Visiting, needs, own_form

router = APIRouter()

Declaring = Annotated[Visit, Depends(needs("analyst"))]
Approving = Annotated[Visit, Depends(needs("approver"))]
Sent = Annotated[str, Form()]

_LONGEST = 200
_FIELDS = ("name", "label", "tags", "hosts", "begins", "ends")


@router.get("/conversations")
def all_conversations(visit: Visiting) -> HTMLResponse:
    """All that were declared, the latest first, and tags that rose without having been declared."""
    return visit.page("conversations.html.j2", **_values_of_all(visit))


@router.post("/conversations/dismiss", dependencies=[Depends(own_form)])
def dismiss(visit: Declaring, tag: Sent = "") -> Response:
    """Say of a tag that rose that it is no conversation."""
    if tag not in {each.tag for each in conversations.surges(visit.connection)}:
        raise HTTPException(404, "No such tag has risen lately.")
    records.dismiss(visit.settings, tag, visit.person.name)
    return visit.back("/conversations", "It is listed no more.")


@router.post("/conversations/withdraw", dependencies=[Depends(own_form)])
def withdraw_declaration(visit: Declaring, name: Sent = "") -> Response:
    """Withdraw a conversation that somebody declared."""
    try:
        declaring.withdraw(visit.settings, name, visit.person.name)
    except ConversationRefused as refused:
        raise HTTPException(404, f"It was not withdrawn: {refused}") from refused
    return visit.back("/conversations", "It is withdrawn. What was collected for it stays.")


@router.get("/conversations/own-posts")
def what_we_posted(visit: Visiting) -> HTMLResponse:
    """What the trust itself posted, and which subjects people answer."""
    return visit.kept_page("own_posts.html.j2", "/conversations/own-posts", lambda: _values_of_own_posts(visit))


@router.get("/conversations/declare")
def declaration(visit: Declaring, tag: str = "") -> HTMLResponse:
    """The form in which a conversation is declared; `tag`: one that rose."""
    return _declaration(visit, dict.fromkeys(_FIELDS, "") | {"tags": tag[:_LONGEST]})


@router.post("/conversations/declare", dependencies=[Depends(own_form)])
def declare(
    visit: Declaring,
    name: Sent = "",
    label: Sent = "",
    tags: Sent = "",
    hosts: Sent = "",
    begins: Sent = "",
    ends: Sent = "",
) -> Response:
    """Declare a conversation in the records."""
    sent = {"name": name, "label": label, "tags": tags, "hosts": hosts, "begins": begins, "ends": ends}
    first, last = _moment(begins), _moment(ends)
    if first is None or last is None:
        return _declaration(visit, sent, "Say when it begins and ends with day and time.")
    try:
        declaring.declare(
            visit.settings, name.strip(), visit.person.name, tags=_listed(tags), begins=first, ends=last,
            label=label.strip() or None, hosts=_listed(hosts), baseline_days=None, sources=(),
        )  # fmt: skip
    except ConversationRefused as refused:
        return _declaration(visit, sent, str(refused))
    return visit.back("/conversations", "It is declared. What comes of it stands here after the next publication.")


@router.get("/conversations/{conversation_id}/summary")
def summary(visit: Visiting, conversation_id: str) -> HTMLResponse:
    """The page to be passed on: for everybody once it was approved, before that for those who make and approve it."""
    made = _summary(visit, conversation_id)
    if not made.is_approved and not visit.person.has("analyst", "approver"):
        raise HTTPException(403, "Nobody has approved this page yet.")
    return ready_pages.shown(made.page)


@router.get("/conversations/{conversation_id}/preview")
def preview(visit: Approving, conversation_id: str) -> HTMLResponse:
    """The same, to be shown within the page where it is decided on."""
    return ready_pages.framed(_summary(visit, conversation_id).page)


@router.get("/conversations/{conversation_id}/decide")
def deciding(visit: Approving, conversation_id: str) -> HTMLResponse:
    """The page to be passed on, to be read and decided on."""
    return _deciding(visit, conversation_id)


@router.post("/conversations/{conversation_id}/decide", dependencies=[Depends(own_form)])
def decide(
    visit: Approving,
    conversation_id: str,
    read: Sent = "",
    seen: Annotated[int, Form(ge=0, le=1_000_000)] = 0,
    decision: Sent = "",
    why: Sent = "",
) -> Response:
    """Approve or reject it. `read`: the page that was; `seen`: how many decisions on it."""
    made = _summary(visit, conversation_id)
    if decision not in ("approve", "reject"):
        return _deciding(visit, conversation_id, "Say whether it may be put out.", why, 422)
    if decision == "reject" and not why.strip():
        return _deciding(visit, conversation_id, "Say why it is rejected, so that somebody can correct it.", why, 422)
    if len(why) > LONGEST_REASON:
        return _deciding(visit, conversation_id, f"A reason has {LONGEST_REASON:,} characters at most.", why, 422)
    if read != made.page_sha256:
        return _deciding(visit, conversation_id, "It was written anew since you opened it. Read it again.", why, 409)
    try:
        summaries.decide(
            visit.settings, made, is_approved=decision == "approve", by=visit.person.name, why=why, seen=seen
        )
    except AlreadyDecided as since:
        return _deciding(visit, conversation_id, f"Somebody was faster: {since.last.says}.", why, 409)
    except ConversationRefused as refused:
        return _deciding(visit, conversation_id, str(refused), why, 409)
    return visit.back(f"/conversations/{conversation_id}/decide", "Your decision is kept.")


@router.post("/conversations/{conversation_id}/withdraw", dependencies=[Depends(own_form)])
def withdraw(visit: Approving, conversation_id: str, page: Sent = "") -> Response:
    """Withdraw a page that was approved earlier."""
    try:
        summaries.withdraw(visit.settings, _summary(visit, conversation_id), page, visit.person.name)
    except ConversationRefused as refused:
        return _deciding(visit, conversation_id, str(refused), status=409)
    return visit.back(f"/conversations/{conversation_id}/decide", "That page is withdrawn. See that nobody shows it.")


@router.get("/conversations/{conversation_id}")
def conversation(visit: Visiting, conversation_id: str) -> HTMLResponse:
    """One conversation, in counts alone."""
    found, made = found_of(visit, conversation_id), summaries.of(visit.settings, conversation_id)
    return visit.kept_page(
        "conversation.html.j2",
        f"/conversations/{conversation_id}",
        lambda: _values(visit, found),
        "conversation_whole.html.j2",
        conversation=found.conversation,
        summary=made,
        approves=visit.person.has("approver"),
        may_open=(made is not None and made.is_approved) or visit.person.has("analyst", "approver"),
    )


def _listed(typed: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in typed.replace("#", "").split(",") if each.strip())


def _moment(typed: str) -> datetime | None:
    try:
        return datetime.fromisoformat(typed.strip())
    except ValueError:
        return None


def _declaration(visit: Visit, sent: dict[str, str], wrong: str = "") -> HTMLResponse:
    return visit.page(
        "conversation_declare.html.j2", 422 if wrong else 200, title="Declare a conversation", sent=sent, wrong=wrong
    )


def _summary(visit: Visit, conversation_id: str) -> summaries.Summary:
    # Its name is known before it becomes a part of a path.
    made = summaries.of(visit.settings, found_of(visit, conversation_id).conversation.conversation_id)
    if made is None:
        raise HTTPException(
            404, "It has no page to be passed on yet. An analyst writes it: wordround report conversation."
        )
    return made


def _deciding(visit: Visit, conversation_id: str, wrong: str = "", why: str = "", status: int = 200) -> HTMLResponse:
    found, made = found_of(visit, conversation_id), _summary(visit, conversation_id)
    page = visit.page(
        "conversation_decide.html.j2",
        status,
        title=f"{found.conversation.conversation_label}: may this page be put out?",
        conversation=found.conversation,
        summary=made,
        wrong=wrong,
        why=why,
    )
    page.headers["Content-Security-Policy"] = headers.policy(visit.request.state.nonce, has_frame=True)
    return page


def found_of(visit: Visit, conversation_id: str) -> conversations.PublishedConversation:
    """A conversation that is published. Raises HTTPException for any other name."""
    try:
        return conversations.of(visit.connection, conversation_id)
    except ConversationNotThere:
        raise HTTPException(404, "No conversation of this name is published. The list has them all.") from None


def _values_of_all(visit: Visit) -> dict[str, Any]:
    small = visit.build.published.rules.small_numbers
    published = conversations.listed(visit.connection)
    awaited = listing.awaited(visit.settings, {each.conversation_id for each in published}, datetime.now(UTC))
    return {
        "layout": "base.html.j2",
        "title": "Conversations",
        "conversations": [
            (each, conversation_words.when(each), small.count_shown(each.contribution_count)) for each in published
        ],
        "awaited": [(each, conversation_words.when(each), conversation_words.STATES[each.state]) for each in awaited],
        "surges": listing.proposed(visit.settings, conversations.surges(visit.connection)),
        "query": queries.CONVERSATIONS,
        "declares": visit.person.has("analyst"),
    }


def _values_of_own_posts(visit: Visit) -> dict[str, Any]:
    drawn = own_posts.read(visit.connection)
    return {
        "title": "What we posted",
        "drawn": drawn,
        "few_replies": own_posts.few_replies(drawn),
        "tables": [
            ("What each subject drew, most replies first", "Subject", drawn.subjects),
            ("By form", "Form", drawn.splits["form"]),
            ("By time of day", "Time", drawn.splits["day_part"]),
        ],
        "matrices": [
            ("Subjects by form", drawn.matrices["form"]),
            ("Subjects by time of day", drawn.matrices["day_part"]),
        ],
        "accounts": own_followers.accounts(visit.connection),
        "query": queries.OWN_POSTS,
    }


def _values(visit: Visit, found: conversations.PublishedConversation) -> dict[str, Any]:
    counted = partial(conversation_posts.contributions_of, visit.connection, found.conversation.conversation_id)
    made = figures.make(
        found, visit.settings.trust.name, theme_sets.of_comments(visit.settings, counted), is_exact=False
    )
    return {
        "title": found.conversation.conversation_label,
        "made": made,
        "conversation": found.conversation,
        "when": conversation_words.when(found.conversation),
        "usual": conversation_words.usual(found.conversation),
        "marks": figures.marks(made),
        "intervals": figures.intervals(made),
        "interval": conversation_words.interval(made.intervals[0].interval_minutes if made.intervals else 0),
        "chart": visit.build.chart(
            f"conversation {found.conversation.conversation_id}", lambda: traffic.of_conversation(made, "traffic")
        ),
        "query": queries.of_conversation(found.conversation.conversation_id),
        "reads": visit.person.reads_all_comments,
    }
