"""The pages, one module a subject."""

from fastapi import APIRouter

from wordround.web.pages import accounts, alerts, board, coding, governance, services, upload


def routers() -> list[APIRouter]:
    """The routes of every page."""
    return [
        board.router, alerts.router, services.router, coding.router, upload.router, governance.router, accounts.router,
    ]  # fmt: skip
