"""The pages, one module a subject."""

from fastapi import APIRouter

from wordround.web.pages import alerts, board, done, quality, reports, services, themes


def routers() -> list[APIRouter]:
    """The routes of every page."""
    return [board.router, alerts.router, services.router, themes.router, reports.router, done.router, quality.router]
