"""What it costs to load the settings, which nearly every module does: part of `make bench`.

Prints the CPU time (the least of several fresh interpreters) and the peak memory of `import wordround.settings`, beside
those of an interpreter that imports nothing and of one that imports pydantic alone.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

RUNS = 7
MEASURE = """
import json, re, resource
spent = resource.getrusage(resource.RUSAGE_SELF)
# Not ru_maxrss, which a process has from the one that started it.
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())
print(json.dumps({"seconds": spent.ru_utime + spent.ru_stime, "peak_mb": int(peak[1]) / 1024}))
"""


def cost(statement: str) -> dict[str, float]:
    """Return the least CPU seconds and megabytes of a fresh interpreter that runs one statement."""
    runs = [
        json.loads(subprocess.check_output([sys.executable, "-c", statement + MEASURE], text=True)) for _ in range(RUNS)
    ]
    return {name: min(run[name] for run in runs) for name in runs[0]}


def main() -> dict[str, float]:
    """Print what each import costs, and return what is to be compared."""
    for statement in ("pass", "import pydantic", "import wordround.settings"):
        spent = cost(statement)
        print(f"{statement:26} {spent['seconds']:.2f} s of CPU  {spent['peak_mb']:4.0f} MB")
    helped = min(_help_seconds() for _ in range(RUNS))
    print(f"{'wordround --help':26} {helped:.2f} s")
    return {"settings, s of CPU": spent["seconds"], "wordround --help, s": helped}


def _help_seconds() -> float:
    begun = time.perf_counter()
    subprocess.check_output([Path(sys.executable).with_name("wordround"), "--help"])
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
