"""Search: comments by their words and by what is known of them, for analysts and for leads of their own services.

What is found, every count and every list to choose from is made of the comments that the visitor may read, so that
nothing can be worked out of others by asking again and again (docs/adr/0028-search.md).
"""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup, escape

from wordround.plain_text import inert
from wordround.published import comment_search
from wordround.published.comment_search import Asked, Found, FoundComment
from wordround.published.search_words import SearchUnreadable, SearchWords, marks
from wordround.published.tables import Source
from wordround.records import comment_readings, saved_searches
from wordround.web import search_form
from wordround.web.flagging import flags
from wordround.web.search_form import SearchForm
from wordround.web.visits import LAST_ID, Visit, needs, own_form

router = APIRouter(prefix="/search")
file_router = APIRouter()

PAGE_SIZE, MOST_ROWS = 20, 50_000
_LAST_PAGE = 10_000_000
# Each takes both processors for a moment, and some of the memory of the database: others wait their turn, and not for
# so long that they take the page's other visitors' place.
_AT_ONCE, _LONGEST_WAIT = BoundedSemaphore(2), 5.0

Reading = Annotated[Visit, Depends(needs("analyst", "lead"))]
Asking = Annotated[SearchForm, Depends(search_form.form)]


@router.get("")
def search(visit: Reading, form: Asking, page: Annotated[int, Query(ge=1, le=_LAST_PAGE)] = 1) -> HTMLResponse:
    """The form, and what was found."""
    if form.is_empty:
        return _page(visit, form)
    try:
        asked = _asked(visit, form)
    except SearchUnreadable as wrong:
        return _page(visit, form, 422, wrong=wrong.says)
    wanted = asked, visit.person.reach, form.ordered, page

    def look() -> Found:
        with _turn():
            return comment_search.found(visit.indexed, *wanted, PAGE_SIZE)

    found = visit.build.page(("search", *wanted), look)
    _log(visit, form, "search", len(found.comments))
    last = max(1, -(-found.comment_count // PAGE_SIZE))
    return _page(visit, form, found=found, words=asked.words, at=min(page, last), last=last)


@file_router.get("/search.csv")
def search_file(visit: Reading, form: Asking) -> Response:
    """What was found as a file, at most 50,000 comments."""
    try:
        asked = _asked(visit, form)
    except SearchUnreadable as wrong:
        return _page(visit, form, 422, wrong=wrong.says)
    with _turn():
        found = comment_search.listed(visit.indexed, asked, visit.person.reach, form.ordered, MOST_ROWS)
    _log(visit, form, "search file", len(found))
    headers = {"Content-Disposition": 'attachment; filename="comments.csv"'}
    return Response(_as_csv(found).encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


async def _sent(request: Request) -> SearchForm:
    return search_form.of_fields(dict(await request.form()))


@router.post("/saved", dependencies=[Depends(own_form)])
def save(
    visit: Reading,
    form: Annotated[SearchForm, Depends(_sent)],
    name: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Keep a search under a name, for whoever saved it."""
    try:
        _asked(visit, form)
    except SearchUnreadable as wrong:
        return _page(visit, form, 422, wrong=wrong.says)
    refused = saved_searches.save(visit.settings, visit.person.name, name, form.q, form.fields())
    if refused:
        return _page(visit, form, 422, wrong=refused)
    return visit.back("/search", "The search is saved.")


@router.post("/saved/{search_id}/delete", dependencies=[Depends(own_form)])
def delete(visit: Reading, search_id: Annotated[int, Path(ge=1, le=LAST_ID)]) -> Response:
    """Delete a search of the visitor's own."""
    if not saved_searches.delete(visit.settings, visit.person.name, search_id):
        raise HTTPException(404, "You have saved no search of this number.")
    return visit.back("/search", "The saved search is deleted.")


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_LONGEST_WAIT):
        raise HTTPException(503, "Many are searching just now. Try again in a moment.")
    try:
        yield
    finally:
        _AT_ONCE.release()


def _page(visit: Visit, form: SearchForm, status: int = 200, wrong: str = "", **found: Any) -> HTMLResponse:
    words: SearchWords = found.pop("words", SearchWords())
    services = _services(visit)
    shown: Found | None = found.get("found")
    here = visit.request.url.path + (f"?{query}" if (query := visit.request.url.query) else "")
    saved = saved_searches.of(visit.settings, visit.person.name) if form.is_empty else []
    return visit.page(
        "search.html.j2",
        status,
        title="Search",
        form=form,
        wrong=wrong,
        services=services,
        names=dict(services),
        themes=_by_name((each.theme_code, each.theme_label) for each in visit.build.episodes.themes.values()),
        sources=_by_name((each.source_code, each.source_label) for each in _sources(visit)),
        critical=comment_search.critical_themes(visit.connection),
        saved=[(each, search_form.of_fields(each.query).address()) for each in saved],
        flags=flags(visit, [one.comment_id for one in shown.comments] if shown else [], here),
        marked=lambda text: _marked(words, text),
        week_of=_week_of,
        only_words=SearchForm(q=form.q),
        most_rows=MOST_ROWS,
        **{"found": None, "at": 1, "last": 1} | found,
    )


def _asked(visit: Visit, form: SearchForm) -> Asked:
    """What is looked for. Raises SearchUnreadable; refuses another's service, whether there is such a one or not."""
    reach = visit.person.reach.services
    if form.service and reach is not None and form.service not in reach:
        raise HTTPException(403, "You may search the comments of the services that you lead, and this is none of them.")
    asked = form.asked()
    # What is chosen is logged as it is: nothing but what stands in a list.
    for chosen, known, name in (
        (form.service, {each for each, _ in _services(visit)}, "service"),
        (form.theme, visit.build.episodes.themes.keys(), "theme"),
        (form.source, {each.source_code for each in _sources(visit)}, "source"),
    ):
        if chosen and chosen not in known:
            raise SearchUnreadable(f"No published {name} is called that; choose one of the list.")
    return asked


def _sources(visit: Visit) -> list[Source]:
    with_posts = visit.person.reach.with_posts
    return [each for each in visit.build.published.sources if with_posts or each.is_social is False]


def _services(visit: Visit) -> list[tuple[str, str]]:
    """Ids and names of the services that the visitor may choose from."""
    reach = visit.person.reach.services
    found = [each for each in visit.build.services if reach is None or each.service_id in reach]
    return _by_name((each.service_id, each.label) for each in found)


def _by_name(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(found, key=lambda each: each[1].casefold())


def _log(visit: Visit, form: SearchForm, page: str, comment_count: int) -> None:
    """Log what is shown before it is; a search that found nothing as well."""
    chosen = {name: value for name, value in form.fields().items() if name not in ("q", "order")}
    comment_readings.log(visit.settings, visit.person.name, page, chosen, comment_count, typed=form.q)


def _marked(words: SearchWords, text: str) -> Markup:
    """A text with the words that were looked for highlighted; whatever stands in it stays text."""
    place, parts = 0, []
    for start, end in marks(words, text):
        parts += [escape(text[place:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        place = end
    return Markup("").join([*parts, escape(text[place:])])


def _week_of(one: FoundComment) -> str:
    """The address of all comments of its service in its week."""
    sunday = one.week_date + timedelta(days=6)
    return SearchForm(service=one.service_id, first=str(one.week_date), last=str(sunday)).address()


def _as_csv(found: list[FoundComment]) -> str:
    """A line a comment, with no cell that a spreadsheet takes for a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    for one in found:
        cells = (
            one.comment_id, one.service_label, one.source_label, str(one.posted_date or ""), str(one.week_date),
            one.question_type or "", one.fft_score_label or "", one.sentiment_label or "", one.sentiment_grade or "",
            "; ".join(one.theme_labels), one.comment_text,
        )  # fmt: skip
        writer.writerow([inert(cell) for cell in cells])
    return file.getvalue()


_COLUMNS = (
    "comment_id", "service", "source", "posted_date", "week_date", "question_type", "score", "sentiment",
    "sentiment_grade", "themes", "comment",
)  # fmt: skip
