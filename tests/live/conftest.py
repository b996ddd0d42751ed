"""Tests against real servers are collected only where somebody says so: tests/live/README.md."""

import itertools
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.live.bluesky_server import Person

BLUESKY = os.environ.get("WORDROUND_LIVE_BLUESKY", "")
collect_ignore_glob = [] if BLUESKY else ["test_bluesky_*.py"]

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    from tests.live.bluesky_server import serving

    with serving(BLUESKY) as pds:
        yield pds


@pytest.fixture(scope="session")
def person(address: str) -> "Callable[[], Person]":
    """Makes accounts; each has its own limit of sign-ins."""
    from tests.live.bluesky_server import Person

    return lambda: Person(address, f"person{next(_numbers)}")


@pytest.fixture
def tag() -> str:
    """A hashtag of the test's own."""
    return f"FernvaleNHS{next(_numbers)}"
