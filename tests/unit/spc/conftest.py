"""The numbers to conform to, for everything here."""

import json
from typing import Any

import pytest

from wordround.settings import PROJECT


@pytest.fixture(scope="session")
def decision_fixture() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((PROJECT / "tests/fixtures/decision_conformance.json").read_text("utf-8"))
    return content
