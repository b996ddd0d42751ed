"""What understanding costs beside a plain VADER loop, and beside the published recipe: part of `make bench`.

Whole understanding is VADER, sentiment by clause, themes in both frames, relevance, language, named services and the
keys of copies, of distinct answers that no model has seen. Each part is measured in turns with the plain loop, some
thousand answers at a time, in CPU time of one core: what other programs take of the machine meanwhile falls on both.
Then the same work is shared by two processes, by the clock. The recipe is TF-IDF of words and pairs with a linear SVC
(scikit-learn), predictions alone: three classes of sentiment, and themes one by one. How well either does is no matter
here. Models are read before the clock starts.
"""

import sys
import tempfile
from pathlib import Path

import results
from chain import sample
from measuring import PROJECT, child, out
from rich.table import Table

PARTS = """
import csv, json, os, sys, time
os.environ["OPENBLAS_NUM_THREADS"] = "1"
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.svm import LinearSVC
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
from wordround.registers.frames import frames
from wordround.registers.services import named_services, own_places
from wordround.score.copies import hash_texts
from wordround.score.figures import Chunk
from wordround.understand import copies
from wordround.understand.annotating import Annotating
from wordround.understand.service_mentions import ServiceMentions
asked = {"What was good about your visit?": "what_good", "What could we do better?": "could_improve"}
with open(sys.argv[1], newline="", encoding="utf-8-sig") as stream:
    answers = {row[column]: question for row in csv.DictReader(stream) for column, question in asked.items()
               if row[column].strip()}
texts, questions = list(answers), list(answers.values())
package, annotating = SentimentIntensityAnalyzer(), Annotating(frames())
services = ServiceMentions(named_services(), own_places())
copies.version()
AT_ONCE, TAUGHT = 5_000, min(5_000, len(texts) // 2)
# What the recipe learns from, and what warms the models: not measured.
known = annotating.annotate(texts[:TAUGHT], questions[:TAUGHT])
recipe = TfidfVectorizer(ngram_range=(1, 2))
features = recipe.fit_transform(texts[:TAUGHT])
classes = LinearSVC().fit(features, [each.sentiment_class or "neutral" for each in known])
labels = MultiLabelBinarizer().fit_transform([[theme.label for theme in each.themes] for each in known])
themes = OneVsRestClassifier(LinearSVC()).fit(features, labels)
def chunk_of(some, asked):
    return Chunk(text_ids=[], texts=some, languages=[None] * len(some), questions=asked)
def recipe_predicts(some, _):
    features = recipe.transform(some)
    return classes.predict(features), themes.predict(features)
parts = {
    "plain VADER loop": lambda some, _: [package.polarity_scores(text) for text in some],
    "VADER, clauses, both frames, relevance, language": annotating.annotate,
    "named services": lambda some, _: [services.find(text) for text in some],
    "keys of copies": lambda some, asked: hash_texts(chunk_of(some, asked)),
    "TF-IDF and linear SVC, predictions": recipe_predicts,
}
seconds = dict.fromkeys(parts, 0.0)
for start in range(TAUGHT, len(texts), AT_ONCE):
    some, those = texts[start:start + AT_ONCE], questions[start:start + AT_ONCE]
    for name, part in parts.items():
        begin = time.process_time()
        part(some, those)
        seconds[name] += time.process_time() - begin
print(json.dumps({"texts": len(texts) - TAUGHT, "characters": sum(map(len, texts)) / len(texts), "seconds": seconds}))
"""

TWO_CORES = """
import csv, json, os, sys, time
os.environ["OPENBLAS_NUM_THREADS"] = "1"
from wordround import worker_processes
with open(sys.argv[1], newline="", encoding="utf-8-sig") as stream:
    texts = list({row[column] for row in csv.DictReader(stream) for column in
                  ("What was good about your visit?", "What could we do better?") if row[column].strip()})
made = {}
def understood(some):
    from wordround.registers.frames import frames
    from wordround.registers.services import named_services, own_places
    from wordround.score.copies import hash_texts
    from wordround.score.figures import Chunk
    from wordround.understand.annotating import Annotating
    from wordround.understand.service_mentions import ServiceMentions
    if not made:
        made["annotating"] = Annotating(frames())
        made["services"] = ServiceMentions(named_services(), own_places())
    made["annotating"].annotate(some, [None] * len(some))
    for text in some:
        made["services"].find(text)
    return len(hash_texts(Chunk(text_ids=[], texts=some, languages=[None] * len(some), questions=None)))
with worker_processes.pool(2) as pool:
    chunks = [texts[start:start + 5_000] for start in range(0, len(texts), 5_000)]
    list(pool.map(understood, chunks[:2] * 2))
    begin = time.perf_counter()
    done = sum(pool.map(understood, chunks[2:]))
    print(json.dumps({"texts": done, "seconds": time.perf_counter() - begin}))
"""


def main(size: int) -> results.Figures:
    """Measure so many answers, print the table and return what is to be compared."""
    (PROJECT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PROJECT / ".cache") as folder:
        answers = str(sample(size, Path(folder)))
        one, two = child(PARTS, answers), child(TWO_CORES, answers)
    seconds, texts = one["seconds"], one["texts"]
    plain, recipe = "plain VADER loop", "TF-IDF and linear SVC, predictions"
    whole = sum(spent for name, spent in seconds.items() if name not in (plain, recipe))
    table = Table(title=f"{texts:,} distinct answers of {one['characters']:.0f} characters", title_justify="left")
    for heading in ("what", "loops", "texts/s and core"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for name, spent in {**seconds, "whole understanding": whole}.items():
        table.add_row(name, f"{spent / seconds[plain]:.2f}", f"{texts / spent:,.0f}")
    out.print(table)
    out.print(
        f"whole understanding by two processes: {two['texts'] / two['seconds']:,.0f} texts/s by the clock   "
        f"peak memory: {one['peak_mb']:,.0f} MB in one process, {two['peak_mb']:,.0f} MB in two\n",
        highlight=False,
    )
    return {
        "whole understanding, plain loops": whole / seconds[plain],
        "whole understanding by two processes, texts/s": two["texts"] / two["seconds"],
        "whole understanding, MB": one["peak_mb"],
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
