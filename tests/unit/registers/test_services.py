"""Whose account a handle is, as far as it is an organisation's."""

import csv
from pathlib import Path

import pytest

from wordround.errors import RegistryInvalid
from wordround.folders import REFERENCE
from wordround.registers.own_files import rows
from wordround.registers.services import (
    normalised_handle,
    organisation_accounts,
    organisation_of,
    registered_accounts,
)


@pytest.mark.parametrize(
    ("source", "written", "normalised"),
    [
        ("bluesky", "@Ward.Example", "ward.example"),
        ("bluesky", "fernvale", "fernvale.bsky.social"),
        ("bluesky", "https://bsky.app/profile/ward.example", "ward.example"),
        ("bluesky", "at://ward.example", "ward.example"),
        ("bluesky", "did:plc:Ab3", "did:plc:Ab3"),
        ("bluesky", "two words", None),
        ("mastodon", "@Ward@Social.Example", "ward@social.example"),
        ("mastodon", "acct:ward@social.example", "ward@social.example"),
        ("mastodon", "https://social.example/@ward", "ward@social.example"),
        ("mastodon", "https://social.example/users/ward", "ward@social.example"),
        ("mastodon", "https://social.example/@ward@other.example", "ward@other.example"),
        ("mastodon", "@ward", None),
        ("x", " @FernvaleNHS ", "fernvalenhs"),
        ("x", "https://twitter.com/FernvaleNHS?lang=en", "fernvalenhs"),
        ("x", "https://x.com/FernvaleNHS/status/1", "fernvalenhs"),
        ("x", "much_too_long_for_x", None),
        ("forum", "@Anybody At All", "anybody at all"),
        ("x", "", None),
    ],
)
def test_a_handle_is_compared_without_what_makes_no_difference(
    source: str, written: str, normalised: str | None
) -> None:
    assert normalised_handle(source, written) == normalised


def test_the_server_that_left_its_own_name_out_is_filled_in() -> None:
    assert normalised_handle("mastodon", "@ward", "Social.Example") == "ward@social.example"
    assert normalised_handle("mastodon", "ward@other.example", "social.example") == "ward@other.example"


def test_an_account_belongs_to_every_service_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "services.csv"
    path.write_text(
        "service_id,accounts\noak,bluesky:@Wards.example|x:@Oak\nelm,bluesky:wards.example\nash,\n", encoding="utf-8"
    )
    assert registered_accounts(path) == {("bluesky", "wards.example"): ("oak", "elm"), ("x", "oak"): ("oak",)}


@pytest.mark.parametrize("written", ["ward.example", "mastodon:@ward", "x:", ":ward"])
def test_an_account_that_cannot_be_one_is_named_by_its_row_and_not_by_its_handle(tmp_path: Path, written: str) -> None:
    path = tmp_path / "services.csv"
    path.write_text(f"service_id,accounts\noak,\nelm,{written}\n", encoding="utf-8")
    with pytest.raises(RegistryInvalid, match=r"services\.csv: row 3: column accounts") as raised:
        registered_accounts(path)
    assert "@ward:" not in str(raised.value) and not str(raised.value).endswith(written)


def test_services_the_trust_and_others_are_organisations_and_nobody_else_is() -> None:
    assert organisation_of("bluesky", "@CAMHS.fernvale.example") == "fernvale_camhs", "a service"
    assert organisation_of("x", "@FernvaleNHS") == "Fernvale Mental Health NHS Trust (fictional)", "the trust"
    assert organisation_of("x", "@fernvaleecho"), "a newspaper"
    assert organisation_of("mastodon", "community", "social.fernvale.example")
    assert not organisation_of("mastodon", "@community@elsewhere.example")
    assert not organisation_of("bluesky", "@fernvalenhs"), "a handle of one source is not that of another"
    assert not organisation_of("x", "")


def test_the_shipped_registries_can_be_read_and_share_no_account() -> None:
    assert registered_accounts()
    accounts = organisation_accounts()
    assert {organisation.is_own_trust for organisation in accounts.values()} == {True, False}
    assert not accounts.keys() & registered_accounts().keys()
    assert len(accounts) == len((REFERENCE / "organisation_accounts.csv").read_text(encoding="utf-8").splitlines()) - 1


def test_a_register_that_is_none_is_named_by_its_row(tmp_path: Path) -> None:
    path = tmp_path / "services.csv"
    path.write_text('service_id,b\na,1\n"' + "x" * 200_000, encoding="utf-8")
    # As in a program that has read no table: there the csv module takes shorter cells.
    before = csv.field_size_limit(131_072)
    try:
        with pytest.raises(RegistryInvalid, match="row 3: cannot be cut into cells"):
            rows(path, ["service_id"])
    finally:
        csv.field_size_limit(before)
    path.write_text("service_id,b\n" + "a,\n" * 200_001, encoding="utf-8")
    with pytest.raises(RegistryInvalid, match="more than 200,000 rows"):
        rows(path, ["service_id"])
