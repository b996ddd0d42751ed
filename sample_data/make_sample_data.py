"""Writes the synthetic Friends and Family Test files of Fernvale Mental Health NHS Trust, which does not exist.

    python sample_data/make_sample_data.py              write the demo's files again (same seed, same content)
    python sample_data/make_sample_data.py --check      exit with 1 if the files are not what this script writes
    python sample_data/make_sample_data.py --rows 100000 --out big.csv      one large file of so many answers

Two things happen in the demo's 60 weeks and nothing else does: from week 42 the crisis team is harder to reach, and
from week 39 food and surroundings on Kestrel Ward get better. README.md beside this file says what dirt the files hold.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

import phrases
import trust_files
import voices

SEED = 57
FIRST_MONDAY = date(2025, 9, 22)
WEEKS = 60
FOLDER = Path(__file__).resolve().parent / "synthetic_fft"
WORSENS_FROM, IMPROVES_FROM = 41, 38  # week indices, the first week is 0

COMMUNITY = {
    "gratitude": 14, "organisation": 3, "feeling_safe": 2, "funding": 0.5, "staff": 22, "competence": 3, "staffing": 2,
    "waiting": 10, "contacting": 7, "appointments": 9, "listening": 12, "information": 7, "family": 3, "continuity": 6,
    "discharge": 2, "medication": 4, "environment": 2, "location": 2, "parking": 2, "transport": 1,
    "mental_health_act": 0.3,
}  # fmt: skip
INPATIENT = {
    "gratitude": 10, "organisation": 2, "feeling_safe": 5, "staff": 24, "competence": 2, "staffing": 6, "waiting": 1,
    "listening": 9, "information": 5, "family": 4, "continuity": 2, "discharge": 4, "medication": 5, "pain": 1,
    "activities": 9, "wifi": 2, "ward": 8, "food": 10, "noise": 3, "mental_health_act": 3, "parking": 0.5,
}  # fmt: skip


@dataclass(frozen=True)
class Service:
    """A team that gives out forms: how many a week, how often an answer is negative, what people talk about."""

    site: str
    spellings: tuple[str, ...]
    weekly: float
    negative_good: float
    negative_improve: float
    about: dict[str, float]
    extra: dict[str, float] = field(default_factory=dict)

    def subjects(self, **more: float) -> voices.Mix:
        return voices.mix({**self.about, **self.extra, **more})


CRISIS = Service(
    "Lantern House",
    ("Crisis Resolution and Home Treatment Team", "Crisis Team", "Crisis Resolution & Home Treatment Team"),
    44, 0.13, 0.43, COMMUNITY, {"contacting": 14, "waiting": 9, "appointments": 3, "feeling_safe": 5, "parking": 0.2},
)  # fmt: skip
KESTREL = Service(
    "Fernvale Hospital", ("Kestrel Ward", "Kestrel\u00a0Ward", "KESTREL WARD"),
    31, 0.22, 0.62, INPATIENT, {"food": 16, "ward": 15},
)  # fmt: skip
SERVICES = (
    KESTREL,
    Service(
        "Fernvale Hospital", ("Heron Ward", "Heron Ward (Older People)"),
        18, 0.07, 0.36, INPATIENT, {"family": 10},
    ),
    CRISIS,
    Service(
        "Tannery Lane Centre", ("Community Mental Health Team", "CMHT", "Community\u00a0Mental Health Team"),
        40, 0.11, 0.44, COMMUNITY,
    ),
    Service(
        "Tannery Lane Centre", ("Talking Therapies", "Talking Therapies "),
        56, 0.05, 0.30, COMMUNITY, {"listening": 20, "appointments": 14},
    ),
    Service(
        "Copperleaf Clinic", ("CAMHS", "Child and Adolescent Mental Health Service"),
        26, 0.10, 0.40, COMMUNITY, {"waiting": 18, "family": 9},
    ),
    Service(
        "Copperleaf Clinic", ("Memory Clinic", "Memory  Clinic"),
        20, 0.04, 0.26, COMMUNITY, {"family": 12, "location": 5, "parking": 7},
    ),
    Service(
        "Lantern House", ("Perinatal Mental Health Service", "Perinatal"),
        4.6, 0.06, 0.30, COMMUNITY, {"family": 8},
    ),
)  # fmt: skip

SCORES_CONTENT = ((0.70, 1), (0.90, 2), (0.945, 3), (0.96, 4), (0.975, 5), (0.99, 6), (1.0, None))
SCORES_CRITICAL = ((0.25, 1), (0.50, 2), (0.69, 3), (0.83, 4), (0.955, 5), (0.985, 6), (1.0, None))


def mood(service: Service, week: int) -> tuple[float, float, voices.Mix]:
    """Chance that the good-question and the improve-question are answered negatively, and what is talked about."""
    if service is CRISIS and week >= WORSENS_FROM:
        return 0.35, 0.70, service.subjects(contacting=34, waiting=30)
    if service is KESTREL and week >= IMPROVES_FROM:
        return 0.07, 0.34, service.subjects(food=18, ward=18)
    return service.negative_good, service.negative_improve, service.subjects()


def answer_good(rng: Random, negative: float, about: voices.Mix) -> tuple[str, bool]:
    """An answer to "What was good about your visit?" and whether it was meant negatively."""
    if rng.random() < 0.14:
        return voices.pick(rng, phrases.NO_ANSWERS), False
    if rng.random() < negative:
        stock = rng.random() < 0.06
        return "Nothing" if stock else voices.comment(rng, "negative", about), True
    if rng.random() < 0.06:
        return voices.pick(rng, phrases.STOCK_GOOD), False
    return voices.comment(rng, "positive", about), False


def answer_improve(rng: Random, negative: float, about: voices.Mix) -> tuple[str, bool]:
    """An answer to "What could we do better?" and whether it was meant negatively."""
    if rng.random() < 0.21:
        return voices.pick(rng, phrases.NO_ANSWERS), False
    if rng.random() < negative:
        return voices.comment(rng, "negative", about), True
    drawn = rng.random()
    if drawn < 0.12:
        return voices.pick(rng, phrases.STOCK_NOTHING), False
    return voices.comment(rng, "positive" if drawn < 0.40 else "suggestion", about), False


def adorned(rng: Random, text: str) -> str:
    """Now and then an identifier, an odd character or a cell that would do harm where it is not kept inert."""
    if not text or text in phrases.NO_ANSWERS:
        return text
    drawn = rng.random()
    if drawn < 0.008:
        return f"{text} {voices.identifier(rng)}"
    if drawn < 0.010:
        return text.replace(" ", "\u200b ", 1) if drawn < 0.009 else f"\u200f{text}"
    if drawn < 0.0115:
        return voices.pick(rng, phrases.MISCHIEF)
    return text


def form(rng: Random, number: int, day: date, service: Service, week: int) -> trust_files.Form:
    """One filled-in form."""
    negative_good, negative_improve, about = mood(service, week)
    good, bad_good = answer_good(rng, negative_good, about)
    improve, bad_improve = answer_improve(rng, negative_improve, about)
    drawn = rng.random()
    scores = SCORES_CRITICAL if bad_good or bad_improve else SCORES_CONTENT
    spelling = service.spellings[0] if rng.random() < 0.8 else voices.pick(rng, service.spellings)
    return trust_files.Form(
        response_id=f"FV-{number:06d}",
        received=day,
        site=service.site,
        service=spelling,
        score=next(score for reached, score in scores if drawn < reached),
        good=adorned(rng, good),
        improve=adorned(rng, improve),
        age_group=voices.pick(rng, ("Under 18", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+", "")),
        completed_by=voices.pick(rng, ("Patient", "Patient", "Patient", "Carer or relative", "")),
    )


def demo_forms(rng: Random) -> Iterator[trust_files.Form]:
    """All forms of the 60 weeks, by date."""
    number = 100_000
    for week in range(WEEKS):
        monday = FIRST_MONDAY + timedelta(weeks=week)
        arriving = []
        for service in SERVICES:
            # few people fill in forms between Christmas and New Year, and rather fewer in August
            season = 0.45 if monday in (date(2025, 12, 22), date(2025, 12, 29)) else 0.88 if monday.month == 8 else 1.0
            count = max(1, round(rng.gauss(service.weekly, 0.9 * service.weekly**0.5) * season))
            days = 7 if service.about is INPATIENT or service is CRISIS else 5
            arriving += [(int(rng.random() * days), index, service) for index in range(count)]
        for weekday, _, service in sorted(arriving, key=lambda arrival: arrival[0]):
            number += 1
            yield form(rng, number, monday + timedelta(days=weekday), service, week)


def large_forms(seed: int, answers: int) -> Iterator[trust_files.Form]:
    """As many answers as asked for, two a form (the last form has one if the number is odd), over the same 60 weeks."""
    rng = Random(seed)
    abouts = [service.subjects() for service in SERVICES]
    for number in range((answers + 1) // 2):
        which = int(rng.random() * len(SERVICES))
        negative = rng.random() < 0.35
        stock_good, stock_improve = rng.random() < 0.13, rng.random() < 0.13
        good = (
            voices.pick(rng, phrases.STOCK_GOOD)
            if stock_good
            else voices.comment(rng, "positive", abouts[which], detailed=True)
        )
        improve = (
            voices.pick(rng, phrases.STOCK_NOTHING)
            if stock_improve
            else voices.comment(rng, "negative" if negative else "suggestion", abouts[which], detailed=True)
        )
        drawn = rng.random()
        scores = SCORES_CRITICAL if negative else SCORES_CONTENT
        yield trust_files.Form(
            response_id=f"FVX-{seed}-{number:07d}",
            received=FIRST_MONDAY + timedelta(days=int(rng.random() * WEEKS * 7)),
            site=SERVICES[which].site,
            service=SERVICES[which].spellings[0],
            score=next(score for reached, score in scores if drawn < reached),
            good=good,
            improve=improve if 2 * number + 1 < answers else "",
            age_group="",
            completed_by="",
        )


def write_large(path: Path, answers: int, seed: int = SEED) -> None:
    """One clean UTF-8 file with ISO dates; memory does not grow with its length."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(trust_files.HEADER)
        writer.writerows(one.row(one.received.isoformat()) for one in large_forms(seed, answers))


