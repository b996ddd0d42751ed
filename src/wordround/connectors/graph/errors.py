"""Errors of the Graph API: what their codes say. They come with HTTP 400 or 403, whatever is wrong."""

from typing import Any

# The app, the user, the Page, the account or the business asks too much.
BUSY = frozenset({4, 17, 32, 341, 613, 80001, 80002})
_TOKEN_ENDED = 190


def error_of(content: Any) -> dict[str, Any]:
    """Return the error of an answer; empty where it is none."""
    error = content.get("error") if isinstance(content, dict) else None
    return error if isinstance(error, dict) else {}


def is_gone(content: Any) -> bool:
    """Whether an error says that something is not there (code 803, or 100 with subcode 33)."""
    error = error_of(content)
    return error.get("code") == 803 or (error.get("code"), error.get("error_subcode")) == (100, 33)


def is_busy(content: Any) -> bool:
    """Whether an error says that fewer requests are wanted."""
    error = error_of(content)
    return error.get("code") in BUSY or error.get("is_transient") is True


def has_token_ended(content: Any) -> bool:
    """Whether an error says that the token is not valid any more."""
    return error_of(content).get("code") == _TOKEN_ENDED
