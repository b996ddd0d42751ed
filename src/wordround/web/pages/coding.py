"""Coding by people: samples, comments one by one and blind, what is to discuss, and how far coders agree.

A coder sees no code of another, and not what the model made of a comment, before both have coded it. A name of a sample
is the login's that first codes under it; who codes no part of a sample sees none of its comments.
"""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from wordround.coding import work
from wordround.coding.agreement import Agreed, agreed
from wordround.coding.choices import Choice, Choices, choices
from wordround.coding.settling import FEWEST_CODERS, by_several
from wordround.errors import ReviewRefused
from wordround.published import comments
from wordround.published.comments import Comment
from wordround.records import comment_flags, comment_readings, review_coders, roles
from wordround.records.reviews import SETTLED, Code, Sample, ThemeCode
from wordround.web import verbs
from wordround.web.verbs import VerbRefused
from wordround.web.visits import Visit, fields, needs, own_form

router = APIRouter(prefix="/coding")

Coding = Annotated[Visit, Depends(needs("coder", "analyst"))]
Drawing = Annotated[Visit, Depends(needs("analyst"))]


Sent = Annotated[dict[str, object], Depends(fields)]

GRADES = {
    "very_negative": "Very negative", "negative": "Negative", "neutral": "Neutral or mixed",
    "positive": "Positive", "very_positive": "Very positive",
}  # fmt: skip
CANNOT_SAY = "cannot_say"
_POLARITIES = ("negative", "neutral", "positive")
_ASKED = {
    "what_good": "What was good?", "could_improve": "What could be better?", "nonspecific": "Why this score?",
}  # fmt: skip


@router.get("")
def samples(visit: Coding) -> HTMLResponse:
    """The samples, how far each is, and a form to draw another."""
    return _samples(visit)


@router.post("/draw", dependencies=[Depends(own_form)])
def draw(visit: Drawing, size: Annotated[int, Form()] = 0, coders: Annotated[str, Form()] = "") -> Response:
    """Draw a sample for these coders."""
    named = [name.strip() for name in coders.split(",") if name.strip()]
    sent = {"size": str(size or ""), "coders": coders}
    if len(named) < FEWEST_CODERS:
        return _samples(visit, sent, "Two people at least code each comment: name each, with commas between them.")
    options = [part for name in named for part in ("--coder", name)]
    try:
        drawn = verbs.run("review", "sample", "--size", str(size), *options)
    except VerbRefused as refused:
        return _samples(visit, sent, _plainly(str(refused)))
    return visit.back(f"/coding/{drawn['sample']}", f"{drawn['comments']:,} comments were drawn to be coded.")


@router.get("/{sample_id}")
def sample(visit: Coding, sample_id: int) -> HTMLResponse:
    """One sample: who codes it, how far each is, and what is to discuss."""
    found = _sample(visit, sample_id, is_listed=True)
    progress = next(each for each in work.progress(visit.settings) if each.sample.sample_id == sample_id)
    return visit.page("sample.html.j2", title=f"Sample {sample_id}", sample=found, progress=progress)


@router.get("/{sample_id}/as/{coder}")
def next_comment(visit: Coding, sample_id: int, coder: str) -> Response:
    """Lead a coder to the next comment that they have not coded."""
    found = _sample(visit, sample_id)
    own = _coder(visit, found, coder)
    coded = work.codes_of(visit.settings, found)
    ordered = work.in_own_order(found, own, work.items_of(visit.settings, found))
    shown = comments.by_id(visit.indexed, [item.comment_id for item in ordered])
    for item in ordered:
        has_code = item.item in coded and own in coded[item.item].codes
        if not has_code and item.comment_id in shown:
            return RedirectResponse(f"/coding/{sample_id}/as/{quote(own)}/{item.item}", 303)
    return visit.back(f"/coding/{sample_id}", "You have coded every comment of this sample that can be shown.")


@router.get("/{sample_id}/as/{coder}/{item}")
def comment(visit: Coding, sample_id: int, coder: str, item: int) -> HTMLResponse:
    """One comment to code."""
    found = _sample(visit, sample_id)
    own = _coder(visit, found, coder)
    coded = work.codes_of(visit.settings, found)
    before = coded[item].codes.get(own) if item in coded else None
    return _comment(visit, found, item, own, before)


