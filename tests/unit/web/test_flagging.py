"""Whoever reads a comment flags in two clicks what the model read wrongly in it, and takes that back."""

import re
from pathlib import Path
from threading import Thread

import pytest

from tests.fixtures.published import publish
from tests.fixtures.published_comments import example, posts
from tests.fixtures.web import Site, Visitor, site, words
from wordround.published.database import published_warehouse
from wordround.published.reading import read_episodes
from wordround.records import comment_flags
from wordround.records.comment_flags import Waiting
from wordround.records.reviews import Item, Stratum, add_sample

KESTREL = "/search?service=kestrel"


@pytest.fixture
def lead(page: Site) -> Visitor:
    return page.visitor("j.okafor", "kestrel-leads")


def forms(visitor: Visitor, path: str) -> list[str]:
    """The forms of a page that flag."""
    return re.findall(r'<form action="/flags".*?</form>', visitor.get(path).text, re.DOTALL)


def hidden(form: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.replace("&amp;", "&")))


def ways(form: str) -> list[str]:
    return re.findall(r'name="wrong" value="([^"]*)"', form)


def flagged(visitor: Visitor, path: str, way: int = 0) -> dict[str, str]:
    """Flag the first comment of a page; return what was sent."""
    form = forms(visitor, path)[0]
    sent = hidden(form) | {"wrong": ways(form)[way]}
    assert visitor.client.post("/flags", data=sent).status_code == 200
    return sent


def test_a_theme_a_polarity_and_a_sentiment_are_flagged_and_taken_back(page: Site, lead: Visitor) -> None:
    form = forms(lead, KESTREL)[0]
    says = words(type("Page", (), {"text": form})())
    assert "Not about it" in says and "Not criticised" in says and "The whole comment: negative" in says
    sent = hidden(form)
    theme, polarity, sentiment = ways(form)
    assert [each.split()[0] for each in (theme, polarity, sentiment)] == ["theme", "polarity", "sentiment"]
    back = lead.client.post("/flags", data=sent | {"wrong": sentiment})
    assert back.request.url.path == "/search" and back.request.url.query == b"service=kestrel"
    assert "two people code the comment in the next sample" in words(back) and "You flagged this" in words(back)
    lead.client.post("/flags", data=sent | {"wrong": theme})
    again = lead.client.post("/flags", data=sent | {"wrong": polarity})
    assert "You have flagged this already" in words(again), "each theme once"
    assert comment_flags.waiting(page.settings) == Waiting(2, 1)
    kept = comment_flags.of(page.settings, "j.okafor", [sent["comment"]])
    assert [(each.flag.wrong, each.flag.model_version) for each in kept] == [
        ("sentiment", "learned-00000001-1"), ("theme", "learned-00000001-1"),
    ]  # fmt: skip

    other = page.visitor("m.farrow", "analysts")
    assert "You flagged this" not in other.words(KESTREL), "nobody sees what others flagged"
    token = hidden(forms(other, KESTREL)[0])["form_token"]
    theirs = {"form_token": token, "flag_id": str(kept[0].id), "comment": sent["comment"], "here": KESTREL}
    assert other.client.post("/flags/back", data=theirs).status_code == 404, "nor takes it back"
    assert comment_flags.waiting(page.settings).flags == 2
    mine = sent | {"flag_id": str(kept[0].id)}
    assert "The flag is taken back" in words(lead.client.post("/flags/back", data=mine))
    assert comment_flags.waiting(page.settings) == Waiting(1, 1)


def test_a_flag_on_a_comment_of_a_sample_says_in_which_it_is(page: Site, lead: Visitor) -> None:
    sent = hidden(forms(lead, KESTREL)[0]) | {"wrong": ways(forms(lead, KESTREL)[0])[0]}
    items = [Item(1, sent["comment"], "key", 0, 1.0)]
    add_sample(page.settings, None, 7, ["KL", "EM"], [Stratum(None, None, None, None, 40, 1)], items)
    said = words(lead.client.post("/flags", data=sent))
    assert "the comment is in sample 1 already" in said and "in the next sample" not in said
    assert "two people code the comment in sample 1" in said and "Take it back" not in said
    assert comment_flags.waiting(page.settings) == Waiting(0, 0)


@pytest.mark.parametrize("kind", ["search", "alert", "examples"])
def test_it_can_be_flagged_wherever_a_comment_is_shown_with_its_themes(tmp_path: Path, kind: str) -> None:
    publish(tmp_path, example("kestrel", "The nurses were kind and patient with all of us on the ward.", "positive", 1))
    with site(tmp_path) as made:
        alert = next(each for each in read_episodes(made.settings).alerts if each.service_id == "kestrel")
        path = {
            "search": KESTREL, "alert": f"/alerts/{alert.alert_id}",
            "examples": "/services/kestrel/themes/staff/examples",
        }[kind]  # fmt: skip
        lead = made.visitor("j.okafor", "kestrel-leads")
        sent = flagged(lead, path)
        assert sent["here"] == path and comment_flags.waiting_comments(made.settings) == [sent["comment"]]


