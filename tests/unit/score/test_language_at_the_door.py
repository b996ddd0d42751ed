"""Languages are told from texts as they were written: through the door, the warehouse, understanding and the gate."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fixtures import forum
from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.languages import COMMENTS
from tests.fixtures.manifests import without_checksum
from wordround import pipeline
from wordround.land import cleaning
from wordround.settings import Settings
from wordround.warehouse import engine

ENGLISH = "The nurses were kind and the food was hot"
POLISH = "Czekałem sześć godzin na oddziale"
FIRST_DAY = date(2026, 3, 2)


def rows(settings: Settings, query: str) -> list[tuple]:
    with engine.connect(settings) as connection:
        return connection.execute(query).fetchall()


def ingest(settings: Settings, texts: Sequence[str]) -> None:
    """Each text is an answer of its own, on a day of its own."""
    days = [(FIRST_DAY + timedelta(days=number)).isoformat() for number in range(len(texts))]
    forms = [
        form(number, date=day, good=text, better="") for number, (day, text) in enumerate(zip(days, texts, strict=True))
    ]
    write_csv(settings.home / "inbox" / "fft" / "answers.csv", forms)
    pipeline.ingest(settings, "fft", date(2026, 11, 21))


def understood(settings: Settings) -> list[tuple]:
    """Language, class of sentiment and the text that is left, by day."""
    pipeline.understand(settings)
    return rows(
        settings,
        """select figures.language, figures.sentiment_class, comments.text
           from raw.comments inner join understanding.annotations as figures
               on comments.text_id = figures.text_id
                   and coalesce(comments.question_type, 'unknown') = figures.question_type
           order by comments.posted_date, comments.likes""",
    )


def test_a_comment_that_is_withheld_for_its_language_still_counts_in_it(settings: Settings) -> None:
    ingest(settings, [text for _, text in COMMENTS])
    found = understood(settings)
    assert [code for code, _, _ in found] == [code for code, _ in COMMENTS]
    assert {sentiment for _, sentiment, _ in found} == {None}
    # What is left of most of them is the same in all languages.
    assert Counter(text for _, _, text in found).most_common(1)[0][1] > 3
    assert pipeline.gate(settings, "loaded")


def test_of_the_words_nothing_is_kept_but_a_code_of_a_closed_list(settings: Settings) -> None:
    # Ogham, which CLD2 does not know, and Cherokee, which has no code of two letters.
    ingest(
        settings,
        [ENGLISH, "\u1681\u1682\u1683\u1684 \u1685\u1686\u1687", "\u13e3\u13b3\u13a9 \u13a6\u13ec\u13c2\u13af"],
    )
    found = rows(settings, "select detected_language from raw.comments where text is not null order by posted_date")
    assert found == [("en",), ("und",), ("und",)]


def test_masked_words_are_read_as_english_where_the_writer_wrote_english(settings: Settings) -> None:
    """The same placeholders are left of both; one is a Polish comment, the other English."""
    forum.land(
        settings,
        [
            forum.post(1, text="żółw gęśl jaźń płynąć")._replace(language=None, likes=1),
            forum.post(2, text="Zqorl Wxyth Vbnmq Plkjh was grand and I thank them")._replace(likes=2),
        ],
    )
    pipeline.load(settings)
    (polish, english) = understood(settings)
    assert (polish[0], polish[1]) == ("pl", None)
    assert english[0] == "en"
    assert english[1] is not None


def test_a_warehouse_of_before_is_told_from_what_is_left(settings: Settings) -> None:
    """Its Parquet files have no such column; a file of today beside them has."""
    manifest = forum.land(settings, [forum.post(1, text=ENGLISH)._replace(likes=1)])
    path = settings.home / manifest.parquet
    table = pq.read_table(path)
    pq.write_table(table.drop_columns(["detected_language"]), path)
    without_checksum(path)
    forum.land(settings, [forum.post(2, text=POLISH)._replace(likes=2)], on=date(2026, 11, 21))
    pipeline.load(settings)
    assert rows(settings, "select detected_language from raw.comments order by likes") == [(None,), ("pl",)]
    assert [code for code, _, _ in understood(settings)] == ["en", "pl"]


def test_the_language_of_an_edited_post_is_that_of_its_words_now(settings: Settings) -> None:
    forum.land(settings, [forum.post(1, text=ENGLISH)._replace(likes=1)])
    forum.land(settings, [forum.post(1, text=POLISH)._replace(likes=1)], on=date(2026, 11, 21))
    pipeline.load(settings)
    assert [code for code, _, _ in understood(settings)] == ["pl"]


def test_a_text_of_placeholders_only_has_no_sentiment(settings: Settings) -> None:
    ingest(settings, ["Mary Okonkwo", ENGLISH])
    (named, read) = understood(settings)
    assert named[2].startswith("<") and named[2].endswith("name>")
    assert named[:2] == (None, None)
    assert read[:2] == ("en", "positive")
    assert pipeline.gate(settings, "loaded")


def test_each_distinct_text_is_asked_about_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(cleaning, "language_of", lambda text: asked.append(text) or "en")
    forum.land(settings, [forum.post(number, text=ENGLISH) for number in range(1, 50)])
    assert asked == [ENGLISH]


def test_the_code_is_no_content(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector that tells better changes no comment: what was landed before counts as it did."""
    first = forum.land(settings, [forum.post(1, text=ENGLISH)])
    monkeypatch.setattr(cleaning, "language_of", lambda _: "da")
    second = forum.land(settings, [forum.post(1, text=ENGLISH)], on=date(2026, 11, 21))
    hashes = [
        pa.concat_tables([pq.read_table(settings.home / one.parquet, columns=["content_hash"])]).to_pylist()
        for one in (first, second)
    ]
    assert hashes[0] == hashes[1]
