"""Coding by people: samples, comments one by one and blind, what is to discuss, and how far coders agree.

A coder sees no code of another, and not what the model made of a comment, before both have coded it
(coding/coders.py). Who codes no part of a sample sees none of its comments.
"""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from wordround.coding import LARGEST_SAMPLE, SMALLEST_SAMPLE, work
from wordround.coding import coders as names
from wordround.coding.agreement import Agreed, agreed
from wordround.coding.choices import choices
from wordround.coding.coders import Coders, NotYours
from wordround.coding.settling import FEWEST_CODERS, Settled, by_several
from wordround.errors import ReviewRefused
from wordround.published import comments
from wordround.published.comments import Comment
from wordround.published.wording import counted
from wordround.records import comment_flags, comment_readings, review_coders
from wordround.records.reviews import SETTLED, Code, CodedItem, Sample
from wordround.web import coding_form, verbs
from wordround.web.verbs import VerbRefused
from wordround.web.visits import Visit, fields, needs, own_form

router = APIRouter(prefix="/coding")

Coding = Annotated[Visit, Depends(needs("coder", "analyst"))]
Drawing = Annotated[Visit, Depends(needs("analyst"))]
Sent = Annotated[dict[str, object], Depends(fields)]


@router.get("")
def samples(visit: Coding) -> HTMLResponse:
    """The samples, how far each is, and a form to draw another."""
    return _samples(visit)


@router.post("/draw", dependencies=[Depends(own_form)])
def draw(visit: Drawing, size: Annotated[str, Form()] = "", coders: Annotated[str, Form()] = "") -> Response:
    """Draw a sample for these coders."""
    named = [name.strip() for name in coders.split(",") if name.strip()]
    sent, count = {"size": size, "coders": coders}, coding_form.whole_number(size)
    if count is None or not SMALLEST_SAMPLE <= count <= LARGEST_SAMPLE:
        says = f"Write how many as a whole number, from {SMALLEST_SAMPLE} to {LARGEST_SAMPLE:,}."
        return _samples(visit, sent, says, "size")
    if len(named) < FEWEST_CODERS:
        return _samples(visit, sent, "Two people at least code each comment: name each, with commas between them.")
    options = [part for name in named for part in ("--coder", name)]
    try:
        drawn = verbs.run("review", "sample", "--size", str(count), *options)
    except VerbRefused as refused:
        return _samples(visit, sent, _plainly(str(refused)))
    return visit.back(f"/coding/{drawn['sample']}", f"{drawn['comments']:,} comments were drawn to be coded.")


@router.get("/{sample_id}")
def sample(visit: Coding, sample_id: int) -> HTMLResponse:
    """One sample: who codes it, how far each is, and what is to discuss."""
    found = _sample(visit, sample_id, is_listed=True)
    progress = next(each for each in work.progress(visit.settings) if each.sample.sample_id == sample_id)
    return visit.page(
        "sample.html.j2",
        title=f"Sample {sample_id}",
        sample=found,
        progress=progress,
        coders=names.coders(visit.settings, found) if _has_logins(visit) else None,
        may_release_all=visit.person.has("analyst"),
        discuss=len(_to_discuss(visit, found)),
    )


@router.post("/{sample_id}/as/{coder}/release", dependencies=[Depends(own_form)])
def release(visit: Coding, sample_id: int, coder: str, codes: Annotated[int, Form(ge=0)] = 0) -> Response:
    """Give a name back that was taken by mistake. `codes`: how many comments were coded under it, as was read."""
    found = _sample(visit, sample_id)
    try:
        name, may = names.name_of(found, coder), visit.person.has("analyst")
        names.release(visit.settings, found, name, visit.person.name, codes=codes, may_release_all=may)
    except ReviewRefused as refused:
        return visit.back(f"/coding/{sample_id}", str(refused))
    gone = f" What was coded under it is gone: {counted(codes, 'comment')}." if codes else ""
    return visit.back(f"/coding/{sample_id}", f"Anybody may take the name {name} again.{gone}")


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
    said = coding_form.said(sent)
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
    waiting = _to_discuss(visit, found)
    shown = comments.by_id(visit.indexed, [each.item.comment_id for each, _ in waiting])
    for each, _ in waiting:
        if each.item.comment_id in shown:
            return RedirectResponse(f"/coding/{sample_id}/discuss/{each.item.item}", 303)
    return visit.back(f"/coding/{sample_id}", "Nothing is left to discuss of what you may see.")


