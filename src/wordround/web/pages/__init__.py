"""The pages, one module a subject."""

from fastapi import APIRouter

from wordround.web.pages import alerts, board, coding, search, services


def routers() -> list[APIRouter]:
    """The routes of every page."""
    return [board.router, alerts.router, services.router, search.router, search.file_router, coding.router]
