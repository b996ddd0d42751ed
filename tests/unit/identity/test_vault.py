"""The locator vault: landing fills it and cannot read it, and nothing else keeps what leads back to a person."""

import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from tests.fixtures.forum import DAY, FORUM, land, post
from tests.fixtures.legible import files_below, places_of
from wordround.connectors import registry
from wordround.errors import FileUnreadable, SettingsInvalid
from wordround.identity import vault, vault_keys, vault_opening
from wordround.land import batch
from wordround.settings import Settings, load_settings


def sealed(settings: Settings) -> list[Path]:
    return sorted(settings.vault.rglob("*.sealed"))


def test_a_batch_leaves_its_locators_in_one_sealed_file_that_says_when_it_goes(settings: Settings) -> None:
    manifest = land(settings, [post(1), post(2, "bob")])
    (path,) = sealed(settings)
    assert path.parent == settings.vault / "forum" / "2026-11-20"
    assert path.name == f"{manifest.batch_id}.until-2026-12-20.sealed"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(vault_opening.locators(settings, "forum")) == [
        ("forum-post-1", "ann-of-fernvale"),
        ("forum-post-2", "bob"),
    ]


def test_nothing_else_keeps_a_native_id_or_an_author(settings: Settings) -> None:
    land(settings, [post(1, text="Words of no one")])
    for value in ("forum-post-1", "ann-of-fernvale"):
        assert places_of(settings.home, value) == set()
    assert places_of(settings.home, "Words of no one") != set(), "the search finds what is there"


def test_without_the_private_key_nothing_can_be_read_and_landing_goes_on(settings: Settings) -> None:
    land(settings, [post(1)])
    (settings.home / "keys" / "vault.key").unlink()
    land(settings, [post(2)])
    assert len(sealed(settings)) == 2
    with pytest.raises(SettingsInvalid, match=r"vault\.key"):
        list(vault_opening.locators(settings, "forum"))


def test_another_private_key_opens_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    land(settings, [post(1)])
    monkeypatch.setenv("WORDROUND_VAULT_KEY", bytes(PrivateKey.generate()).hex())
    with pytest.raises(FileUnreadable, match="vault key"):
        list(vault_opening.locators(load_settings(), "forum"))


def test_ingest_never_opens_the_private_key(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    land(settings, [post(1)])

    def opened(_: Settings) -> PrivateKey:
        raise AssertionError("landing opened the private key")

    monkeypatch.setattr(vault_keys, "private_key", opened)
    (settings.home / "keys" / "vault.key").write_text("what nobody can parse")
    land(settings, [post(2)])


def test_a_source_that_nobody_asks_leaves_no_locator_and_makes_no_key(settings: Settings) -> None:
    from tests.fixtures.fft_files import row, write_csv
    from wordround import pipeline

    pipeline.ingest(settings, "fft", DAY, write_csv(settings.home / "f.csv", [row(1)]))
    assert not settings.vault.exists()
    assert not list((settings.home / "keys").glob("vault*"))


def test_locators_go_on_the_day_that_their_file_names(settings: Settings) -> None:
    land(settings, [post(1)])
    assert vault.expire(settings, DAY + timedelta(days=29)) == 0
    assert vault.expire(settings, DAY + timedelta(days=30)) == 1
    assert sealed(settings) == []


def test_a_batch_that_fails_leaves_no_locators(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch, "write_manifest", refuse)
    with pytest.raises(OSError, match="No space"):
        land(settings, [post(1)])
    assert sealed(settings) == []


def author_keys(settings: Settings) -> list[str | None]:
    import duckdb

    rows = duckdb.sql(
        f"select author_key from read_parquet('{settings.landing}/forum/*/*.parquet') order by posted_date"
    )
    return [key for (key,) in rows.fetchall()]


def test_an_author_is_one_voice_within_a_week_and_another_in_the_next(settings: Settings) -> None:
    monday = date(2026, 11, 16)
    days = [monday, monday + timedelta(days=6), monday + timedelta(days=7)]
    land(settings, [post(i, on=day) for i, day in enumerate(days)])
    first, sunday, next_monday = author_keys(settings)
    assert first == sunday
    assert next_monday not in {first, None}


def test_a_source_whose_terms_forbid_it_has_no_author_key(settings: Settings) -> None:
    from dataclasses import replace

    land(settings, [post(1)], replace(FORUM, keeps_author_key=False))
    assert author_keys(settings) == [None]
    assert [one.author_id for one in vault_opening.locators(settings, "forum")] == ["ann-of-fernvale"]


def test_every_source_that_can_be_set_has_terms(settings: Settings) -> None:
    assert set(settings.sources.known()) <= set(registry.terms())


def test_every_file_of_the_vault_is_for_its_owner_only(settings: Settings) -> None:
    land(settings, [post(1)])
    private = settings.home / "keys" / "vault.key"
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in [private, *files_below(settings.vault)])
