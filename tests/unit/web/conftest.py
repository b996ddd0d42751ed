"""A page of a small published warehouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.published import publish
from tests.fixtures.web import Site, site


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Site]:
    """The page behind a proxy, of what was published in `tmp_path`."""
    publish(tmp_path)
    with site(tmp_path) as made:
        yield made