def test_only_who_may_read_a_comment_flags_it(page: Site, lead: Visitor) -> None:
    analyst = page.visitor("m.farrow", "analysts")
    of_another = hidden(forms(analyst, "/search?service=heron")[0])
    form = forms(lead, KESTREL)[0]
    own, way = hidden(form), ways(form)[0]
    for sent in (
        own | {"comment": of_another["comment"], "wrong": way},
        own | {"comment": "f" * 32, "wrong": way},
        own | {"wrong": "theme patient_experience no_such_theme"},
        own | {"wrong": "theme x"},
    ):
        assert lead.client.post("/flags", data=sent).status_code == 404
    for group in ("readers", "coders", "approvers", "governance"):
        visitor = page.visitor("x", group)
        token = re.findall(r'name="form_token" value="([^"]*)"', visitor.get("/").text)
        sent = own | {"wrong": way, "form_token": token[-1] if token else "x"}
        assert visitor.client.post("/flags", data=sent).status_code == 403
    assert lead.client.post("/flags", data=own | {"wrong": way, "form_token": "guessed"}).status_code == 403
    assert comment_flags.waiting(page.settings).flags == 0


def test_a_lead_flags_no_post_and_a_form_leads_to_no_other_site(tmp_path: Path) -> None:
    publish(tmp_path, posts("kestrel", ["I waited and waited."]))
    with site(tmp_path) as made:
        analyst, lead = made.visitor("m.farrow", "analysts"), made.visitor("j.okafor", "kestrel-leads")
        post = forms(analyst, "/search?service=kestrel&source=chirp")[0]
        own = hidden(forms(lead, KESTREL)[0])
        sent = own | {"comment": hidden(post)["comment"], "wrong": ways(post)[0]}
        assert lead.client.post("/flags", data=sent).status_code == 404
        for here in ("//evil.example", "https://evil.example", "/\\evil.example", "/search#x"):
            sent = hidden(post) | {"wrong": ways(post)[0], "here": here}
            answer = analyst.client.post("/flags", data=sent, follow_redirects=False)
            assert answer.headers["Location"] == f"/#c{sent['comment']}"


def test_two_flags_at_once_are_one(page: Site) -> None:
    visitors = [page.visitor("m.farrow", "analysts") for _ in range(4)]
    form = forms(visitors[0], KESTREL)[0]
    way = ways(form)[0]
    sent = [hidden(forms(each, KESTREL)[0]) | {"wrong": way} for each in visitors]
    threads = [
        Thread(target=each.client.post, args=("/flags",), kwargs={"data": data})
        for each, data in zip(visitors, sent, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert comment_flags.waiting(page.settings) == Waiting(1, 1)


def test_the_coding_page_counts_them_and_a_coder_sees_nothing_of_a_flag(page: Site, lead: Visitor) -> None:
    coder = page.visitor("c.lowe", "coders")
    assert "for the next sample" not in coder.words("/coding")
    comment_id = flagged(lead, KESTREL)["comment"]
    assert "1 flag waits for the next sample" in coder.words("/coding")
    strata = [Stratum(None, None, None, None, 1, 1, is_flagged=True)]
    items = [Item(1, comment_id, "key", 0, 0.0, by_chance=False)]
    add_sample(page.settings, None, 1, ["KL", "ward manager"], strata, items)
    assert "for the next sample" not in coder.words("/coding")
    assert "1 comments, 1 of them because somebody had flagged them" in coder.words("/coding/1")
    shown = coder.get("/coding/1/as/KL/1").text
    assert "flag" not in shown.partition("<main")[2].lower()
    assert "you flagged it; two people code the comment" in lead.words(KESTREL)
    assert "Take it back" not in lead.words(KESTREL)
    late = flagged(page.visitor("m.farrow", "analysts"), KESTREL)
    assert late["comment"] == comment_id and comment_flags.waiting(page.settings).flags == 0


def test_what_people_have_settled_is_not_flagged(tmp_path: Path) -> None:
    publish(tmp_path, "update marts.fct_comments set labelled_by = 'human' where service_id = 'kestrel'")
    with site(tmp_path) as made:
        lead = made.visitor("j.okafor", "kestrel-leads")
        assert forms(lead, KESTREL) == []
        with published_warehouse(made.settings) as connection:
            query = "select comment_id from marts.fct_comments where service_id = 'kestrel' limit 1"
            comment_id = connection.execute(query).fetchall()[0][0]
        token = re.findall(r'name="form_token" value="([^"]*)"', lead.get(KESTREL).text)[-1]
        sent = {"form_token": token, "comment": comment_id, "wrong": "sentiment sentiment negative"}
        assert lead.client.post("/flags", data=sent).status_code == 404
