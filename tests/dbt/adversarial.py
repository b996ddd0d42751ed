"""Seeded comments that make disclosure control hard: few services, ones and fours, empty weeks, rare themes."""

import json
import random
from datetime import date, timedelta
from typing import Any

import pyarrow
from small_warehouse import SmallWarehouse, md5

from wordround.registers.frames import frames
from wordround.registers.frames import themes as registered_themes
from wordround.warehouse.texts import store_themes

FIRST_WEEK = date(2024, 12, 30)
WEEKS = 22
# By major theme, the minor one that stands for it.
MINORS = {
    "staff": "staff_manner",
    "environment_and_catering": "food_and_drink",
    "activities": "electronic_entertainment",
}
THEMES = tuple(MINORS)

# Trust -> its services, each a way to draw the comments of a week.
TRUSTS: dict[str, tuple[str, ...]] = {
    "ONES": ("one", "one", "one", "big", "middle"),
    "FOURS": ("four", "four", "four", "four", "big"),
    "TINY": ("tiny", "big"),
    "LONE": ("small",),
    "ONCE": ("once", "once", "middle", "big", "small"),
    "MANY": ("tiny", "small", "small", "middle", "middle", "big", "big", "once", "six"),
    "SIXES": ("six", "six", "six"),
    "ODD": ("small", "middle", "middle", "big"),
    "SHORT": ("one", "four"),
}
# This one's comments end with the first week of a month: the week is all that the month has. All of them have one
# theme.
LAST_WEEK = {"SHORT": 5}


def draw(kind: str, week: int, chance: random.Random) -> int:
    """How many comments a service of a kind has in a week."""
    if kind == "once":
        return chance.choice((3, 6, 14)) if week % 4 == 1 else 0
    fixed = {"one": 1, "four": 4, "six": 6}
    spans = {"tiny": (0, 2), "small": (0, 9), "middle": (4, 16), "big": (18, 40)}
    return fixed[kind] if kind in fixed else chance.randint(*spans[kind])


def load(warehouse: SmallWarehouse, seed: int) -> None:
    """Fill a warehouse with the comments of every trust; what stands before dbt is there afterwards."""
    chance, mixed = random.Random(seed), random.Random(seed)
    rows, texts = [], {}
    for trust, kinds in TRUSTS.items():
        for number, kind in enumerate(kinds):
            negative_chance = chance.choice((0.02, 0.2, 0.5, 0.97))
            theme_chances = [chance.choice((0.02, 0.1, 0.4, 0.95)) for _ in THEMES]
            if trust in LAST_WEEK:
                theme_chances[0] = 1.0
            for week in range(LAST_WEEK.get(trust, WEEKS - 1) + 1):
                for place in range(draw(kind, week, chance)):
                    is_negative = chance.random() < negative_chance
                    themes = tuple(t for t, p in zip(THEMES, theme_chances, strict=True) if chance.random() < p)
                    # One in eight speaks of its themes otherwise than as a whole.
                    is_mixed = mixed.random() < 0.125
                    text = f"{'bad' if is_negative else 'good'} {' '.join(themes)} {'but' if is_mixed else ''}".strip()
                    texts[text] = (is_negative, themes, "positive" if is_negative == is_mixed else "negative")
                    rows.append(comment(trust, number, week, place, text))
    with warehouse.connect() as connection:
        connection.register("given", pyarrow.Table.from_pylist(rows))
        connection.execute("insert into raw.comments by name from given")
        store_themes(connection, registered_themes(frames()))
        for text, (is_negative, themes, polarity) in texts.items():
            compound = -0.5 if is_negative else 0.5
            coded = [
                {"theme_code": MINORS[theme], "probability": 0.8, "polarity": polarity, "words": [theme]}
                for theme in themes
            ]
            connection.execute(
                "insert into understanding.sentiments values (?, 'vader-3.3.2', 0.1, 0.8, 0.1, ?, ?)",
                [md5(text), compound, warehouse.clock],
            )
            sentiment = "negative" if is_negative else "positive"
            connection.execute(
                "insert into understanding.annotations select ?, 'what_good', 'learned-00000001', 'en', ?, ?, 0.8,"
                " [0.2, 0.2, 0.2, 0.2, 0.2], coalesce(?::json::json[], [])::struct(theme_code varchar,"
                " probability double, polarity varchar, words varchar[])[], ?, null",
                [md5(text), sentiment, sentiment, json.dumps(coded), warehouse.clock],
            )
        versions = (("sentiment", "vader-3.3.2"), ("annotations", "learned-00000001"))
        for task, version in versions:
            connection.execute("insert into understanding.models values (?, ?, ?)", [task, version, warehouse.clock])


def comment(trust: str, service: int, week: int, place: int, text: str) -> dict[str, Any]:
    day = FIRST_WEEK + timedelta(weeks=week, days=place % 7)
    moment = f"{day} 12:00:00+00"
    return {
        "comment_id": md5(f"{trust}|{service}|{week}|{place}"), "response_id": None, "text": text,
        "text_id": md5(text), "source": "fft", "kind": "survey_answer", "question_type": "what_good",
        "posted_date": day, "posted_at": moment, "collected_at": moment, "rating": 1 + place % 5,
        "trust_code": trust, "location_1": f"Place {service}", "is_withheld": False, "batch_id": "b1",
        "logical_date": FIRST_WEEK + timedelta(weeks=WEEKS), "content_hash": "h", "identifiers_removed": 0,
        "loaded_at": "2026-01-01 05:00:00+00", "updated_at": "2026-01-01 05:00:00+00",
    }  # fmt: skip
