"""Writes the synthetic posts about Fernvale Mental Health NHS Trust, which does not exist: a file for each stand-in.

    python sample_data/make_social_data.py              write the files again (same seed, same bytes)
    python sample_data/make_social_data.py --check      exit with 1 if the files are not what this script writes

The same 60 weeks and the same two stories as the survey's (make_sample_data.py). README.md says what is in them.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random

import make_sample_data as survey
import social_care
import social_chat
import social_noise
import voices
from social_lines import Line, write

SEED = 57
_END = datetime.combine(survey.FIRST_MONDAY + timedelta(weeks=survey.WEEKS), time(), UTC)
FOLDER = Path(__file__).resolve().parent / "synthetic_social"
COUNTS = {"bluesky": 700, "mastodon": 250, "x": 500, "care_opinion": 200, "feeds": 60}
# by the hour: few people post at night
_HOURS = voices.mix({str(hour): 1 if hour < 6 else 6 if hour < 17 else 9 for hour in range(24)})

Maker = Callable[[Random, str, datetime, int], list[Line]]

# What a hundred posts are about that a search of social media brings.
KINDS: dict[str, tuple[float, Maker]] = {
    "experience": (21, social_care.experience),
    "thread": (4, social_care.thread),
    "answered": (3, social_care.answered),
    "quoted": (2, social_care.quoted),
    "in_another_language": (1.5, social_care.in_another_language),
    "of_an_organisation": (17, social_noise.of_an_organisation),
    "in_the_news": (10, social_noise.in_the_news),
    "advert": (8, social_noise.advert),
    "question": (7, social_noise.question),
    "namesake": (14, social_noise.namesake),
    "of_a_machine": (2, social_noise.of_a_machine),
}
_LINES_A_MOMENT = 1.13  # threads and answers are several


def moments(rng: Random, count: int) -> list[tuple[datetime, int]]:
    """So many moments over the 60 weeks, each with the index of its week, in order."""
    found = []
    for _ in range(count):
        week = int(rng.random() * survey.WEEKS)
        day = survey.FIRST_MONDAY + timedelta(weeks=week, days=int(rng.random() * 7))
        at = time(int(voices.choose(rng, _HOURS)), int(rng.random() * 60), int(rng.random() * 60))
        found.append((datetime.combine(day, at, UTC), week))
    return sorted(found)


def posts(source: str, count: int) -> list[Line]:
    """About so many posts of a social network, then what people and machines do to posts."""
    rng, about = Random(f"{SEED} {source}"), voices.mix({kind: share for kind, (share, _) in KINDS.items()})
    lines: list[Line] = []
    budget = round(count * (0.9 if source == "bluesky" else 0.8))  # copies and reposts come on top
    for when, week in moments(rng, round(budget / _LINES_A_MOMENT)):
        lines += KINDS[voices.choose(rng, about)][1](rng, source, when, week)
    lines = list(social_noise.mishaps(rng, source, lines))
    return lines + social_noise.copies(rng, source, lines, count - len(lines))


def everything() -> dict[str, list[Line]]:
    """The lines of every file."""
    made = {source: posts(source, COUNTS[source]) for source in ("bluesky", "mastodon", "x")}
    rng = Random(f"{SEED} stories")
    stories = social_care.stories(rng, moments(rng, COUNTS["care_opinion"]))
    comments = social_care.blog_comments(rng, moments(rng, COUNTS["feeds"] - 4))
    # Some people tell the same at two places.
    again = [social_care.told_again(rng, "feeds", story) for story in stories[40::45]]
    elsewhere = [social_care.told_again(rng, "bluesky", story) for story in stories if len(story.text) < 150][::9]
    made["bluesky"] += elsewhere
    for source, lines in social_chat.lines(SEED).items():
        made[source] += lines
    made |= {"care_opinion": stories, "feeds": social_care.numbered(comments + again)}
    # An answer may come later than the last week, which would then look like one in which hardly anybody wrote.
    return {source: [line for line in lines if _began(line) < _END] for source, lines in made.items()}


def _began(line: Line) -> datetime:
    return min(line.posted_at, line.received_at or line.posted_at)


def write_all(folder: Path) -> list[Path]:
    """The files, and nothing else, in a folder."""
    return [write(folder / f"{source}.jsonl", lines) for source, lines in everything().items()]


def main(arguments: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write the synthetic posts for the stand-ins.")
    parser.add_argument("--check", action="store_true", help="compare the files with what this script would write")
    if not parser.parse_args(arguments if arguments is None else list(arguments)).check:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for path in write_all(FOLDER):
            print(f"{path.relative_to(FOLDER.parent)}: {len(path.read_text(encoding='utf-8').splitlines())} posts")
        return 0
    with tempfile.TemporaryDirectory() as fresh:
        written = write_all(Path(fresh))
        stale = [
            path.name
            for path in written
            if not (FOLDER / path.name).exists() or path.read_bytes() != (FOLDER / path.name).read_bytes()
        ]
    for name in stale:
        print(f"{name}: is not what make_social_data.py writes; run it without --check", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