@router.post("/{sample_id}/as/{coder}/{item}", dependencies=[Depends(own_form)])
def code(visit: Coding, sent: Sent, sample_id: int, coder: str, item: int) -> Response:
    """Store what a coder says of a comment, and go on to the next."""
    found = _sample(visit, sample_id)
    own = _coder(visit, found, coder)
    said = _read(sent)
    if said is None:
        return _comment(visit, found, item, own, None, "Say how the comment speaks, or that it cannot be said.")
    try:
        if _has_logins(visit):
            review_coders.take(visit.settings, sample_id, own, visit.person.name)
        work.code(visit.settings, found, own, item, said)
    except ReviewRefused as refused:
        return visit.back(f"/coding/{sample_id}", str(refused))
    return RedirectResponse(f"/coding/{sample_id}/as/{quote(own)}", 303)


@router.get("/{sample_id}/discuss")
def discuss(visit: Coding, sample_id: int) -> Response:
    """Lead to the first comment on which coders do not agree."""
    found = _sample(visit, sample_id)
    waiting = work.to_discuss(visit.settings, found)
    shown = comments.by_id(visit.indexed, [each.item.comment_id for each, _ in waiting])
    for each, _ in waiting:
        if each.item.comment_id in shown:
            return RedirectResponse(f"/coding/{sample_id}/discuss/{each.item.item}", 303)
    return visit.back(f"/coding/{sample_id}", "Nothing is left to discuss.")


@router.get("/{sample_id}/discuss/{item}")
def disagreement(visit: Coding, sample_id: int, item: int) -> HTMLResponse:
    """One comment with the codes of each coder side by side."""
    found = _sample(visit, sample_id)
    each = work.codes_of(visit.settings, found).get(item)
    by_coders = {} if each is None else {name: one for name, one in each.codes.items() if name != SETTLED}
    if each is None or len(by_coders) < FEWEST_CODERS:
        raise HTTPException(404, "This comment is not yet coded by two people.")
    agreed_on = next(
        (outcome for one, outcome in work.to_discuss(visit.settings, found) if one.item.item == item), None
    )
    before = each.codes.get(SETTLED)
    if before is None and agreed_on is not None:
        before = Code(agreed_on.sentiment, agreed_on.themes or ())
    return _comment(visit, found, item, None, before, by_coders=by_coders)


@router.post("/{sample_id}/discuss/{item}", dependencies=[Depends(own_form)])
def settle(visit: Coding, sent: Sent, sample_id: int, item: int) -> Response:
    """Store what coders have settled, and go on to the next."""
    found = _sample(visit, sample_id)
    said = _read(sent)
    if said is None:
        return _comment(visit, found, item, None, None, "Say how the comment speaks, or that it cannot be said.")
    try:
        work.settle(visit.settings, found, item, said)
    except ReviewRefused as refused:
        return visit.back(f"/coding/{sample_id}", str(refused))
    return RedirectResponse(f"/coding/{sample_id}/discuss", 303)


@router.get("/{sample_id}/agreement")
def agreement(visit: Coding, sample_id: int) -> HTMLResponse:
    """How far the coders of a sample agree, with intervals; and how well the model does by all that was settled."""
    found = _sample(visit, sample_id)
    several = by_several(work.codes_of(visit.settings, found).values())
    result: Agreed | None = agreed(found.coders, several) if several else None
    return visit.page(
        "agreement.html.j2",
        title=f"How far the coders of sample {sample_id} agree",
        sample=found,
        agreed=result,
        own_reading=visit.build.published.own_reading,
    )


def _samples(visit: Visit, sent: dict[str, str] | None = None, wrong: str = "") -> HTMLResponse:
    return visit.page(
        "coding.html.j2",
        422 if wrong else 200,
        title="Coding",
        samples=work.progress(visit.settings),
        draws=visit.person.has("analyst"),
        flags=comment_flags.waiting(visit.settings),
        sent=sent or {},
        wrong=wrong,
        own_reading=visit.build.published.own_reading,
    )


def _sample(visit: Visit, sample_id: int, is_listed: bool = False) -> Sample:
    """A sample that somebody may work at; `is_listed`: or only see how far it is."""
    try:
        found = work.sample_of(visit.settings, sample_id)
    except ReviewRefused:
        raise HTTPException(404, "There is no such sample.") from None
    if not (is_listed or visit.person.has("analyst") or not _has_logins(visit)):
        held = review_coders.logins(visit.settings, sample_id)
        if visit.person.name not in held.values() and not _free(visit, found, held):
            raise HTTPException(403, "Others code this sample. Ask an analyst to draw one for you.")
    return found