@router.get("/{sample_id}/discuss/{item}")
def disagreement(visit: Coding, sample_id: int, item: int) -> HTMLResponse:
    """One comment with the codes of each coder side by side."""
    found = _sample(visit, sample_id)
    each, by_coders = _discussed(visit, found, item)
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
    _discussed(visit, found, item)
    said = coding_form.said(sent)
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


def _samples(
    visit: Visit, sent: dict[str, str] | None = None, wrong: str = "", wrong_field: str = "coders"
) -> HTMLResponse:
    return visit.page(
        "coding.html.j2",
        422 if wrong else 200,
        title="Coding",
        samples=work.progress(visit.settings),
        draws=visit.person.has("analyst"),
        flags=comment_flags.waiting(visit.settings),
        sent=sent or {},
        wrong=wrong,
        wrong_field=wrong_field,
        smallest=SMALLEST_SAMPLE,
        own_reading=visit.build.published.own_reading,
    )


def _sample(visit: Visit, sample_id: int, is_listed: bool = False) -> Sample:
    """A sample that somebody may work at; `is_listed`: or only see how far it is."""
    try:
        found = work.sample_of(visit.settings, sample_id)
    except ReviewRefused:
        raise HTTPException(404, "There is no such sample.") from None
    if is_listed or visit.person.has("analyst") or not _has_logins(visit):
        return found
    who = names.coders(visit.settings, found)
    if not who.may_code(visit.person.name):
        sheets = f" What came in by a sheet goes on in it: {', '.join(who.in_sheets)}." if who.in_sheets else ""
        raise HTTPException(403, f"Others code this sample. Ask an analyst to draw one for you.{sheets}")
    return found


def _coder(visit: Visit, sample: Sample, named: str) -> str:
    """The name of a sample under which somebody codes, as it was drawn."""
    try:
        found = names.name_of(sample, named)
        return names.coders(visit.settings, sample).own(visit.person.name, found) if _has_logins(visit) else found
    except NotYours as refused:
        raise HTTPException(403, str(refused)) from None
    except ReviewRefused as refused:
        raise HTTPException(404, str(refused)) from None


def _sees(visit: Visit, who: Coders, coded: CodedItem) -> bool:
    """Whether the codes of a comment may be shown to a visitor."""
    may_see_all = visit.person.has("analyst")
    return not _has_logins(visit) or who.sees(visit.person.name, coded, may_see_all=may_see_all)


def _discussed(visit: Visit, sample: Sample, item: int) -> tuple[CodedItem, dict[str, Code]]:
    """A comment of which two have spoken, with the code of each, for whoever may see them."""
    each = work.codes_of(visit.settings, sample).get(item)
    by_coders = {} if each is None else {name: one for name, one in each.codes.items() if name != SETTLED}
    if each is None or len(by_coders) < FEWEST_CODERS:
        raise HTTPException(404, "This comment is not yet coded by two people.")
    if not _sees(visit, names.coders(visit.settings, sample), each):
        raise HTTPException(403, "Code this comment first: nobody sees what others say of it before they have.")
    return each, by_coders


def _to_discuss(visit: Visit, sample: Sample) -> list[tuple[CodedItem, Settled]]:
    """The comments on which coders do not agree, of those that a visitor may see."""
    who = names.coders(visit.settings, sample)
    return [each for each in work.to_discuss(visit.settings, sample) if _sees(visit, who, each[0])]


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
        asked=coding_form.ASKED.get(one.question_type or "", "Nothing was asked"),
        grades=coding_form.GRADES,
        cannot_say=coding_form.CANNOT_SAY,
        themes=coding_form.grouped(known),
        before=coding_form.filled(before, known),
        by_coders={name: coding_form.in_words(each, known) for name, each in (by_coders or {}).items()},
        wrong=wrong,
    )


def _plainly(message: str) -> str:
    """A verb's message without the name of its option."""
    says = message.partition(": ")[2] if message.startswith("--") else message
    return f"{says[:1].upper()}{says[1:]}"
