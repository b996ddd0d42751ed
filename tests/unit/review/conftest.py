"""A trust whose people code some of its comments."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.chains import build_all, copied, feed, history, of_home
from tests.fixtures.coded import telling_apart
from wordround.settings import Settings


@pytest.fixture
def trust(settings: Settings, once: Callable[[str, Callable[[Path], None]], Path], tmp_path: Path) -> Settings:
    """A home with the marts of a small history, of the test's own."""

    def fill(home: Path) -> None:
        made = of_home(settings, home)
        feed(made, telling_apart(history(8)))
        build_all(made)

    return copied(of_home(settings, once("review-history", fill)), settings.home)
