"""Settings in which nothing is declared: the sample's own conversation is taken out of them."""

import re
from collections.abc import Callable

import pytest

from wordround.settings import PROJECT, Settings


@pytest.fixture
def settings_with(settings_with: Callable[..., Settings]) -> Callable[..., Settings]:
    written = (PROJECT / "wordround.toml").read_text(encoding="utf-8")
    own = [(block, "") for block in re.findall(r"^\[\[conversations\]\]\n(?:[^\[].*\n)+", written, re.MULTILINE)]
    return lambda *replacements, added="": settings_with(*own, *replacements, added=added)


@pytest.fixture
def settings(settings_with: Callable[..., Settings]) -> Settings:
    return settings_with()
