"""Where the time of one step goes, on your own data: `make profile STEP=build`.

The step does its work for good, on the data of WORDROUND_HOME; `ingest` takes files, as `wordround ingest fft --file`
does. Functions are named by where they stand; of what other processes do only the waiting is seen.
"""

import cProfile
import pstats
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from measuring import PROJECT, out
from rich.table import Table

from wordround import pipeline
from wordround.settings import Settings, load_settings

MOST = 20
STEPS: dict[str, Callable[[Settings, list[Path]], object]] = {
    "ingest": lambda settings, files: [
        pipeline.ingest(settings, "fft", date.today(), file) for file in files or [None]
    ],
    "understand": lambda settings, _: pipeline.understand(settings),
    "gate-loaded": lambda settings, _: pipeline.gate(settings, "loaded"),
    "build": lambda settings, _: pipeline.build(settings),
    "build-all": lambda settings, _: pipeline.build(settings, full_refresh=True),
    "gate-publishable": lambda settings, _: pipeline.gate(settings, "publishable"),
    "publish": lambda settings, _: pipeline.publish(settings),
    "report": lambda settings, _: pipeline.report(settings),
}


def main(step: str, files: list[Path]) -> None:
    """Run the step under the profiler; print the functions that took most themselves, and where the whole lies."""
    settings = load_settings()
    profiler, begun, used = cProfile.Profile(), time.perf_counter(), time.process_time()
    profiler.runcall(STEPS[step], settings, files)
    wall, processor = time.perf_counter() - begun, time.process_time() - used
    stats = pstats.Stats(profiler)
    table = Table(title=f"{step}: {wall:.1f} s, {processor:.1f} s of processor", title_justify="left")
    for heading in ("function", "calls", "own s", "share", "with what it calls s"):
        table.add_column(heading, justify="left" if heading == "function" else "right")
    by_own = sorted(stats.stats.items(), key=lambda item: -item[1][2])
    for (file, line, name), (_, calls, own, whole, _) in by_own[:MOST]:
        table.add_row(
            _place(file, line, name), f"{calls:,}", f"{own:.2f}", f"{own / stats.total_tt:.0%}", f"{whole:.2f}"
        )
    out.print(table)
    (PROJECT / ".cache").mkdir(exist_ok=True)
    kept = PROJECT / ".cache" / f"profile-{step}.prof"
    stats.dump_stats(kept)
    out.print(f"all of it, for `python -m pstats`: {kept}", highlight=False)


def _place(file: str, line: int, name: str) -> str:
    if not line:
        return name
    parts = Path(file).parts
    for root in ("src", "site-packages"):
        if root in parts:
            parts = parts[parts.index(root) + 1 :]
    return f"{'/'.join(parts[-3:])}:{line} {name}"


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in STEPS:
        sys.exit(f"make profile STEP=..., one of: {', '.join(STEPS)}")
    main(sys.argv[1], [Path(each) for each in sys.argv[2:]])
