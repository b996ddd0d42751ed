"""Comments that somebody flagged are coded in the next sample, blind, and move no figure of the model."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.fixtures.chains import copied
from wordround import erasing, pipeline
from wordround.coding.agreement import agreed
from wordround.coding.settling import by_several
from wordround.records import comment_flags, reviews
from wordround.records.comment_flags import Flag
from wordround.records.reviews import Code, Item
from wordround.review import accuracy, drawing
from wordround.review.drawing import Sampled
from wordround.settings import Settings
from wordround.train import own_codes

SIZE, SEED = 20, 7

pytestmark = pytest.mark.usefixtures("replayed_builds")


def flag(trust: Settings, comment_id: str, by: str = "a.reader") -> None:
    said = comment_flags.add(trust, Flag(by, comment_id, "sentiment", "negative", "sentiment", "learned-1"))
    assert said is None


def labels(trust: Settings) -> dict[str, str]:
    """What the model made of each comment."""
    with duckdb.connect(str(trust.warehouse_file), read_only=True) as connection:
        rows = connection.execute("select comment_id, sentiment_label from marts.fct_comments order by comment_id")
        return dict(rows.fetchall())


def draw(trust: Settings, size: int = SIZE) -> Sampled:
    return drawing.sample(trust, size, None, ["AB", "CD"], SEED)


def not_drawn(trust: Settings, tmp_path: Path, count: int) -> list[str]:
    """Comments that chance does not draw, nor other comments in their words."""
    other = copied(trust, tmp_path / "looked-at")
    draw(other)
    drawn = {item.comment_id for item in reviews.items(other).values()}
    with duckdb.connect(str(trust.warehouse_file), read_only=True) as connection:
        rows = connection.execute(
            """select comment_id from raw.comments inner join marts.fct_comments as marts using (comment_id)
               where is_counted and comment_text is not null and labelled_by = 'learned' and text_id not in (
                   select text_id from raw.comments where list_contains($drawn, comment_id))
               qualify row_number() over (partition by text_id order by comment_id) = 1 order by comment_id""",
            {"drawn": sorted(drawn)},
        ).fetchall()
    assert len(rows) >= count
    return [comment_id for (comment_id,) in rows[:count]]


def code(trust: Settings, sample_id: int, said: Callable[[str], str], other: Callable[[Item], bool]) -> None:
    """Let both coders say the same of each comment; of those that are `other` the second coder says something else."""
    codes: dict[tuple[int, int, str], Code | None] = {}
    for (of_sample, number), item in reviews.items(trust).items():
        if of_sample == sample_id:
            codes[sample_id, number, "AB"] = Code(said(item.comment_id))
            codes[sample_id, number, "CD"] = Code("neutral" if other(item) else said(item.comment_id))
    reviews.replace(trust, codes)


def chance_part(trust: Settings, sample_id: int) -> dict[str, float]:
    return {
        item.comment_id: item.weight
        for (of_sample, _), item in reviews.items(trust).items()
        if of_sample == sample_id and item.by_chance
    }


def test_flagged_comments_are_a_stratum_of_the_next_sample_and_chance_draws_as_if_nobody_had_flagged(
    trust: Settings, tmp_path: Path
) -> None:
    flagged = not_drawn(trust, tmp_path, 4)
    without = copied(trust, tmp_path / "without")
    plain = draw(without)
    for comment_id in flagged:
        flag(trust, comment_id)
    flag(trust, flagged[0], by="another.reader")
    assert comment_flags.waiting(trust) == comment_flags.Waiting(5, 4)

    outcome = draw(trust)
    assert (outcome.flagged, outcome.flags_waiting) == (4, 0)
    assert outcome.comments == plain.comments + 4 and outcome.population == plain.population
    assert chance_part(trust, outcome.sample) == chance_part(without, plain.sample)
    assert sum(chance_part(trust, outcome.sample).values()) == pytest.approx(outcome.population)
    sample = reviews.samples(trust)[outcome.sample]
    assert (sample.strata[-1].is_flagged, sample.flagged_count) == (True, 4)
    in_addition = {item.comment_id: item for item in reviews.items(trust).values() if not item.by_chance}
    assert set(in_addition) == set(flagged) and {item.weight for item in in_addition.values()} == {0}
    assert comment_flags.waiting(trust).flags == 0, "a flag is done when its comment is in a sample"
    assert not comment_flags.take_back(trust, "a.reader", 1)
    # No coder sees by the number of a comment that it was flagged.
    numbers = sorted(item.item for item in in_addition.values())
    assert numbers != list(range(outcome.comments - 3, outcome.comments + 1))
    assert draw(trust).flagged == 0, "nobody codes a comment twice"


def test_flagged_comments_that_may_not_be_shown_take_no_place_of_those_flagged_later(
    trust: Settings, tmp_path: Path
) -> None:
    flagged = not_drawn(trust, tmp_path, 6)
    doubtful = "Pani Kowalska by\u0142a bardzo niemi\u0142a dla pacjent\u00f3w wczoraj wieczorem"
    with duckdb.connect(str(trust.warehouse_file)) as connection:
        connection.execute(
            "update marts.fct_comments set comment_text = $1 where list_contains($2, comment_id)",
            [doubtful, flagged[:4]],
        )
    for comment_id in flagged:
        flag(trust, comment_id)
    outcome = draw(trust, 4)
    assert set(flagged[4:]) <= reviews.drawn_comments(trust)
    # Where chance drew the words of one of the four under another comment, that one is not left out.
    assert outcome.left_out > 0
    assert comment_flags.waiting_comments(trust) == flagged[:4], "they wait, and are not lost"


def test_the_model_and_the_coders_are_measured_on_what_chance_drew(trust: Settings, tmp_path: Path) -> None:
    read = labels(trust)
    flagged = set(not_drawn(trust, tmp_path, 8))
    for comment_id in flagged:
        flag(trust, comment_id)
    outcome = draw(trust)
    wrong = {"negative": "positive", "positive": "negative", "neutral": "negative"}
    code(
        trust,
        outcome.sample,
        lambda one: wrong[read[one]] if one in flagged else read[one],
        lambda item: item.comment_id in sorted(flagged)[:4],
    )
    assert pipeline.understand(trust)["human_codes"]["comments"] == outcome.comments  # type: ignore[index]
    found = accuracy.evaluate(trust)
    assert found.comments == outcome.comments - 8 and found.waiting == 0
    assert found.sentiment.accuracy.value == pytest.approx(1), "flagged comments are wrong and count in no figure"
    several = by_several(reviews.coded(trust))
    assert len(several) == outcome.comments - 8
    assert agreed(["AB", "CD"], several, resamples=1).same_grade == 1
    # A new model is compared with this one on what chance drew; it may learn from what was flagged.
    to_train_on, kept_apart = own_codes.read(trust)
    assert all(weight > 0 for weight in kept_apart.weights) and 0 in to_train_on.weights


def test_what_was_coded_on_account_of_a_flag_counts_when_a_later_sample_draws_it_by_chance(
    trust: Settings, tmp_path: Path
) -> None:
    read = labels(trust)
    flagged = not_drawn(trust, tmp_path, 6)
    for comment_id in flagged:
        flag(trust, comment_id)
    first = draw(trust)
    wrong = {"negative": "positive", "positive": "negative", "neutral": "negative"}
    code(trust, first.sample, lambda one: wrong[read[one]] if one in flagged else read[one], lambda _: False)
    pipeline.understand(trust)
    pipeline.build(trust)
    everything = draw(trust, 5_000)
    by_chance = first.comments - len(flagged)
    assert everything.population == first.population - by_chance, "all that chance has not drawn, flagged or not"
    items = {item.comment_id: item for item in reviews.items(trust).values()}
    assert all(items[one].by_chance and items[one].weight == pytest.approx(1) for one in flagged)
    code(trust, everything.sample, lambda one: read[one], lambda _: False)
    pipeline.understand(trust)
    found = accuracy.evaluate(trust)
    of_second = everything.comments + len(flagged)
    share_wrong = len(flagged) / everything.population
    by_second = of_second / (of_second + by_chance)
    assert found.sentiment.accuracy.value == pytest.approx(1 - share_wrong * by_second)


def test_a_flagged_comment_whose_words_chance_draws_is_the_one_that_is_coded(trust: Settings, tmp_path: Path) -> None:
    other = copied(trust, tmp_path / "other")
    draw(other)
    with duckdb.connect(str(trust.warehouse_file), read_only=True) as connection:
        rows = connection.execute(
            """select twin.comment_id, drawn.comment_id from raw.comments as drawn
               inner join raw.comments as twin
                   on drawn.text_id = twin.text_id and drawn.question_type = twin.question_type
               where list_contains($drawn, drawn.comment_id) and drawn.comment_id <> twin.comment_id
               order by twin.comment_id""",
            {"drawn": sorted(item.comment_id for item in reviews.items(other).values())},
        ).fetchall()
    (twin, drawn), weights = rows[0], chance_part(other, 1)
    flag(trust, twin)
    outcome = draw(trust)
    items = {item.comment_id: item for item in reviews.items(trust).values()}
    assert outcome.flagged == 0 and drawn not in items
    assert items[twin].by_chance and items[twin].weight == pytest.approx(weights[drawn])
    assert comment_flags.waiting(trust).flags == 0


def test_an_erased_comment_takes_its_flags_with_it_and_an_expired_one_those_that_wait(
    trust: Settings, tmp_path: Path
) -> None:
    one, other, third = not_drawn(trust, tmp_path, 3)
    for comment_id in (one, other, third):
        flag(trust, comment_id)
    outcome = erasing.erase(trust, erasing.Request("comment", None, (one,)))
    assert outcome["where"]["flags"] == 1
    assert comment_flags.waiting_comments(trust) == [other, third]
    assert comment_flags.forget_waiting(trust, [other, one]) == 1
    assert comment_flags.waiting_comments(trust) == [third]
