"""Two coders code a sample blind on the page, discuss what they see otherwise, settle it, and see the agreement."""

import re

import pytest

from tests.fixtures.web import Site, Visitor, words
from wordround.errors import ReviewRefused
from wordround.published.database import published_warehouse
from wordround.records import comment_readings, review_coders, reviews
from wordround.records.reviews import SETTLED, Item, Stratum
from wordround.settings import Settings


def drawn(settings: Settings, count: int = 3, coders: tuple[str, ...] = ("KL", "ward manager")) -> list[str]:
    """A sample of the first comments of Kestrel Ward, as `wordround review sample` stores one."""
    with published_warehouse(settings) as connection:
        query = "select comment_id from marts.fct_comments where service_id = 'kestrel' order by comment_id limit ?"
        ids = [row[0] for row in connection.execute(query, [count]).fetchall()]
    items = [Item(number, comment_id, "key", 0, 1.0) for number, comment_id in enumerate(ids, start=1)]
    reviews.add_sample(settings, "analyst", 7, coders, [Stratum(None, None, None, None, 40, 3)], items)
    return ids


def code(visitor: Visitor, coder: str, **said: str) -> str:
    """Open the next comment of a coder and send what they say of it; return the address that it led to."""
    opened = visitor.get(f"/coding/1/as/{coder}")
    path = opened.request.url.raw_path.decode()
    return str(visitor.send(path, path, **said).request.url.path)


@pytest.fixture
def coder(page: Site) -> Visitor:
    return page.visitor("c.lowe", "coders")


def test_two_coders_code_blind_discuss_and_settle(page: Site, coder: Visitor) -> None:
    drawn(page.settings)
    other = page.visitor("d.iqbal", "coders")
    assert "Sample 1" in coder.words("/coding")
    for said in ("negative", "negative", "positive"):
        code(coder, "KL", sentiment=said, staff_manner="negative" if said == "negative" else "")
    assert "You have coded every comment" in words(coder.get("/coding/1/as/KL"))

    opened = other.get("/coding/1/as/ward%20manager")
    assert "Negative" in words(opened) and "What each coder said" not in opened.text
    assert other.get("/coding/1/discuss/1").status_code == 404, "nothing of the other before one has coded"
    for _ in range(3):
        code(other, "ward%20manager", sentiment="negative", staff_manner="negative")

    standing = words(other.get("/coding/1"))
    assert "1 comment to discuss , 2 settled" in standing or "1 comment to discuss, 2 settled" in standing
    path = other.get("/coding/1/discuss").request.url.path
    assert "What each coder said" in words(other.get(path))
    other.send(path, path, sentiment="neutral", staff_manner="negative")
    settled = [each.codes[SETTLED].sentiment for each in reviews.coded(page.settings) if SETTLED in each.codes]
    assert settled == ["neutral"]
    assert "Nothing is to discuss. 3 settled" in words(other.get("/coding/1"))
    assert "Kappa (Cohen)" in other.words("/coding/1/agreement")


def test_what_is_not_said_is_asked_for_and_a_comment_that_cannot_be_said_is_one(page: Site, coder: Visitor) -> None:
    drawn(page.settings)
    path = coder.get("/coding/1/as/KL").request.url.path
    assert "Say how the comment speaks" in words(coder.send(path, path))
    assert reviews.coded(page.settings) == []
    code(coder, "KL", sentiment="cannot_say", staff_manner="negative")
    (only,) = reviews.coded(page.settings)
    assert only.codes["KL"].sentiment is None and only.codes["KL"].themes == ()


def test_a_settled_comment_is_not_changed_by_one_coder_and_nobody_codes_under_another_name(
    page: Site, coder: Visitor
) -> None:
    drawn(page.settings, count=1)
    code(page.visitor("d.iqbal", "coders"), "ward%20manager", sentiment="negative")
    form = coder.get("/coding/1/as/KL/1").text.split('form_token" value="')[1].split('"')[0]
    coder.client.post("/coding/1/as/KL/1", data={"form_token": form, "sentiment": "negative"})
    coder.client.post("/coding/1/discuss/1", data={"form_token": form, "sentiment": "positive"})
    refused = coder.client.post("/coding/1/as/KL/1", data={"form_token": form, "sentiment": "neutral"})
    assert "This comment is settled" in words(refused)
    assert (
        coder.client.post("/coding/1/as/settled/1", data={"form_token": form, "sentiment": "neutral"}).status_code
        == 404
    )
    assert coder.get("/coding/1/as/boss").status_code == 404 and coder.get("/coding/9").status_code == 404


