"""Addresses of the comments behind a figure: the search with its filters filled in, and never with words."""

from datetime import date, timedelta
from urllib.parse import urlencode


def comments_link(
    service: str | None = None,
    theme: str | None = None,
    sentiment: str | None = None,
    source: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> str:
    """The address of the comments of these filters; `first` and `last` are the Mondays of the first and last week."""
    filters = {
        "service": service,
        "theme": theme,
        "sentiment": sentiment,
        "from": first.isoformat() if first else None,
        "to": (last + timedelta(days=6)).isoformat() if last else None,
        "source": source,
    }
    return "/search?" + urlencode({name: value for name, value in filters.items() if value})
