"""Pages that were made as files, such as reports: shown as they are, in a sandbox where nothing runs.

They carry their own style within themselves, which the policy of this page's answers forbids. So each is an answer of
its own: without script, without forms, of an origin of its own, and with nothing fetched from anywhere.
"""

from pathlib import Path

from fastapi import HTTPException
from fastapi.responses import HTMLResponse, Response

_POLICY = (
    "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors "
)
SANDBOX = f"{_POLICY}'none'"


def below(folder: Path, *parts: str) -> Path:
    """A file below a folder, wherever links lead. Raises HTTPException where it is not there or lies elsewhere."""
    path = folder.joinpath(*parts)
    try:
        found = path.resolve(strict=True)
    except (OSError, ValueError):
        raise HTTPException(404, "This file is not there. It may have been removed since.") from None
    if not found.is_file() or not found.is_relative_to(folder.resolve()):
        raise HTTPException(404, "This file is not there. It may have been removed since.")
    return found


def shown(path: Path) -> HTMLResponse:
    """A page as it was made."""
    return HTMLResponse(path.read_bytes(), headers={"Content-Security-Policy": SANDBOX})


def framed(path: Path) -> HTMLResponse:
    """A page as it was made, to be shown within a page of ours and of nobody else."""
    headers = {"Content-Security-Policy": f"{_POLICY}'self'", "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(path.read_bytes(), headers=headers)


def download(path: Path, kind: str, name: str) -> Response:
    """A file to keep; `kind`: its media type, `name`: what it is called there."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": SANDBOX}
    return Response(path.read_bytes(), media_type=kind, headers=headers)
