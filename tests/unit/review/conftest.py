"""A trust whose people code some of its comments."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.chains import coding_trust
from wordround.settings import Settings


@pytest.fixture
def trust(settings: Settings, once: Callable[[str, Callable[[Path], None]], Path]) -> Settings:
    """A home with the marts of a small history, of the test's own."""
    return coding_trust(settings, once)
