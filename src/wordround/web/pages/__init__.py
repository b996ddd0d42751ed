"""The pages, one module a subject."""

from fastapi import APIRouter

from wordround.web.pages import accounts, alerts, board, governance, services


def routers() -> list[APIRouter]:
    """The routes of every page."""
    return [board.router, alerts.router, services.router, governance.router, accounts.router]