def write_demo(folder: Path) -> list[Path]:
    """The demo's files, and nothing else, in a folder."""
    return trust_files.write_all(folder, list(demo_forms(Random(SEED))), FIRST_MONDAY)


def main(arguments: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write the synthetic Friends and Family Test files.")
    parser.add_argument("--check", action="store_true", help="compare the files with what this script would write")
    parser.add_argument("--rows", type=int, help="write one large file with so many answers (two a form)")
    parser.add_argument("--out", type=Path, help="where the large file goes")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed gives other forms in the large file")
    chosen = parser.parse_args(arguments if arguments is None else list(arguments))
    if (chosen.rows is None) != (chosen.out is None):
        parser.error("--rows and --out go together")
    if chosen.rows is not None:
        write_large(chosen.out, chosen.rows, chosen.seed)
        return 0
    if not chosen.check:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for path in write_demo(FOLDER):
            print(f"{path.relative_to(FOLDER.parent)}: {path.stat().st_size / 1000:.0f} kB")
        return 0
    with tempfile.TemporaryDirectory() as fresh:
        written = write_demo(Path(fresh))
        stale = [path.name for path in written if not trust_files.same_content(path, FOLDER / path.name)]
    for name in stale:
        print(f"{name}: is not what make_sample_data.py writes; run it without --check", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
