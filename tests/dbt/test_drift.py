"""A source that turns to other words is named in the mart, by the gate, which lets all pass, and on the page."""

import random
import re
from datetime import date, timedelta

import pytest
from small_warehouse import Answer, SmallWarehouse

from wordround.gates import page
from wordround.gates.check import read_frames
from wordround.gates.suites import Examiner, read_suites
from wordround.settings import Settings
from wordround.understand.learned import COMMENTS, Learned

MONDAY = date(2026, 1, 5)
WEEKS = 11
TURNED = MONDAY + timedelta(7 * (WEEKS - 1))
USUAL = (
    "the nurses were kind and helped me",
    "we waited a long time to be seen",
    "the food was cold and the ward was noisy",
    "everyone explained what would happen next",
)
OTHER = (
    "zqvorlish grommetane of the",
    "brindlewock was quaffling a",
    "snorvel the plimquat and",
    "wexlibar tronkish we",
)


def answers(model: Learned) -> list[Answer]:
    """Two sources at one service; in the last week, the other source turns to words that nobody knows."""
    made, chance = [], random.Random(7)
    for source, kind in (("fft", "survey_answer"), ("care_opinion", "story")):
        for week in range(WEEKS):
            day = MONDAY + timedelta(7 * week)
            words = OTHER if source == "care_opinion" and day == TURNED else USUAL
            texts = [f"{' '.join(chance.choices(words, k=2))} {source} {week} {number}" for number in range(35)]
            unknown = model.figures(texts, [None] * len(texts)).unknown_words.astype(float).tolist()
            for number, (text, share) in enumerate(zip(texts, unknown, strict=True)):
                themes = (("staff_manner", "nurses"),) if number % 5 else ()
                made.append(
                    Answer(
                        f"{source}{week}-{number}", day, text, 0.5 if number % 3 else -0.5, themes, source=source,
                        kind=kind, unknown_word_share=share,
                    )
                )  # fmt: skip
    return made


@pytest.fixture
def turned(settings: Settings) -> SmallWarehouse:
    warehouse = SmallWarehouse(settings)
    warehouse.load(answers(Learned.read(COMMENTS)))
    with warehouse.connect() as connection:
        connection.execute(
            "insert into understanding.label_reference select 'learned-00000001', label, share, share"
            " from (values ('positive', 0.6), ('neutral', 0.1), ('negative', 0.3)) as t (label, share)"
        )
    warehouse.build()
    return warehouse


def test_a_source_that_turns_to_other_words_is_named_with_its_week_and_stops_nothing(turned: SmallWarehouse) -> None:
    weeks = turned.table("marts.fct_model_weeks")
    jumped = {(row["series_id"], row["week_date"]) for row in weeks if row["unknown_word_jumps"]}
    assert {series for series, _ in jumped if series.startswith("care_opinion/")} and {day for _, day in jumped} == {
        TURNED
    }
    assert not any(series.startswith("fft/") for series, _ in jumped)
    assert not any(row["probability_jumps"] or row["unlabelled_jumps"] for row in weeks)
    assert {row["comment_count"] for row in weeks if row["series_id"] == "all/all"} == {70}

    (suite,) = [each for each in read_suites("publishable") if each.name == "publishable_model_weeks"]
    with turned.connect() as connection:
        findings = Examiner({}).examine(suite, read_frames(connection, suite.query, {}))
        ledger = page.read_ledger(connection)
    broken = [finding for finding in findings if not finding.holds]
    assert [(each.column, each.keys) for each in broken] == [("unknown_word_jumps", [("care_opinion", str(TURNED))])]
    assert not any(each.is_critical for each in findings)

    written = page.render([{"gate": "publishable", "checked_at": "2026-04-01T00:00:00+00:00", "suites": []}], ledger)
    drift = written.partition('id="drift"')[2].partition("</table>")[0]
    rows = dict(re.findall(r'<th scope="row">(.*?)</th>.*?<td>([^<]*)</td></tr>', drift, re.DOTALL))
    assert rows == {"all": rows["all"], "care_opinion": "! Words that the model does not know", "fft": "Nothing"}
    assert re.search(rf"care_opinion</th><td>{TURNED}</td>", drift)
