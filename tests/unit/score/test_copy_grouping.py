"""Groups of copies in the warehouse: brought up to date day by day, and what is left of them when a text goes."""

from datetime import date
from hashlib import md5

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from tests.fixtures.fft_files import form, write_csv
from tests.fixtures.forum import land, post
from tests.unit.evaluate.test_copies import ORIGINAL, OTHER, VARIANTS
from wordround import erasing, pipeline
from wordround.erasing import Request, retention
from wordround.erasing import key_rotation as rotating
from wordround.score import copies as copy_grouping
from wordround.settings import Settings
from wordround.understand import copies
from wordround.warehouse import engine

TODAY = date(2026, 11, 21)
# Nothing that de-identification would replace: what is fed is what is stored.
COPY = f"So true: {ORIGINAL}"
# A chain: the first and the last resemble each other too little, and the middle one holds them together.
FIRST = ORIGINAL
MIDDLE = ORIGINAL.replace("The lamp above my bed", "A radio beside the door")
LAST = MIDDLE.replace("breakfast", "half past eleven").replace("the matron", "a tall porter")


def feed(settings: Settings, *texts: str, first: int = 1) -> None:
    """Land and load posts of a source whose texts are stored as they are."""
    land(settings, [post(first + place, text=text) for place, text in enumerate(texts)])
    pipeline.load(settings)


def asked(settings: Settings, query: str) -> list[tuple]:
    with engine.connect(settings) as connection:
        return connection.execute(query).fetchall()


def grouped(settings: Settings) -> dict[str, str]:
    return dict(asked(settings, "select text_id, group_id from understanding.copies"))


def expected(settings: Settings) -> dict[str, str]:
    return copies.groups(
        dict(asked(settings, "select distinct text_id, text from raw.comments where text is not null"))
    )


def hashed(*texts: str) -> list[str]:
    return sorted(md5(text.encode(), usedforsecurity=False).hexdigest() for text in texts)


def erase(settings: Settings, text: str) -> None:
    (comment,) = asked(settings, f"select comment_id from raw.comments where text_id = '{hashed(text)[0]}'")
    erasing.erase(settings, Request("comment", None, comment))


def keeping(settings: Settings, days: int) -> Settings:
    """Settings under which what the files brought is kept for so many days."""
    fft = settings.sources.fft.model_copy(
        update={"governance": settings.sources.fft.governance.model_copy(update={"retention_days": days})}
    )
    return settings.model_copy(update={"sources": settings.sources.model_copy(update={"fft": fft})})


def expire(settings: Settings, *old: str) -> None:
    """Feed old answers of a form and let them expire; the marts that expiry asks are stood in for."""
    rows = [form(place, date="2025-01-06", good=text, better="") for place, text in enumerate(old, start=1)]
    write_csv(settings.home / "inbox" / "fft" / "old.csv", rows)
    pipeline.ingest(settings, "fft", TODAY)
    pipeline.understand(settings)
    with engine.connect(settings) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_comments_classified as"
            " select comment_id, false as is_nothing_to_improve from raw.comments limit 0"
        )
    assert retention.expire(keeping(settings, 100), TODAY)["fft"]["texts"] == len(old)


def test_every_text_that_is_long_enough_has_a_group_and_the_outcome_counts(settings: Settings) -> None:
    feed(settings, ORIGINAL, COPY, OTHER, "very good")
    outcome = pipeline.understand(settings)["copies"]
    assert (outcome["texts"], outcome["groups"], outcome["copies"]) == (4, 1, 1)
    both = hashed(ORIGINAL, COPY)
    assert grouped(settings) == dict.fromkeys(both, both[0]) | {hashed(OTHER)[0]: hashed(OTHER)[0]}
    assert asked(settings, "select model_version from understanding.models where task = 'copies'") == [
        (copies.version(),)
    ]
    assert copy_grouping.group(settings).texts == 0


