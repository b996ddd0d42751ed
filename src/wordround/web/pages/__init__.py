"""The pages, one module a subject."""

from fastapi import APIRouter

from wordround.web.pages import (
    accounts,
    alerts,
    board,
    coding,
    comparison,
    conversation_posts,
    conversations,
    done,
    flags,
    governance,
    quality,
    reports,
    search,
    services,
    themes,
    triangulation,
    upload,
)


def routers() -> list[APIRouter]:
    """The routes of every page."""
    figures = [board.router, alerts.router, services.router, themes.router]
    figures += [
        conversations.router,
        conversation_posts.router,
        comparison.router,
        triangulation.router,
        quality.router,
    ]
    work = [search.router, search.file_router, flags.router, coding.router, upload.router, reports.router, done.router]
    return [*figures, *work, governance.router, accounts.router]
