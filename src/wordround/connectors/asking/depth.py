"""How deep JSON, XML and HTML are nested: what nests without end makes its readers slow, or ends the process."""

import re
from typing import Any
from xml.parsers import expat

# Tags that hold nothing, or end where the next of their kind begins.
_NEVER_NEST = frozenset(
    "area base br col embed hr img input link meta source track wbr p li dt dd tr td th thead tbody option".split()
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")


class TooDeep(ValueError):
    """Something is nested deeper than it may be."""


def json_is_deeper(content: Any, most: int) -> bool:
    """Whether a parsed answer has more levels of lists and objects."""
    level = [content] if isinstance(content, dict | list) else []
    for _ in range(most):
        if not level:
            return False
        each = (outer.values() if isinstance(outer, dict) else outer for outer in level)
        level = [inner for inners in each for inner in inners if isinstance(inner, dict | list)]
    return bool(level)


def xml_is_deeper(content: bytes, most: int) -> bool:
    """Whether a document has more levels of elements, as far as it is well formed."""
    depth = 0

    def opened(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > most:
            raise TooDeep

    def closed(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    try:
        parser.Parse(content, True)
    except TooDeep:
        return True
    except (expat.ExpatError, ValueError, LookupError):
        # Its reader may make something of it all the same.
        return False
    return False


def html_is_deeper(html: str, most: int) -> bool:
    """Whether a piece of HTML has more levels of elements, if every one that opens stays open until it is closed."""
    depth = 0
    for is_end, name in _TAG.findall(html):
        if name.lower() not in _NEVER_NEST:
            depth = max(0, depth - 1) if is_end else depth + 1
            if depth > most:
                return True
    return False
