"""What the whole chain costs beside a plain VADER loop over the same texts: part of `make bench`.

For each size: (a) a plain vaderSentiment loop, one process, nothing else; (b) the whole chain from the file to the
published warehouse, step by step; (c) the chain again with nothing new; and at the end (d) 1,000 new comments onto
that history against 1,000 onto an empty one; (e) sentiment of long texts alone; (f) de-identification alone, beside
plain Presidio; (g) grouping of copied text alone, beside the plain loop of (a). Every figure is measured in this run;
the ratios are what to compare between machines. The answers have the shape of real ones (corpus.py).
"""

import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import corpus
import results
from measuring import PROJECT, child, out
from rich.table import Table

DAILY = 1_000

PLAIN_LOOP = """
import csv, json, sys, time
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
csv.field_size_limit(sys.maxsize)
texts = [row[column] for row in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8-sig")) for column in
         ("What was good about your visit?", "What could we do better?") if row[column].strip()]
analyzer = SentimentIntensityAnalyzer()
start = time.perf_counter()
for text in texts:
    analyzer.polarity_scores(text)
print(json.dumps({"texts": len(texts), "seconds": time.perf_counter() - start}))
"""

LONG_TEXTS = """
import csv, json, sys, time
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
from wordround.understand.sentiment import Vader
texts = [row["What was good about your visit?"] for row in csv.DictReader(open(sys.argv[1], newline=""))]
long = [" ".join(texts[start:start + 40]) for start in range(0, min(4_000, len(texts)), 40)]
seconds = {}
for name, score in (("plain", SentimentIntensityAnalyzer().polarity_scores), ("ours", Vader().polarity_scores)):
    start = time.perf_counter()
    for text in long:
        score(text)
    seconds[name] = time.perf_counter() - start
print(json.dumps({"words": len(long[0].split()), "ratio": seconds["plain"] / seconds["ours"]}))
"""

DEIDENTIFY = """
import itertools, json, logging, sys, time
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
from wordround.deidentify import deidentify
from wordround.plain_text import plain
sys.path.insert(0, "bench")
from corpus import answers
for name in ("presidio-analyzer", "tldextract"):
    logging.getLogger(name).setLevel(logging.CRITICAL)
texts = list(answers(int(sys.argv[1])))
warm, at_once = len(texts) // 6, len(texts) // 12
nlp = NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}])
registry = RecognizerRegistry(supported_languages=["en"])
registry.load_predefined_recognizers(nlp_engine=nlp)
presidio = AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])
found = sum(bool(deidentify(plain(text)).found) for text in texts[:warm]) / warm
looks = {"ours": (lambda text: deidentify(plain(text)), 1), "presidio": (lambda text: presidio.analyze(text, "en"), 10),
         "vader": (SentimentIntensityAnalyzer().polarity_scores, 1)}
# In turns, each on the same texts, none of which was seen before: what is remembered of a text must not count.
spent, seen = dict.fromkeys(looks, 0.0), dict.fromkeys(looks, 0)
for first in range(warm, len(texts), at_once):
    for name, (look, every) in looks.items():
        some = texts[first:first + at_once:every]
        start = time.process_time()
        for text in some:
            look(text)
        spent[name] += time.process_time() - start
        seen[name] += len(some)
print(json.dumps({"characters": sum(map(len, texts)) / len(texts), "found": found,
                  **{name: seen[name] / spent[name] for name in looks}}))
"""

COPIES = """
import csv, json, sys, time
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
from wordround.understand import copies
with open(sys.argv[1], newline="") as stream:
    texts = sorted({row["What was good about your visit?"] for row in csv.DictReader(stream)})
named = {f"{place:06}": text for place, text in enumerate(texts)}
score = SentimentIntensityAnalyzer().polarity_scores
copies.version()  # reads the library in before the clock starts
def hashed():
    for _ in copies.keys([text for text in map(copies.compared, texts) if text]):
        pass
seconds = {}
for name, work in (("plain", lambda: [score(text) for text in texts]), ("hash", hashed),
                   ("group", lambda: copies.groups(named))):
    start = time.process_time()
    work()
    seconds[name] = time.process_time() - start
print(json.dumps({"texts": len(texts), **seconds}))
"""

CHAIN = """
import json, logging, sys, time
from datetime import date
from pathlib import Path
start = time.perf_counter()
from wordround import pipeline
from wordround.settings import load_settings
settings, steps = load_settings(), {}
def timed(name, work):
    begin = time.perf_counter()
    result = work()
    steps[name] = time.perf_counter() - begin
    return result
file = Path(sys.argv[1]) if len(sys.argv) > 1 else None
rows = timed("ingest", lambda: pipeline.ingest(settings, "fft", date.today(), file))["rows"]
timed("understand", lambda: pipeline.understand(settings))
timed("gate loaded", lambda: pipeline.gate(settings, "loaded"))
timed("build", lambda: pipeline.build(settings))
timed("gate publishable", lambda: pipeline.gate(settings, "publishable"))
timed("publish", lambda: pipeline.publish(settings))
print(json.dumps({"rows": rows, "steps": steps, "seconds": time.perf_counter() - start}))
"""


