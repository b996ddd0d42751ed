"""Column maps: which of the layouts in the settings a file follows, and what is wrong when it follows none."""

import difflib
from collections import Counter

from wordround.errors import UnexpectedColumns
from wordround.plain_text import one_line
from wordround.settings import Layout


def choose_layout(file_name: str, header: list[str], layouts: dict[str, Layout]) -> tuple[str, Layout]:
    """Return the first layout whose columns are all in the header.

    Raises UnexpectedColumns naming what is missing from the closest layout, with the nearest match of each.
    """
    present = Counter(name.casefold() for name in header)

    def missing(layout: Layout) -> list[str]:
        return [column for column in layout.columns if one_line(column).casefold() not in present]

    for name, layout in layouts.items():
        if not missing(layout):
            twice = [column for column in layout.columns if present[one_line(column).casefold()] > 1]
            if twice:
                raise UnexpectedColumns(
                    f"{file_name}: column '{twice[0]}' stands in the header more than once. Rename one."
                )
            return name, layout
    closest = min(layouts, key=lambda name: len(missing(layouts[name])) / len(layouts[name].columns))
    hints = []
    for column in missing(layouts[closest]):
        near = difflib.get_close_matches(one_line(column), header, n=1, cutoff=0.5)
        hints.append(f"'{column}'" + (f" (did you mean '{near[0]}'?)" if near else " (nothing like it is there)"))
    raise UnexpectedColumns(
        f"{file_name}: no layout fits, nothing was read. The closest is '{closest}', which misses {', '.join(hints)}. "
        f"The file has: {', '.join(repr(name) for name in header if name)}. "
        f"Rename the column in the file, or set it under [sources.fft.layouts.{closest}] in wordround.toml."
    )
