"""What it costs to load the settings, which nearly every module does: part of `make bench`.

Prints the CPU time (the least of several fresh interpreters) and the peak memory of `import wordround.settings`, beside
those of an interpreter that imports nothing and of one that imports pydantic alone.
"""

import json
import subprocess
import sys

RUNS = 7
MEASURE = """
import json, resource
spent = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"seconds": spent.ru_utime + spent.ru_stime, "peak_mb": spent.ru_maxrss / 1024}))
"""


def cost(statement: str) -> dict[str, float]:
    """Return the least CPU seconds and megabytes of a fresh interpreter that runs one statement."""
    runs = [
        json.loads(subprocess.check_output([sys.executable, "-c", statement + MEASURE], text=True)) for _ in range(RUNS)
    ]
    return {name: min(run[name] for run in runs) for name in runs[0]}


if __name__ == "__main__":
    for statement in ("pass", "import pydantic", "import wordround.settings"):
        spent = cost(statement)
        print(f"{statement:26} {spent['seconds']:.2f} s of CPU  {spent['peak_mb']:4.0f} MB")
