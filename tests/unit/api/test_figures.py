"""The API as programs use it: by keys, each of which gives what its role sees on a page."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.fixtures.published import publish
from tests.fixtures.published_comments import example
from tests.fixtures.web import ADDRESS, Site, site
from wordround.api import serving, understanding
from wordround.errors import KeyRefused
from wordround.published.disclosure import HIDDEN
from wordround.records import api_keys
from wordround.registers.frames import frames
from wordround.understand.annotating import Annotating

PATHS = ("/api/services", "/api/weeks", "/api/themes", "/api/alerts", "/api/actions")
COUNTS = ("comment_count", "negative_count", "positive_count")


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Site]:
    values = "'x', 'some', 1, 'closed', 'made', 'lower', '24 % before, 15 % after', 'kestrel', 'A second nurse.'"
    publish(
        tmp_path,
        "insert into marts.fct_actions (action_id, alert_id, action_version, action_code, outcome_code, answer_code,"
        f" answer_label, service_id, action_text, acted_date, is_in_force) values ({values}, date '2026-08-12', true);"
        + example("kestrel", "A zebra of a comment.", "negative", 1),
    )
    with site(tmp_path) as made:
        serving.add(made.application, made.settings)
        yield made


def asked(page: Site, key: str, path: str) -> list[dict[str, Any]]:
    """What a program with a key reads."""
    answer = TestClient(page.application, ADDRESS).get(path, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_a_readers_key_gives_labels_as_the_page_shows_them_and_no_count(page: Site) -> None:
    key = api_keys.make(page.settings, "power-bi", "reader")
    for path in PATHS:
        found = asked(page, key, path)
        assert found
        assert all(row.get(count) is None for row in found for count in COUNTS)
        assert HIDDEN not in str(found) and "zebra" not in str(found)
    shown = page.visitor("r", "readers").words("/services/merlin")
    for week in asked(page, key, "/api/weeks?service=merlin"):
        if week["is_hidden"]:
            assert week["negative_share"] is None and week["variation"] == "hidden"
    assert sum(week["is_hidden"] for week in asked(page, key, "/api/weeks?service=merlin")) == len(
        re.findall(r"\d{4} \S+ hidden hidden", shown)
    )


def test_an_analysts_key_gives_the_counts_beside_the_same_labels(page: Site) -> None:
    reader, analyst = (api_keys.make(page.settings, role, role) for role in ("reader", "analyst"))
    for path in PATHS:
        few, all_of_it = asked(page, reader, path), asked(page, analyst, path)
        assert [{k: v for k, v in row.items() if k not in COUNTS} for row in few] == [
            {k: v for k, v in row.items() if k not in COUNTS} for row in all_of_it
        ]
    weeks = asked(page, analyst, "/api/weeks?service=merlin")
    assert all(week["comment_count"] is not None for week in weeks)
    assert any(0 < week["negative_count"] < 5 for week in weeks)
    assert all(theme["comment_count"] for theme in asked(page, analyst, "/api/themes?service=kestrel"))


def test_a_leads_key_gives_the_counts_of_own_services_alone(page: Site) -> None:
    key = api_keys.make(page.settings, "ward screen", "lead", ["kestrel"])
    for path in ("/api/weeks", "/api/themes", "/api/alerts"):
        counted = {row["service_id"] for row in asked(page, key, path) if row["comment_count"] is not None}
        assert counted == {"kestrel"}


def test_weeks_and_services_can_be_chosen(page: Site) -> None:
    key = api_keys.make(page.settings, "r", "reader")
    weeks = asked(page, key, "/api/weeks?service=kestrel&from=2026-10-05&to=2026-10-19")
    assert [week["week_date"] for week in weeks] == ["2026-10-05", "2026-10-12", "2026-10-19"]
    client = TestClient(page.application, ADDRESS, headers={"Authorization": f"Bearer {key}"})
    assert client.get("/api/weeks?service=none").status_code == 404
    wrong = client.get("/api/weeks?from=soon")
    assert wrong.status_code == 422 and wrong.json() == {"detail": "Not readable: from."}
    assert [each["did"] for each in asked(page, key, "/api/actions?service=kestrel")] == ["A second nurse."]


@pytest.mark.parametrize(
    "sent", [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer guessed"}, {"Authorization": "Basic {key}"}]
)
def test_without_a_key_in_force_nothing_is_given(page: Site, sent: dict[str, str]) -> None:
    key = api_keys.make(page.settings, "r", "analyst")
    client = TestClient(page.application, ADDRESS)
    for path in PATHS:
        refused = client.get(path, headers={name: value.format(key=key) for name, value in sent.items()})
        assert refused.status_code == 401 and refused.headers["WWW-Authenticate"] == "Bearer"
    api_keys.withdraw(page.settings, "r")
    assert client.get("/api/weeks", headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_somebody_who_is_logged_in_needs_a_key_all_the_same_and_a_key_opens_no_page(page: Site) -> None:
    assert page.visitor("a", "analysts").get("/api/weeks").status_code == 401
    key = api_keys.make(page.settings, "r", "analyst")
    opened = TestClient(page.application, ADDRESS).get("/search?q=nurses", headers={"Authorization": f"Bearer {key}"})
    assert opened.status_code == 403


def test_the_description_names_every_path_and_needs_no_key(page: Site) -> None:
    described = TestClient(page.application, ADDRESS).get("/api/openapi.json").json()
    assert {f"/api{path}" for path in described["paths"]} == set(PATHS)
    assert "comment_text" not in str(described)


def test_a_key_is_kept_as_a_hash_and_can_be_withdrawn(page: Site) -> None:
    key = api_keys.make(page.settings, "power-bi", "analyst")
    for file in page.settings.records.iterdir():
        assert key.encode() not in file.read_bytes()
    with pytest.raises(KeyRefused, match="is there"):
        api_keys.make(page.settings, "power-bi", "reader")
    api_keys.withdraw(page.settings, "power-bi")
    with pytest.raises(KeyRefused, match="No key in force"):
        api_keys.withdraw(page.settings, "power-bi")
    api_keys.make(page.settings, "power-bi", "reader")
    assert [(each.role, bool(each.withdrawn_at)) for each in api_keys.all_keys(page.settings)] == [
        ("analyst", True), ("reader", False),
    ]  # fmt: skip


def test_a_key_is_not_called_like_somebody_and_a_leads_key_names_services(page: Site) -> None:
    for name, role, services in (
        ("Ottoline Brackenbury", "reader", ()), ("", "reader", ()), ("x" * 61, "reader", ()),
        ("fine", "lead", ()), ("fine", "reader", ("kestrel",)),
    ):  # fmt: skip
        with pytest.raises(KeyRefused):
            api_keys.make(page.settings, name, role, services)  # type: ignore[arg-type]
    assert api_keys.all_keys(page.settings) == []


def test_understanding_is_served_beside_it_to_keys_where_it_is_switched_on(page: Site, tmp_path: Path) -> None:
    key = api_keys.make(page.settings, "pipeline", "reader")
    comments = {"comments": [{"id": 1, "text": "The staff were lovely and kind"}]}
    with site(tmp_path) as made:
        serving.add(made.application, made.settings, understanding.application(Annotating(frames())))
        with TestClient(made.application, ADDRESS) as client:
            assert client.post("/api/understand", json=comments).status_code == 401
            answer = client.post("/api/understand", json=comments, headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code == 200 and answer.json()["comments"][0]["id"] == 1
            assert client.get("/api/weeks", headers={"Authorization": f"Bearer {key}"}).status_code == 200
            large = {"comments": [{"id": n, "text": "kind " * 12_000} for n in range(20)]}
            whole = client.post("/api/understand", json=large, headers={"Authorization": f"Bearer {key}"})
            assert whole.status_code == 200, "what the service takes by itself it takes here"
            assert "/understand" in client.get("/api/openapi.json").json()["paths"]
    client = TestClient(page.application, ADDRESS)
    off = client.post("/api/understand", json=comments, headers={"Authorization": f"Bearer {key}"})
    assert off.status_code == 404