def test_nobody_opens_what_another_codes_or_codes_in_their_name(page: Site, coder: Visitor) -> None:
    drawn(page.settings)
    code(coder, "KL", sentiment="negative")
    other, third = page.visitor("d.iqbal", "coders"), page.visitor("e.moss", "coders")
    first = coder.get("/coding/1/as/ward%20manager")
    assert first.status_code == 403 and "You code this sample as KL" in words(first)
    for path in ("/coding/1/as/KL", "/coding/1/as/KL/1", "/coding/1/as/KL/2"):
        refused = other.get(path)
        assert refused.status_code == 403 and "Somebody else codes as KL" in words(refused)
    token = other.get("/coding/1/as/ward%20manager/1").text.split('form_token" value="')[1].split('"')[0]
    sent = {"form_token": token, "sentiment": "positive"}
    assert other.client.post("/coding/1/as/KL/1", data=sent).status_code == 403
    code(other, "ward%20manager", sentiment="positive")
    for path in ("/coding/1/as/KL/1", "/coding/1/as/ward%20manager/1", "/coding/1/discuss/1"):
        assert third.get(path).status_code == 403, "a sample that others code is not for everybody to read"
    assert "1 of 3 coded" in words(third.get("/coding/1"))
    assert {code.sentiment for each in reviews.coded(page.settings) for code in each.codes.values()} == {
        "negative", "positive",
    }  # fmt: skip


def test_what_somebody_codes_in_a_sheet_goes_on_there_and_the_page_says_so(page: Site, coder: Visitor) -> None:
    drawn(page.settings)
    reviews.replace(page.settings, {(1, 1, "KL"): reviews.Code("negative")})
    refused = coder.get("/coding/1/as/KL/1")
    assert refused.status_code == 403 and "that name goes on in its sheet, and cannot go on here" in words(refused)
    said = coder.get("/coding/1")
    assert "KL (goes on in its sheet): 1 of 3 coded" in words(said) and "/coding/1/as/KL" not in said.text
    assert coder.get("/coding/1/as/ward%20manager/1").status_code == 200
    reviews.replace(page.settings, {(1, 1, "ward manager"): reviews.Code("negative")})
    none_left = coder.get("/coding/1/as/ward%20manager/1")
    assert none_left.status_code == 403 and "goes on in it: KL, ward manager" in words(none_left)


def test_of_three_coders_the_third_sees_and_settles_a_comment_once_they_have_coded_it(
    page: Site, coder: Visitor
) -> None:
    drawn(page.settings, coders=("KL", "ward manager", "EM"))
    other, third, analyst = page.visitor("d", "coders"), page.visitor("e", "coders"), page.visitor("a", "analysts")
    for _ in range(3):
        code(coder, "KL", sentiment="negative")
        code(other, "ward%20manager", sentiment="positive")
    token = third.get("/coding/1/as/EM/1").text.split('form_token" value="')[1].split('"')[0]
    sent = {"form_token": token, "sentiment": "neutral"}
    assert "3 comments to discuss by those who have coded them" in words(third.get("/coding/1"))
    refused = third.get("/coding/1/discuss/1")
    assert refused.status_code == 403 and "Code this comment first" in words(refused)
    assert "What each coder said" not in refused.text
    assert third.client.post("/coding/1/discuss/1", data=sent).status_code == 403
    assert "Nothing is left to discuss" in words(third.get("/coding/1/discuss"))
    assert not any(SETTLED in each.codes for each in reviews.coded(page.settings))
    assert "What each coder said" in analyst.words("/coding/1/discuss/1"), "who codes none of it settles"

    path = third.get("/coding/1/as/EM").request.url.raw_path.decode()
    third.send(path, path, sentiment="neutral")
    mine = path.rsplit("/", 1)[1]
    assert "1 comment to discuss" in words(third.get("/coding/1")) and "2 more wait" in words(third.get("/coding/1"))
    assert third.get("/coding/1/discuss").request.url.path == f"/coding/1/discuss/{mine}"
    others = next(number for number in "123" if number != mine)
    assert third.get(f"/coding/1/discuss/{others}").status_code == 403
    third.send(f"/coding/1/discuss/{mine}", f"/coding/1/discuss/{mine}", sentiment="neutral")
    assert [each.item.item for each in reviews.coded(page.settings) if SETTLED in each.codes] == [int(mine)]


