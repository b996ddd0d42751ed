"""Which sources there are: every module of this folder that declares TERMS is one, under its own name.

A connector that is asked over the network also has `Source`, its Connector class; a source of files has `Block` and
`Reader` alone.
"""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType, ModuleType

from wordround import connectors
from wordround.connectors.asking.contract import Connector
from wordround.connectors.blocks import Source
from wordround.connectors.terms import SourceTerms


@cache
def modules() -> Mapping[str, ModuleType]:
    """Return the module of each source, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(connectors.__path__) if module.name != "registry")
    found = {name: import_module(f"{connectors.__name__}.{name}") for name in names}
    return MappingProxyType({name: module for name, module in found.items() if hasattr(module, "TERMS")})


def terms() -> dict[str, SourceTerms]:
    """Return the terms of each source."""
    return {name: module.TERMS for name, module in modules().items()}


def longest_retention_days(name: str) -> int | None:
    """Return how long the terms of a source let its text be kept; None where they say nothing."""
    return modules()[name].TERMS.longest_retention_days if name in modules() else None


def blocks() -> dict[str, type[Source]]:
    """Return the class of each source's block in the settings."""
    return {name: module.Block for name, module in modules().items()}


def connector(name: str) -> type[Connector] | None:
    """Return the connector of a source that is asked; None for a source of files."""
    found: type[Connector] | None = getattr(modules().get(name), "Source", None)
    return found
