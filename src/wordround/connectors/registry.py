"""The registry of sources: every folder here whose package declares TERMS is one, under its own name.

A source's package holds its TERMS and its Block of the settings, and is light to import. Its connector
(`<source>.connector`) holds `Source` for one that is asked over the network, and `Reader`, `native_ids` and `row_name`
for one of files; it is imported on demand.
"""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from wordround import connectors
from wordround.connectors.blocks import AskedSource, Source
from wordround.connectors.terms import SourceTerms

if TYPE_CHECKING:
    from wordround.connectors.asking.contract import Connector


@cache
def _packages() -> Mapping[str, ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(connectors.__path__) if module.ispkg)
    found = {name: import_module(f"{connectors.__name__}.{name}") for name in names}
    return MappingProxyType({name: package for name, package in found.items() if hasattr(package, "TERMS")})


def terms() -> dict[str, SourceTerms]:
    """Return the terms of each source."""
    return {name: package.TERMS for name, package in _packages().items()}


def longest_retention_days(name: str) -> int | None:
    """Return for how many days the terms of a source let its text be kept; None where they set no limit."""
    return _packages()[name].TERMS.longest_retention_days if name in _packages() else None


def blocks() -> dict[str, type[Source]]:
    """Return the class of each source's block in the settings."""
    return {name: package.Block for name, package in _packages().items()}


def is_asked(name: str) -> bool:
    """Whether a source is asked over the network; one that is not takes files."""
    return name in _packages() and issubclass(_packages()[name].Block, AskedSource)


def connector_module(name: str) -> ModuleType:
    """Import the connector of a source, and all that it needs."""
    return import_module(f"{_packages()[name].__name__}.connector")


def connector(name: str) -> "type[Connector] | None":
    """Return the connector of a source that is asked; None for a source of files."""
    found: type[Connector] | None = connector_module(name).Source if is_asked(name) else None
    return found