def test_a_name_that_was_taken_by_mistake_is_released(page: Site, coder: Visitor) -> None:
    drawn(page.settings)
    other, analyst = page.visitor("d.iqbal", "coders"), page.visitor("a", "analysts")
    release = "/coding/1/as/KL/release"
    review_coders.take(page.settings, 1, "KL", "c.lowe")
    assert "KL was taken by mistake" not in words(other.get("/coding/1")), "not another's to give back"
    assert "Anybody may take the name KL again" in words(coder.send("/coding/1", release))
    assert other.get("/coding/1/as/KL/1").status_code == 200

    code(coder, "KL", sentiment="negative")
    assert release not in coder.get("/coding/1").text, "with codes it is an analyst's to release"
    token = coder.get("/coding/1/as/KL/1").text.split('form_token" value="')[1].split('"')[0]
    coder.client.post(release, data={"form_token": token, "codes": "1"})
    assert review_coders.logins(page.settings, 1) == {"KL": "c.lowe"}
    assert "What 1 comment has under this name is taken away" in words(analyst.get("/coding/1"))
    stale = re.findall(r'name="form_token" value="([^"]*)"', analyst.get("/coding/1").text)[-1]
    code(coder, "KL", sentiment="positive")
    late = analyst.client.post(release, data={"form_token": stale, "codes": "1"})
    assert "KL has coded more since you opened this page" in words(late)
    assert len(reviews.coded(page.settings)) == 2
    assert "What was coded under it is gone: 2 comments" in words(analyst.send("/coding/1", release))
    assert reviews.coded(page.settings) == [] and review_coders.logins(page.settings, 1) == {}
    code(coder, "ward%20manager", sentiment="negative")
    code(other, "KL", sentiment="negative")
    assert review_coders.logins(page.settings, 1) == {"ward manager": "c.lowe", "KL": "d.iqbal"}


def test_a_name_whose_codes_were_settled_stays(page: Site, coder: Visitor) -> None:
    drawn(page.settings, count=1)
    code(coder, "KL", sentiment="negative")
    reviews.replace(page.settings, {(1, 1, SETTLED): reviews.Code("negative")})
    said = words(page.visitor("a", "analysts").send("/coding/1", "/coding/1/as/KL/release"))
    assert "discussed and settled: the name stays as it is" in said
    assert review_coders.logins(page.settings, 1) == {"KL": "c.lowe"}


def test_a_comment_that_is_settled_while_its_codes_are_taken_away_keeps_them(page: Site, coder: Visitor) -> None:
    drawn(page.settings, count=1)
    code(coder, "KL", sentiment="negative")
    reviews.replace(page.settings, {(1, 1, SETTLED): reviews.Code("negative")})
    with pytest.raises(ReviewRefused, match="discussed and settled"):
        review_coders.release(page.settings, 1, "KL", codes=1)
    assert {name for each in reviews.coded(page.settings) for name in each.codes} == {"KL", SETTLED}


def test_only_coders_and_analysts_see_a_sample_and_what_they_see_is_logged(page: Site, coder: Visitor) -> None:
    drawn(page.settings)
    for group in ("readers", "kestrel-leads", "approvers", "governance"):
        for path in ("/coding", "/coding/1", "/coding/1/as/KL", "/coding/1/as/KL/1", "/coding/1/discuss/1"):
            assert page.visitor("x", group).get(path).status_code == 403
    assert comment_readings.latest(page.settings) == []
    coder.get("/coding/1/as/KL/2")
    (read,) = comment_readings.latest(page.settings)
    assert (read.by, read.page, read.query, read.comment_count) == ("c.lowe", "coding", "sample: 1; comment: 2", 1)


def test_a_comment_that_went_cannot_be_coded(page: Site, coder: Visitor) -> None:
    ids = drawn(page.settings, count=1)
    reviews.forget(page.settings, ids)
    assert coder.get("/coding/1/as/KL/1").status_code == 404
    assert "every comment of this sample that can be shown" in words(coder.get("/coding/1/as/KL"))


@pytest.mark.parametrize("size", ["3", "", "many", "9,999", "3,00", "300,", "1" * 5000, "-20"])
def test_how_many_comments_a_sample_has_is_said_where_it_is_wrong(page: Site, size: str) -> None:
    refused = page.visitor("a", "analysts").send("/coding", "/coding/draw", size=size, coders="KL, ward manager")
    assert refused.status_code == 422 and "Write how many as a whole number, from 10 to 5,000." in words(refused)
    assert 'id="size-error"' in refused.text and "KL, ward manager" in refused.text


def test_a_sample_needs_two_coders_and_an_analyst(page: Site, coder: Visitor) -> None:
    analyst = page.visitor("a", "analysts")
    refused = analyst.send("/coding", "/coding/draw", size="300", coders="KL")
    assert refused.status_code == 422 and "Two people at least" in words(refused) and 'value="KL"' in refused.text
    assert "Draw a sample" not in coder.words("/coding")
