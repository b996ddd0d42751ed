"""What an approver opens to the public of "You said, we did": a sentence of its own, and nothing else."""

import duckdb
import pytest

from tests.fixtures.web import Site, Visitor, words
from wordround.alerts import actions
from wordround.alerts.actions import Who
from wordround.published.reading import read_episodes
from wordround.records import public_changes

STAFF_WORDS = "A second nurse in the evenings, as KL asked."
PUBLIC = "We now have a second nurse in the evenings."


@pytest.fixture
def alert(page: Site) -> str:
    """An alert that was closed with a change that was made."""
    alert_id = next(each.alert_id for each in read_episodes(page.settings).alerts if each.service_id == "kestrel")
    actions.close(page.settings, alert_id, Who("KL"), STAFF_WORDS, "made")
    return alert_id


@pytest.fixture
def approver(page: Site, alert: str) -> Visitor:
    return page.visitor("m.farrow", "approvers")


def open_it(visitor: Visitor, alert: str, typed: str):
    return visitor.send("/done", f"/done/{alert}/1/open", words=typed)


def test_the_public_reads_what_was_opened_in_the_words_of_the_approver(
    page: Site, alert: str, approver: Visitor
) -> None:
    reader = page.visitor("r", "readers")
    assert "No change is open to the public" in reader.words("/done/public")
    assert "Done: the public may read it." in words(open_it(approver, alert, PUBLIC))
    said = reader.words("/done/public")
    assert f"We did {PUBLIC}" in said and "You said Kestrel Ward: more negative comments than usual" in said
    assert "It is too early to say" in said
    assert STAFF_WORDS not in said and "m.farrow" not in said and "Withdraw" not in reader.words("/done")
    page_of_public = reader.get("/done/public").text
    assert "/alerts/" not in page_of_public.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("group", ["readers", "kestrel-leads", "analysts", "coders", "governance"])
def test_nobody_else_opens_a_change_or_withdraws_it(page: Site, alert: str, approver: Visitor, group: str) -> None:
    other = page.visitor("x", group)
    token = approver.get("/done").text.split('name="form_token" value="')[1].split('"')[0]
    for form in ("open", "withdraw"):
        found = other.client.post(f"/done/{alert}/1/{form}", data={"form_token": token, "words": PUBLIC})
        assert found.status_code == 403
    assert public_changes.all_open(page.settings) == {}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("  ", "Say in a sentence"),
        ("Sister Doreen Ackroyd now works in the evenings.", "It may name somebody"),
        ("Write to ward@fernvale.example for a visit.", "It may name somebody (email"),
        ("Ring 01632 960 983 in the evenings.", "It may name somebody"),
        ("Pani Kowalska by\u0142a bardzo niemi\u0142a dla pacjent\u00f3w wczoraj wieczorem", "It may name somebody"),
        ("More staff. " * 40, "300 is the most"),
    ],
)
def test_words_that_are_not_for_the_public_are_refused_and_stand_in_the_form(
    page: Site, alert: str, approver: Visitor, typed: str, says: str
) -> None:
    found = open_it(approver, alert, typed)
    assert found.status_code == 422 and says in words(found)
    assert typed.strip()[:40] in words(found)
    assert public_changes.all_open(page.settings) == {}
    assert typed.strip() == "" or typed.encode() not in (page.settings.records / "records.sqlite").read_bytes()


def test_words_of_a_comment_are_refused_however_they_are_written(page: Site, alert: str, approver: Visitor) -> None:
    with duckdb.connect(str(page.settings.published / "wordround.duckdb"), read_only=True) as connection:
        ((text,),) = connection.execute(
            "select comment_text from marts.fct_comments where service_id = 'kestrel' and sentiment_label = 'negative'"
            " and len(string_split(comment_text, ' ')) > 7 limit 1"
        ).fetchall()
    found = open_it(approver, alert, f"Somebody wrote: {text.upper()[:200]}")
    assert found.status_code == 422 and "It repeats words of a comment" in words(found)


def test_of_two_approvers_the_second_is_told_and_a_withdrawn_change_leaves_no_word(
    page: Site, alert: str, approver: Visitor
) -> None:
    second = page.visitor("j.okafor", "approvers")
    form = second.get("/done").text.split('name="form_token" value="')[1].split('"')[0]
    open_it(approver, alert, PUBLIC)
    told = second.client.post(f"/done/{alert}/1/open", data={"form_token": form, "words": "The nurses changed."})
    assert told.status_code == 409 and "m.farrow has opened it on" in words(told)
    assert [each.words for each in public_changes.all_open(page.settings).values()] == [PUBLIC]
    assert "Done: withdrawn" in words(second.send("/done", f"/done/{alert}/1/withdraw"))
    assert "No change is open" in page.visitor("r", "readers").words("/done/public")
    left = [path for path in page.settings.records.iterdir() if PUBLIC.encode() in path.read_bytes()]
    assert left == []
    again = second.client.post(f"/done/{alert}/1/withdraw", data={"form_token": form})
    assert again.status_code == 409
    assert "Done: the public may read it." in words(open_it(approver, alert, PUBLIC)), "it can be opened again"


def test_what_staff_say_anew_takes_the_change_from_the_public(page: Site, alert: str, approver: Visitor) -> None:
    open_it(approver, alert, PUBLIC)
    actions.close(page.settings, alert, Who("KL"), "It was taken back.", "no_change", expected=1)
    assert "No change is open" in page.visitor("r", "readers").words("/done/public")
    assert approver.client.post(f"/done/{alert}/1/withdraw").status_code == 403, "a form without its token"


def test_a_sentence_whose_change_no_longer_stands_is_listed_and_withdrawn(
    page: Site, alert: str, approver: Visitor
) -> None:
    open_it(approver, alert, PUBLIC)
    actions.close(page.settings, alert, Who("KL"), "It was taken back.", "no_change", expected=1)
    public_changes.open_to_all(page.settings, "f" * 16, 3, "a.former", "A bench stands by the door.")
    said = approver.words("/done")
    assert f"Kestrel Ward: more negative comments than usual: {PUBLIC}" in said
    assert "An alert that is no longer published: A bench stands by the door." in said
    assert "Opened, and no longer" not in page.visitor("r", "readers").words("/done"), "an approver's to withdraw"
    for key in (f"{alert}/1", f"{'f' * 16}/3"):
        assert "Done: withdrawn" in words(approver.send("/done", f"/done/{key}/withdraw"))
    assert public_changes.all_open(page.settings) == {}
    assert [path for path in page.settings.records.iterdir() if PUBLIC.encode() in path.read_bytes()] == []
