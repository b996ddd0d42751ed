"""Canaries through every field of a comment, of every source: no byte of them is left by landing.

The fields are those of `Comment` and the sources those of the registry: a new one is fed like the others, and one whose
type is not known here fails.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, get_args, get_type_hints

import pyarrow.parquet as pq
import pytest

from tests.fixtures.canary_files import DRAWN, SENTENCES, TELLING
from tests.fixtures.forum import DAY, land
from tests.fixtures.legible import Search, files_below, legible
from wordround.comments import CLOSED, Comment, LinkTitle, Rejected
from wordround.connectors import registry
from wordround.connectors.care_opinion.rows import _CRITICALITIES
from wordround.connectors.fft.answers import read_score
from wordround.identity.pseudonyms import pseudonymiser
from wordround.land.batch import Batch
from wordround.registers.services import registered_accounts
from wordround.settings import Settings

HINTS = get_type_hints(Comment)
SEARCH = Search({kind: canary.sought for kind, canary in DRAWN.items()})
# What no file can hold for people to read: Arrow refuses anything but numbers and moments there.
TYPED = (int, bool, date, datetime)
ODDLY_WRITTEN = [DRAWN[kind].sentence.title().replace(" ", "") for kind in ("patient", "relative", "staff with title")]


def plain_comment(number: int) -> Comment:
    return Comment(f"native-{number}", "post", DAY, "The waiting room was calm", "XFV", row_number=number)


def kinds_of(field: str) -> set[Any]:
    """The types that a field can have, without None."""
    hint = HINTS[field]
    return {one for one in (get_args(hint) or (hint,)) if one is not type(None)} if field not in CLOSED else {str}


def with_canary(field: str, words: str, number: int) -> Comment | None:
    """A comment whose field says something of a person; None for a field of numbers or moments."""
    kinds = kinds_of(field)
    if kinds <= set(TYPED):
        return None
    if field == "link_titles":
        return plain_comment(number)._replace(link_titles=(LinkTitle("nhs.uk", words), LinkTitle(words, "Help")))
    is_many = any("tuple" in str(HINTS[field]) for _ in kinds)
    assert is_many or kinds == {str}, f"{field}: what may stand in a field of this type is not known to this test"
    return plain_comment(number)._replace(**{field: (words,) if is_many else words})


def comments(sentences: list[str]) -> Iterator[Comment]:
    fields = [field for field in Comment._fields if field != "kind"]
    for number, (field, each) in enumerate((field, each) for field in fields for each in sentences):
        if comment := with_canary(field, each, number):
            yield comment


def left_by(settings: Settings, caplog: pytest.LogCaptureFixture) -> dict[str, set[str]]:
    found = {
        path.relative_to(settings.home).as_posix(): names
        for path in files_below(settings.home)
        if (names := SEARCH.names_in(legible(path)))
    }
    logged = SEARCH.names_in(caplog.text.encode())
    return found | ({"log": logged} if logged else {})


def test_every_sentence_in_every_field_leaves_nothing(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        fed = list(comments([*SENTENCES, TELLING, *ODDLY_WRITTEN]))
        assert len({field for one in fed for field in Comment._fields if getattr(one, field)}) > 20
        manifest = land(settings, fed, terms=registry.terms()["file"], source="file")
    assert manifest.rows.rows_in == len(fed)
    assert left_by(settings, caplog) == {}


@pytest.mark.parametrize("source", registry.terms())
def test_every_field_of_every_source_leaves_nothing(source: str, settings: Settings, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        land(settings, comments([TELLING, DRAWN["patient"].value]), terms=registry.terms()[source], source=source)
    assert left_by(settings, caplog) == {}


def test_what_a_rejected_row_keeps_and_what_a_manifest_says_of_trusts_leaves_nothing(
    settings: Settings, caplog
) -> None:
    sentences = [*SENTENCES, TELLING, *ODDLY_WRITTEN]
    with Batch(settings, "file", DAY, "0" * 64, "a.csv", pseudonymiser(settings)) as batch:
        batch.take(
            Rejected(n, "Ward", "unknown_rating", {"Ward": each}, 1, (each,)) for n, each in enumerate(sentences)
        )
        manifest = batch.finish(reader="1", date_orders=dict.fromkeys(sentences, "evidence"))
    assert manifest.rows.quarantined == len(sentences)
    assert left_by(settings, caplog) == {}


def test_a_kind_that_is_none_stops_before_anything_is_written(settings: Settings) -> None:
    with pytest.raises(ValueError, match="kind: is none") as stopped:
        land(settings, [plain_comment(1)._replace(kind=TELLING)])  # type: ignore[arg-type]
    assert SEARCH.names_in(str(stopped.value).encode()) == set()


def test_what_is_harmless_is_kept_whole(settings: Settings) -> None:
    whole = plain_comment(1)._replace(
        title="A quiet place", language="en-GB", site_code="XFV01", locations=("Fernvale Hospital", "Kestrel Ward"),
        hashtags=("LongCovid", "kestrelward"), link_domains=("fernvale.nhs.uk", "bbc.co.uk"), author_role="carer",
        rating=4, rating_max=5, rating_note="criticality_not_critical", question_type="nonspecific",
        service_id="fernvale_kestrel_ward", query_id="the-ward_1",
    )  # fmt: skip
    manifest = land(settings, [whole])
    (row,) = pq.read_table(settings.home / manifest.parquet).to_pylist()
    locations = (row["location_1"], row["location_2"])
    assert locations == whole.locations
    for field in (
        "title", "language", "site_code", "author_role", "rating_note", "question_type", "service_id", "query_id",
    ):  # fmt: skip
        assert row[field] == getattr(whole, field), field
    assert (tuple(row["hashtags"]), tuple(row["link_domains"])) == (whole.hashtags, whole.link_domains)


def test_a_title_of_a_link_stays_without_identifiers_and_beside_nothing_that_is_withheld(settings: Settings) -> None:
    def linking(number: int, domain: str, title: str, **more: str) -> Comment:
        return plain_comment(number)._replace(link_titles=(LinkTitle(domain, title),), **more)

    # Nobody can judge it.
    polish = "Pani doktor była bardzo miła i wszystko mi dokładnie wytłumaczyła, polecam serdecznie"
    manifest = land(
        settings,
        [
            linking(1, "nhs.uk", "Sleep in pregnancy"),
            linking(2, "justgiving.com", DRAWN["patient"].sentence),
            linking(3, "derekogglesby.co.uk", "My third birth"),
            linking(4, "nhs.uk", "Sleep in pregnancy", text=polish),
            linking(5, "nhs.uk", polish),
            plain_comment(6)._replace(
                link_titles=(LinkTitle("nhs.uk", "By: A. Person"), LinkTitle("bbc.co.uk", "News"))
            ),
        ],
    )
    rows = pq.read_table(settings.home / manifest.parquet).to_pylist()
    first, second, *others, last = (row["link_titles"] for row in rows)
    assert first == [{"domain": "nhs.uk", "title": "Sleep in pregnancy"}]
    assert "name>" in second[0]["title"]
    assert others == [None, None, None]
    assert last == [{"domain": "bbc.co.uk", "title": "News"}]


def test_followers_are_kept_of_an_account_that_the_register_calls_the_trust_s_own_and_of_no_other(
    settings: Settings,
) -> None:
    accounts = [
        "@trust@social.fernvale.example",  # the trust's own
        "trust@social.fernvale.example",
        "healthwatch@social.valeandmoor.example",  # registered, and not its own
        *(account for source, account in registered_accounts() if source == "mastodon"),  # a service's
        "anna@people.example.org",
        None,
    ]
    manifest = land(
        settings,
        [
            plain_comment(number)._replace(author_handle=account, author_followers=1_000 + number)
            for number, account in enumerate(accounts)
        ],
        source="mastodon",
    )
    rows = pq.read_table(settings.home / manifest.parquet).to_pylist()
    assert [row["author_followers"] for row in rows] == [1_000, 1_001, *[None] * (len(accounts) - 2)]
    assert len(accounts) > 5


def test_a_person_in_the_column_of_a_place_makes_no_service(settings: Settings) -> None:
    name, phone = DRAWN["patient"].value, DRAWN["phone"].value
    fed = [
        plain_comment(n)._replace(locations=("Fernvale Hospital", each))
        for n, each in enumerate((name, phone, f"Kestrel Ward, ask {phone}"))
    ]
    manifest = land(settings, [*fed, plain_comment(9)._replace(trust_code=name)])
    rows = pq.read_table(settings.home / manifest.parquet).to_pylist()
    assert [row["location_2"] for row in rows] == [None, None, "Kestrel Ward, ask <phone number>"]
    assert manifest.quarantine == {"unknown_trust": 1}


def test_the_notes_that_sources_write_are_in_the_closed_list() -> None:
    ours = {f"criticality_{one.replace(' ', '_')}" for one in _CRITICALITIES}
    written = {note for cell in (7, "Extremely likely", "Unlikely") if (note := read_score(cell)[1])}
    assert written == {"undocumented_code", "before_april_2020"}
    assert ours | written <= CLOSED["rating_note"]
