"""What the chain costs and how it grows, as a page: `python bench/growth.py docs/performance.md`.

The page is made of the last figures of each size that `make bench ONLY=chain` has kept on this machine (results.py).
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import results

_NAME = re.compile(r"([\d,]+) answers: (.+)")
STEPS = ("ingest", "understand", "gate loaded", "build", "gate publishable", "publish", "whole chain", "plain loop")
_BESIDE = {
    "whole chain, in plain loops": "whole chain, plain loops",
    "most memory, MB": "whole chain, MB",
    "again with nothing new, s": "again with nothing new, s",
}
_PAGE = """# What it costs, and how it grows

Measured on {day} at commit {commit} on a machine with {cores} cores and {memory} GB, Python {python}, DuckDB {duckdb}.
The answers have the shape of real ones: one in eight repeats another, six words in the middle, 4 % hold an identifier.
Everything is on: de-identification, VADER, the learned models, both code frames, copies, gates, marts, decisions and
publication. The machine's load over a quarter of an hour was {load:.0f}: what is above its cores are other programs.
All cores at once do {at_once:.2f} plain loops in the time of one: where two are threads of one core, the second adds
less than half. `make bench` measures it on your machine: ratios can be compared between machines on which that is the
same, seconds cannot.

| step | {sizes} | share | power |
|---|{lines}---:|---:|
{steps}

The plain loop is VADER alone over the same texts, in one process. *Power* is e of seconds = c × answers^e, by least
squares of the logarithms: at 1 twice the answers take twice as long; far below it a step spends its time on what does
not grow (starting, reading models, looking at every table). *Share* is of the whole chain at the largest size.

| beside it | {sizes} |
|---|{lines}
{beside}

DuckDB takes 900 MB at most in every step and goes to disk beyond; the rest of the memory is models and the texts that
are being read, of all processes together.
"""


def exponent(seconds: Mapping[int, float]) -> float:
    """Return e of seconds = c * size ** e by least squares of the logarithms, over two sizes or more."""
    slope, _ = np.polyfit(np.log(list(seconds)), np.log(list(seconds.values())), 1)
    return float(slope)


def page(last: results.Last) -> str:
    """Return the page. Raises ValueError where fewer than two sizes were measured."""
    measured: dict[int, dict[str, float]] = {}
    for name, figure in last.figures.items():
        if found := _NAME.fullmatch(name):
            measured.setdefault(int(found[1].replace(",", "")), {})[found[2]] = figure
    sizes = sorted(measured)
    if len(sizes) < 2:
        raise ValueError('Two sizes at least: make bench ONLY=chain SIZES="10000 100000".')

    def row(label: str, name: str, *more: str) -> str:
        written = [f"{measured[size][name]:,.{0 if name.endswith('MB') else 1}f}" for size in sizes]
        return f"| {' | '.join([label, *written, *more])} |"

    steps = []
    for step in STEPS:
        seconds = {size: measured[size][f"{step}, s"] for size in sizes}
        share = seconds[sizes[-1]] / measured[sizes[-1]]["whole chain, s"]
        steps.append(row(f"{step}, s", f"{step}, s", f"{share:.0%}", f"{exponent(seconds):.2f}"))
    return _PAGE.format(
        day=last.at[:10],
        commit=last.commit,
        cores=last.machine["cores"],
        memory=last.machine["memory_gb"],
        python=last.versions["python"],
        duckdb=last.versions["duckdb"],
        load=last.load,
        at_once=last.figures[results.CORES_AT_ONCE],
        sizes=" | ".join(f"{size:,}" for size in sizes),
        lines="---:|" * len(sizes),
        steps="\n".join(steps),
        beside="\n".join(row(label, name) for label, name in _BESIDE.items()),
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(results.last()), encoding="utf-8")