def sample(rows: int, folder: Path, seed: int = 1) -> Path:
    """Make a file of so many answers, two a row."""
    return corpus.write(rows // 2, folder / f"answers_{rows}_{seed}.csv", seed)


def measure(size: int, folder: Path) -> dict:
    """Measure one size; print its table; leave its data home behind for the daily run."""
    file, home = sample(size, folder), folder / f"home_{size}"
    plain = child(PLAIN_LOOP, str(file))
    chain = child(CHAIN, str(file), home=home)
    again = child(CHAIN, home=home)
    table = Table(title=f"{size:,} answers, {plain['texts']:,} with text", title_justify="left")
    for heading in ("what", "seconds", "share", "texts/s"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    table.add_row("plain VADER loop", f"{plain['seconds']:.1f}", "", f"{plain['texts'] / plain['seconds']:,.0f}")
    table.add_section()
    for name, seconds in chain["steps"].items():
        table.add_row(name, f"{seconds:.1f}", f"{seconds / chain['seconds']:.0%}", "")
    table.add_row("whole chain", f"{chain['seconds']:.1f}", "100%", f"{plain['texts'] / chain['seconds']:,.0f}")
    out.print(table)
    ratio = chain["seconds"] / plain["seconds"]
    ingest = chain["steps"]["ingest"] / plain["seconds"]
    out.print(
        f"ingest / plain loop: {ingest:.2f}   whole chain / plain loop: {ratio:.2f}   "
        f"peak memory: {chain['peak_mb']:,.0f} MB",
        highlight=False,
    )
    out.print(f"again with nothing new: {again['seconds']:.1f} s  {_short(again['steps'])}\n", highlight=False)
    figures = {
        "whole chain, plain loops": ratio,
        "ingest, plain loops": ingest,
        "understand, plain loops": chain["steps"]["understand"] / plain["seconds"],
        "whole chain, MB": chain["peak_mb"],
        "again with nothing new, s": again["seconds"],
        "plain loop, s": plain["seconds"],
        **{f"{name}, s": seconds for name, seconds in chain["steps"].items()},
        "whole chain, s": chain["seconds"],
    }
    return {"home": str(home), "figures": {f"{size:,} answers: {name}": figure for name, figure in figures.items()}}


def cores_at_once(file: Path) -> float:
    """Return how many plain loops all cores together do in the time of one alone: cores may be halves of one."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    alone = child(PLAIN_LOOP, str(file))["seconds"]
    with ThreadPoolExecutor(count) as pool:
        together = [run["seconds"] for run in pool.map(lambda _: child(PLAIN_LOOP, str(file)), range(count))]
    return sum(alone / seconds for seconds in together)


def _short(steps: dict[str, float]) -> str:
    return ", ".join(f"{name} {seconds:.1f}" for name, seconds in steps.items())


def main(sizes: list[int]) -> results.Figures:
    """Measure these sizes, print their tables and return what is to be compared."""
    (PROJECT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PROJECT / ".cache") as name:
        folder = Path(name)
        measured = {size: measure(size, folder) for size in sizes}
        at_once = cores_at_once(sample(100_000, folder))
        out.print(
            f"all {os.cpu_count()} cores at once do {at_once:.2f} plain loops in the time of one", highlight=False
        )
        long = child(LONG_TEXTS, str(sample(10_000, folder)))
        out.print(
            f"VADER, texts of about {long['words']:,} words: {long['ratio']:.1f} times the pace of the plain loop",
            highlight=False,
        )
        look = child(DEIDENTIFY, "24000")
        out.print(
            f"de-identification, {look['characters']:.0f} characters, {look['found']:.0%} with an identifier: "
            f"{look['ours']:,.0f} texts/s and core, {look['ours'] / look['vader']:.2f} of the pace of the plain VADER "
            f"loop, {look['ours'] / look['presidio']:.1f} times that of plain Presidio",
            highlight=False,
        )
        alike = child(COPIES, str(sample(100_000, folder)))
        out.print(
            f"copies among {alike['texts']:,} texts: hashed at {alike['texts'] / alike['hash']:,.0f} texts/s and core, "
            f"hashed and grouped at {alike['texts'] / alike['group']:,.0f}; "
            f"plain VADER loop / hashed and grouped: {alike['plain'] / alike['group']:.2f}",
            highlight=False,
        )
        daily = sample(DAILY, folder, seed=2)
        onto_empty = child(CHAIN, str(daily), home=folder / "home_daily")
        onto_history = child(CHAIN, str(daily), home=Path(measured[sizes[-1]]["home"]))
    for onto, run in (("nothing", onto_empty), (f"{sizes[-1]:,}", onto_history)):
        out.print(f"{DAILY:,} new onto {onto}: {run['seconds']:.1f} s  {_short(run['steps'])}", highlight=False)
    daily_ratio = onto_history["seconds"] / onto_empty["seconds"]
    out.print(f"daily run, long history / none: {daily_ratio:.2f}", highlight=False)
    return {name: figure for one in measured.values() for name, figure in one["figures"].items()} | {
        f"{DAILY:,} new onto {sizes[-1]:,}, times onto nothing": daily_ratio,
        results.CORES_AT_ONCE: at_once,
        "de-identification, pace of the plain loop": look["ours"] / look["vader"],
        "copies, pace of the plain loop": alike["plain"] / alike["group"],
    }


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(results.SIZES))
