"""The pages, one module a subject."""

from fastapi import APIRouter

from wordround.web.pages import alerts, board, coding, done, quality, reports, services, themes, upload


def routers() -> list[APIRouter]:
    """The routes of every page."""
    figures = [board.router, alerts.router, services.router, themes.router, quality.router]
    return [*figures, coding.router, upload.router, reports.router, done.router]
