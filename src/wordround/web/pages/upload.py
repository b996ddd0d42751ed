"""Upload: an analyst sends a file of the trust, sees what would become of it, and takes it in or back."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, HTTPException, UploadFile
from fastapi.responses import HTMLResponse, Response

from wordround.settings import Settings
from wordround.web.people import SENDS_FILES
from wordround.web.search_form import SearchForm
from wordround.web.uploads import LARGEST, MEGABYTE, Upload, UploadRefused, Uploads
from wordround.web.verbs import VerbRefused
from wordround.web.visits import Visit, fields, needs, own_form

router = APIRouter(prefix="/upload")

# What of a file's rows moves a figure.
_CHANGES = ("loaded", "updated")


@dataclass(frozen=True)
class Progress:
    """How far a file is that was taken in. `comments`: the address of those of its days."""

    name: str
    upload: Upload
    changes: bool
    is_published: bool
    comments: str


Sending = Annotated[Visit, Depends(needs(*SENDS_FILES))]
_FILES = ("fft", "file")
# What a column may be, as `wordround ingest fft --column` has it, in words.
ROLES = {
    "date": "the date", "score": "the score", "site": "the site", "service": "the service",
    "team": "the team within it", "id": "the id of the form", "good": "what was good", "better": "what could be better",
    "comment": "a comment to any other question", "question": "which question was asked",
}  # fmt: skip
_COLUMN = "column_"
# The options of the verb that have a field of their own.
_FIELDS = {"--best": "best", "--layout": "layout"}
_LONGEST_BEST, _MOST_SHEETS = 9, 100_000


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
    return _account(visit, upload, upload.said)


@router.post("/{token}/sheet", dependencies=[Depends(own_form)])
def choose_sheet(visit: Sending, token: str, number: Annotated[int, Form(ge=1, le=_MOST_SHEETS)]) -> Response:
    """Look at another sheet of a workbook."""
    _uploads(visit).read_sheet(_upload(visit, token), number)
    return visit.back(f"/upload/{token}")


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
    if best and not (best.isascii() and best.isdigit() and len(best) <= _LONGEST_BEST):
        return _account(visit, upload, said, ("best", "Write the best score as a whole number, such as 5."))
    options += ["--best", best] if best else []
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


def _account(
    visit: Visit, upload: Upload, said: Mapping[str, str], refused: tuple[str, str] | None = None
) -> HTMLResponse:
    """The account of a file. `said`: of its columns; `refused`: the field of what was said that is wrong, and why."""
    future = upload.taking or upload.account
    outcome, wrong = _ended(future)
    columns, _ = _ended(upload.columns)
    wrong_field, about = refused or _field_of(wrong)
    return visit.page(
        "upload_account.html.j2",
        422 if refused else 200,
        title=_name(upload),
        upload=upload,
        pointed=said,
        is_taken=upload.taking is not None,
        progress=_progress(visit, upload),
        outcome=outcome,
        wrong=about,
        wrong_field=wrong_field,
        columns=columns["columns"] if columns else [],
        sheet=_named_sheet(columns),
        sheets=columns["sheets"] if columns else [],
        roles=ROLES,
        # Where it was let go of meanwhile, the page that asks again says so.
        reading=not refused and (not (outcome or about) or any(not each.done() for each in upload.readings)),
    )


def _name(upload: Upload) -> str:
    """What a file is called, without what of its name may name somebody."""
    account, _ = _ended(upload.account)
    return str(account["file"]) if account else "Your file"


def _progress(visit: Visit, upload: Upload) -> Progress | None:
    """How far a file is that was taken in; None before, and where it was not."""
    outcome, _ = _ended(upload.taking)
    if outcome is None or upload.taken_at is None:
        return None
    account, _ = _ended(upload.account)
    source = next((each for each in visit.build.published.sources if each.source_code == upload.source), None)
    loaded_at = source.last_loaded_at if source else None
    days = [str(account.get(name) or "") for name in ("first_date", "last_date")] if account else ["", ""]
    return Progress(
        _name(upload),
        upload,
        changes=any(outcome["rows"].get(name) for name in _CHANGES),
        is_published=loaded_at is not None and loaded_at >= upload.taken_at,
        comments=SearchForm(source=upload.source, first=days[0], last=days[1]).address(),
    )


def _named_sheet(columns: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The sheet of a workbook whose columns are shown; None of any other file."""
    return next((each for each in columns["sheets"] if each["number"] == columns["sheet"]), None) if columns else None


def _ended(future: "Future[Mapping[str, Any]] | None") -> tuple[dict[str, Any] | None, str]:
    """What came of a verb, or why nothing did; neither where it has not ended, or the file was let go of first."""
    if future is None or not future.done() or future.cancelled():
        return None, ""
    try:
        return dict(future.result()), ""
    except VerbRefused as refused:
        return None, str(refused)
    except UploadRefused:
        return None, ""


def _field_of(wrong: str) -> tuple[str, str]:
    """The field of the form that a verb's message is about (empty: none), and the message without its name."""
    named, _, about = wrong.partition(": ")
    column = named.removeprefix("column ")
    is_of_column = column != named and column.isalpha()
    field = f"{_COLUMN}{column}" if is_of_column else _FIELDS.get(named, "")
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
        taken=[found for each in _uploads(visit).taken_by(visit.person.name) if (found := _progress(visit, each))],
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
