"""The pages, one module a subject."""

from fastapi import APIRouter

from wordround.web.pages import alerts, board, services, themes


def routers() -> list[APIRouter]:
    """The routes of every page."""
    return [board.router, alerts.router, services.router, themes.router]
