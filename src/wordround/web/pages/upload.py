"""Upload: an analyst sends a file of the trust, sees what would become of it, and takes it in or back."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, HTTPException, UploadFile
from fastapi.responses import HTMLResponse, Response

from wordround.settings import Settings
from wordround.web.people import SENDS_FILES
from wordround.web.uploads import LARGEST, MEGABYTE, Upload, UploadRefused, Uploads
from wordround.web.verbs import VerbRefused
from wordround.web.visits import Visit, fields, needs, own_form

router = APIRouter(prefix="/upload")

Sending = Annotated[Visit, Depends(needs(*SENDS_FILES))]
_FILES = ("fft", "file")
# What a column may be, as `wordround ingest fft --column` has it, in words.
ROLES = {
    "date": "the date", "score": "the score", "site": "the site", "service": "the service",
    "team": "the team within it", "id": "the id of the form", "good": "what was good", "better": "what could be better",
    "comment": "a comment to any other question", "question": "which question was asked",
}  # fmt: skip
_COLUMN = "column_"


@router.get("")
def form(visit: Sending) -> HTMLResponse:
    """The form to send a file."""
    return _form(visit)


@router.post("", dependencies=[Depends(own_form)])
def send(
    visit: Sending, file: Annotated[UploadFile | None, File()] = None, source: Annotated[str, Form()] = ""
) -> Response:
    """Keep a file in memory and look at it."""
    if source not in sources(visit.settings):
        return _form(visit, "Say what kind of file it is.")
    if file is None or not file.filename:
        return _form(visit, "Choose a file.")
    try:
        upload = _uploads(visit).add(visit.person.name, source, file.filename, file.file.read(LARGEST + 1))
    except UploadRefused as refused:
        return _form(visit, str(refused))
    return visit.back(f"/upload/{upload.token}")


@router.get("/{token}")
def account(visit: Sending, token: str) -> HTMLResponse:
    """What would become of a file, or what became of it."""
    upload = _upload(visit, token)
    future = upload.taking or upload.account
    outcome, wrong = _ended(future)
    columns, _ = _ended(upload.columns)
    wrong_field, about = _field_of(wrong)
    return visit.page(
        "upload_account.html.j2",
        title=f"{outcome['file'] if outcome and 'file' in outcome else 'Your file'}",
        upload=upload,
        is_taken=upload.taking is not None,
        outcome=outcome,
        wrong=about,
        wrong_field=wrong_field,
        columns=columns["columns"] if columns else [],
        roles=ROLES,
        reading=future is not None and not future.done(),
    )


@router.post("/{token}/columns", dependencies=[Depends(own_form)])
def point(visit: Sending, token: str, sent: Annotated[dict[str, object], Depends(fields)]) -> Response:
    """Read a file by the columns that somebody has pointed at."""
    upload = _upload(visit, token)
    said = {name: str(value).strip() for name, value in sent.items() if name not in ("form_token",)}
    options: list[str] = []
    for name, value in said.items():
        if value in ROLES and name.startswith(_COLUMN):
            options += ["--column", f"{value}={name.removeprefix(_COLUMN)}"]
    best, layout = said.get("best", ""), said.get("layout", "")
    if not options:
        return visit.back(f"/upload/{token}", "Nothing was changed: no column is said to be anything.")
    options += ["--best", best] if best.isascii() and best.isdigit() else []
    options += [f"--layout={layout}"] if layout else []
    _uploads(visit).read_otherwise(upload, said, tuple(options))
    return visit.back(f"/upload/{token}")


@router.post("/{token}/take", dependencies=[Depends(own_form)])
def take(visit: Sending, token: str) -> Response:
    """Take a file in."""
    _uploads(visit).take(_upload(visit, token))
    return visit.back(f"/upload/{token}")


@router.post("/{token}/back", dependencies=[Depends(own_form)])
def take_back(visit: Sending, token: str) -> Response:
    """Let go of a file."""
    _uploads(visit).take_back(_upload(visit, token))
    return visit.back("/upload", "The file was let go of. Nothing of it was kept.")


def _ended(future: "Future[Mapping[str, Any]] | None") -> tuple[dict[str, Any] | None, str]:
    """What came of a verb, or why nothing did; neither where it has not ended."""
    if future is None or not future.done():
        return None, ""
    try:
        return dict(future.result()), ""
    except VerbRefused as refused:
        return None, str(refused)


def _field_of(wrong: str) -> tuple[str, str]:
    """The field of the form that a verb's message is about (empty: none), and the message without its name."""
    named, _, about = wrong.partition(": ")
    column = named.removeprefix("column ")
    is_of_column = column != named and column.isalpha()
    field = f"{_COLUMN}{column}" if is_of_column else "layout" if named == "--layout" else ""
    return (field, f"{about[:1].upper()}{about[1:]}") if field else ("", wrong)


def sources(settings: Settings) -> dict[str, str]:
    """The sources that take files, with what people call them."""
    names = {"fft": "Friends and Family Test", "file": "Another table: surveys, complaints, enquiries, reviews"}
    return {name: names[name] for name in _FILES if name in settings.sources.enabled()}


def _form(visit: Visit, wrong: str = "") -> HTMLResponse:
    return visit.page(
        "upload.html.j2",
        422 if wrong else 200,
        title="Send a file",
        sources=sources(visit.settings),
        largest=LARGEST // MEGABYTE,
        wrong=wrong,
    )


def _upload(visit: Visit, token: str) -> Upload:
    found = _uploads(visit).of(token, visit.person.name)
    if found is None:
        raise HTTPException(404, "This file does not wait any more: files are let go of after a quarter of an hour.")
    return found


def _uploads(visit: Visit) -> Uploads:
    uploads: Uploads = visit.request.app.state.uploads
    return uploads
