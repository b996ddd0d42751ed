"""Tests against real servers are collected only where somebody says so: tests/live/README.md."""

import itertools
import os
from collections.abc import Callable, Iterator

import pytest

from tests.live.bluesky_server import Person, serving

BLUESKY = os.environ.get("WORDROUND_LIVE_BLUESKY", "")
collect_ignore_glob = [] if BLUESKY else ["test_bluesky_*.py"]

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serving(BLUESKY) as pds:
        yield pds


@pytest.fixture(scope="session")
def person(address: str) -> Callable[[], Person]:
    """Makes accounts; each has its own limit of sign-ins."""
    return lambda: Person(address, f"person{next(_numbers)}")


@pytest.fixture
def tag() -> str:
    """A hashtag of the test's own."""
    return f"FernvaleNHS{next(_numbers)}"