def _coder(visit: Visit, sample: Sample, named: str) -> str:
    """The name of a sample under which somebody codes, as it was drawn."""
    found = next((coder for coder in sample.coders if roles.is_same(coder, named)), None)
    if found is None:
        raise HTTPException(404, "Nobody codes this sample under that name.")
    if _has_logins(visit):
        held = review_coders.logins(visit.settings, sample.sample_id)
        mine = next((coder for coder, login in held.items() if login == visit.person.name), None)
        if mine not in (None, found):
            raise HTTPException(403, f"You code this sample as {mine}.")
        if mine is None and found not in _free(visit, sample, held):
            raise HTTPException(403, f"Somebody else codes as {found}: nobody sees what another says before both have.")
    return found


def _free(visit: Visit, sample: Sample, held: dict[str, str]) -> set[str]:
    """The names of a sample under which nobody codes, on the page or in a sheet."""
    coded = {name for each in work.codes_of(visit.settings, sample).values() for name in each.codes}
    return set(sample.coders) - held.keys() - coded


def _has_logins(visit: Visit) -> bool:
    """Whether people are told apart: without a login one person tries what several do."""
    return visit.settings.web.login != "off"


def _comment(
    visit: Visit,
    sample: Sample,
    item: int,
    coder: str | None,
    before: Code | None,
    wrong: str = "",
    by_coders: dict[str, Code] | None = None,
) -> HTMLResponse:
    """The form of one comment; without a coder it is settled between them."""
    drawn = next((each for each in work.items_of(visit.settings, sample) if each.item == item), None)
    shown = comments.by_id(visit.indexed, [drawn.comment_id]) if drawn else {}
    if drawn is None or not shown:
        raise HTTPException(404, "This comment cannot be shown any more: it was erased, withheld, or has expired.")
    one: Comment = shown[drawn.comment_id]
    comment_readings.log(visit.settings, visit.person.name, "coding", {"sample": sample.sample_id, "comment": item}, 1)
    known = choices()
    return visit.page(
        "code.html.j2",
        422 if wrong else 200,
        title="Settle" if coder is None else "Code",
        sample=sample,
        coder=coder,
        item=item,
        words=one.comment_text,
        asked=_ASKED.get(one.question_type or "", "Nothing was asked"),
        grades=GRADES,
        cannot_say=CANNOT_SAY,
        themes=_grouped(known),
        before=_filled(before, known),
        by_coders={name: _in_words(each, known) for name, each in (by_coders or {}).items()},
        wrong=wrong,
    )


def _grouped(known: Choices) -> dict[str, list[Choice]]:
    """The themes of patient experience below their major theme; those of other frames below the frame."""
    groups: dict[str, list[Choice]] = {}
    for each in known.themes:
        is_main = each.frame == "patient_experience"
        groups.setdefault(each.belongs_to if is_main else each.frame.replace("_", " ").capitalize(), []).append(each)
    return groups


def _filled(before: Code | None, known: Choices) -> dict[str, str]:
    """What a form holds already: the grade, and the polarity of each theme by its code."""
    if before is None:
        return {}
    found = {"sentiment": before.sentiment or CANNOT_SAY}
    for theme in before.themes:
        if key := known.code(theme.frame, theme.label):
            found[key] = theme.polarity or "neutral"
    return found


def _in_words(code: Code, known: Choices) -> tuple[str, list[str]]:
    grade = "Cannot say" if code.sentiment is None else GRADES[code.sentiment]
    themes = [
        f"{known.shown(each.frame, each.label)}{f' ({each.polarity})' if each.polarity else ''}" for each in code.themes
    ]
    return grade, themes


def _read(sent: dict[str, object]) -> Code | None:
    """What a form says; None where it says no grade."""
    grade = str(sent.get("sentiment", ""))
    if grade == CANNOT_SAY:
        return Code(None)
    if grade not in GRADES:
        return None
    themes = [
        ThemeCode(each.frame, each.label, str(sent[each.code]))
        for each in choices().themes
        if sent.get(each.code) in _POLARITIES
    ]
    return Code(grade, tuple(themes))


def _plainly(message: str) -> str:
    """A verb's message without the name of its option."""
    return message.partition(": ")[2] if message.startswith("--") else message
