"""How the benchmarks measure: a program in a process of its own, by the clock, with the memory that it held."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
from rich.console import Console

PROJECT = Path(__file__).resolve().parents[1]
# Piped output has no width of its own; names of figures need more than 80 columns.
out = Console(width=None if sys.stdout.isatty() else 140)


def child(program: str, *arguments: str, home: Path | None = None) -> dict:
    """Run a program in its own process; return what it printed and the most memory that it and its children held."""
    environment = os.environ | ({"WORDROUND_HOME": str(home)} if home else {})
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True, env=environment, cwd=PROJECT
    )
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(process.pid, peak), daemon=True)
    watcher.start()
    printed, _ = process.communicate()
    if process.returncode:
        sys.exit(f"the benchmark's program ended with {process.returncode}")
    return json.loads(printed.splitlines()[-1]) | {"peak_mb": peak[0] / 2**20}


def _watch(pid: int, peak: list[int]) -> None:
    try:
        root = psutil.Process(pid)
        while root.is_running():
            held = 0
            for process in [root, *root.children(recursive=True)]:
                try:
                    held += process.memory_full_info().pss
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue
            peak[0] = max(peak[0], held)
            time.sleep(0.25)
    except psutil.NoSuchProcess:
        return