def test_a_new_text_brings_two_groups_together_and_only_their_rows_change(settings: Settings) -> None:
    feed(settings, FIRST, LAST, OTHER)
    copy_grouping.group(settings)
    assert len(set(grouped(settings).values())) == 3
    before = dict(asked(settings, "select text_id, grouped_at from understanding.copies"))
    feed(settings, MIDDLE, first=11)
    copy_grouping.group(settings)
    chain = hashed(FIRST, MIDDLE, LAST)
    assert {grouped(settings)[one] for one in chain} == {chain[0]}
    after = dict(asked(settings, "select text_id, grouped_at from understanding.copies"))
    changed = {one for one in before if after[one] != before[one]}
    assert changed == {one for one in hashed(FIRST, LAST) if one != chain[0]}


def test_a_later_run_reads_only_texts_that_share_a_key_with_a_new_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(settings, ORIGINAL, OTHER)
    copy_grouping.group(settings)
    seen: list[str] = []
    compared = copies.compared
    monkeypatch.setattr(copies, "compared", lambda text: seen.append(text) or compared(text))
    feed(settings, COPY, first=11)
    copy_grouping.group(settings)
    assert set(seen) == {ORIGINAL, COPY}


@given(batches=st.lists(st.lists(st.sampled_from(VARIANTS[:9]), min_size=1, max_size=4), min_size=1, max_size=4))
@tried(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_day_by_day_gives_the_groups_of_one_run_over_everything(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory, batches: list[list[str]]
) -> None:
    environment = settings.environment.model_copy(update={"home": tmp_path_factory.mktemp("days")})
    daily = settings.model_copy(update={"environment": environment})
    for day, texts in enumerate(batches):
        feed(daily, *texts, first=1 + 10 * day)
        copy_grouping.group(daily)
    assert grouped(daily) == expected(daily)


def test_a_flood_is_grouped_as_a_few_copies_are(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number of texts with one key pairs are no longer looked at many at once."""
    monkeypatch.setattr(copy_grouping, "_LARGEST_BUCKET", 2)
    feed(settings, *VARIANTS[:9], FIRST, LAST, OTHER)
    copy_grouping.group(settings)
    feed(settings, MIDDLE, *VARIANTS[9:], first=31)
    copy_grouping.group(settings)
    assert grouped(settings) == expected(settings)
    assert len(set(grouped(settings).values())) < len(grouped(settings))


def test_another_version_of_the_rules_groups_everything_anew_and_leaves_no_old_keys(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(settings, ORIGINAL, COPY)
    copy_grouping.group(settings)
    monkeypatch.setattr(copies, "version", lambda: "minhash-other")
    assert copy_grouping.group(settings).texts == 2
    assert asked(settings, "select distinct model_version from understanding.copy_bands") == [("minhash-other",)]


class TestErasing:
    def test_an_erased_text_leaves_no_group_and_no_keys_and_names_no_group(self, settings: Settings) -> None:
        feed(settings, ORIGINAL, COPY, f"{ORIGINAL} #nhs", OTHER)
        copy_grouping.group(settings)
        gone = hashed(ORIGINAL, COPY, f"{ORIGINAL} #nhs")[0]
        erase(settings, next(text for text in (ORIGINAL, COPY, f"{ORIGINAL} #nhs") if hashed(text)[0] == gone))
        for table in ("copies", "copy_bands"):
            assert asked(settings, f"select * from understanding.{table} where text_id = '{gone}'") == []
        assert gone not in grouped(settings).values()
        copy_grouping.group(settings)
        assert grouped(settings) == expected(settings)
        assert sorted(set(grouped(settings).values())) != [gone]
        assert len(set(grouped(settings).values())) == 2

    def test_what_only_the_erased_text_held_together_is_two_again(self, settings: Settings) -> None:
        feed(settings, FIRST, MIDDLE, LAST)
        copy_grouping.group(settings)
        assert len(set(grouped(settings).values())) == 1
        erase(settings, MIDDLE)
        copy_grouping.group(settings)
        assert grouped(settings) == {one: one for one in hashed(FIRST, LAST)}

    def test_a_text_that_its_author_changed_leaves_nothing_either(self, settings: Settings) -> None:
        feed(settings, ORIGINAL, COPY)
        copy_grouping.group(settings)
        feed(settings, OTHER)
        copy_grouping.group(settings)
        assert grouped(settings) == {one: one for one in hashed(OTHER, COPY)}
        assert sorted(asked(settings, "select text_id from understanding.copy_bands")) == [
            (one,) for one in hashed(OTHER, COPY)
        ]


class TestExpiring:
    def test_an_expired_text_keeps_its_group_under_its_new_name_and_loses_its_keys(self, settings: Settings) -> None:
        feed(settings, COPY)
        expire(settings, ORIGINAL, OTHER)
        new = dict(asked(settings, "select text_id, is_text_expired from raw.comments where text_id is not null"))
        expired = {one for one, is_expired in new.items() if is_expired}
        (copy,) = hashed(COPY)
        assert grouped(settings).keys() == new.keys() == {copy, *expired} and len(expired) == 2
        # Named by what is random: the hash of a text that may go stands nowhere.
        assert grouped(settings)[copy] in expired
        assert len(set(grouped(settings).values())) == 2
        assert asked(settings, "select text_id from understanding.copy_bands") == [(copy,)]

    def test_a_later_copy_of_a_text_that_stayed_joins_the_group_of_the_expired_one(self, settings: Settings) -> None:
        feed(settings, COPY)
        expire(settings, ORIGINAL)
        name = grouped(settings)[hashed(COPY)[0]]
        feed(settings, f"{ORIGINAL} #nhs", first=11)
        copy_grouping.group(settings)
        assert set(grouped(settings).values()) == {name}
        assert len(grouped(settings)) == 3

    def test_erasing_the_text_that_stayed_leaves_the_expired_ones_together(self, settings: Settings) -> None:
        feed(settings, COPY)
        expire(settings, ORIGINAL, f"{ORIGINAL} #nhs")
        erase(settings, COPY)
        copy_grouping.group(settings)
        (name,) = set(grouped(settings).values())
        assert name in grouped(settings) and len(grouped(settings)) == 2

    def test_a_warehouse_made_again_from_landing_has_the_groups_of_expired_texts(self, settings: Settings) -> None:
        feed(settings, OTHER)
        expire(settings, ORIGINAL, f"{ORIGINAL} #nhs")
        before = grouped(settings)
        settings.warehouse_file.unlink()
        pipeline.load(settings)
        copy_grouping.group(settings)
        assert grouped(settings) == before

    def test_erasing_an_expired_text_takes_its_name_from_the_group(self, settings: Settings) -> None:
        feed(settings, COPY)
        expire(settings, ORIGINAL)
        rows = asked(settings, "select comment_id, text_id from raw.comments where is_text_expired")
        ((comment, name),) = rows
        erasing.erase(settings, Request("comment", None, (comment,)))
        copy_grouping.group(settings)
        assert grouped(settings) == {one: one for one in hashed(COPY)}
        assert name not in grouped(settings).values()


def test_rotating_the_key_changes_no_group_and_nothing_is_hashed_again(settings: Settings) -> None:
    feed(settings, ORIGINAL, COPY, OTHER)
    copy_grouping.group(settings)
    before = grouped(settings)
    rotating.rotate(settings)
    assert grouped(settings) == before
    assert copy_grouping.group(settings).texts == 0


def test_the_fixture_is_a_chain() -> None:
    first, middle, last = (copies.compared(text) for text in (FIRST, MIDDLE, LAST))
    assert first and middle and last
    assert copies.are_copies(first, middle) and copies.are_copies(middle, last)
    assert not copies.are_copies(first, last)
