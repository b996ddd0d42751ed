"""The web page in a real browser, as people use it: from start to end, by keyboard, without script, on a telephone.

On the small published warehouse of the tests, which is quicker than the demo's and has every kind of page.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.browser import DESK, TELEPHONE, browsing, is_wider_than_its_window, needs_chromium, violations
from tests.fixtures.chains import coding_trust
from tests.fixtures.mail_server import mail_server
from tests.fixtures.published import publish, settings_for
from tests.fixtures.published_comments import example
from tests.fixtures.web import Site, listening, said_of, site
from tests.unit.web.test_coding_pages import drawn
from tests.unit.web.test_pointed_columns import MAP, OWN, ROWS, WELSH
from tests.unit.web.test_upload_pages import NAME, SAID
from wordround import reports
from wordround.alerts import actions
from wordround.alerts.actions import Who
from wordround.folders import PROJECT
from wordround.published.reading import read_episodes
from wordround.records import comment_flags, reviews, saved_searches
from wordround.settings import Settings

pytestmark = needs_chromium

LEAD, ANALYST = (
    said_of("j.okafor", "kestrel-leads"),
    said_of("m.farrow", "analysts", "coders", "approvers", "governance"),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Site]]:
    """The address of the page and the page itself."""
    home = tmp_path_factory.mktemp("served")
    publish(home, example("kestrel", "The nurses listened to me every day.", "positive", 1))
    with site(home, address=None) as made, listening(made.application) as address:
        drawn(made.settings)
        leads = [{"name": "Kestrel", "services": ["kestrel"], "recipients": ["k@fernvale.example"]}]
        reports.render(settings_for(home, report={"pdf": False, "leads": leads}))
        yield address, made


def alert_of(made: Site, service: str) -> str:
    return next(each.alert_id for each in read_episodes(made.settings).alerts if each.service_id == service)


def kind_of(path: str) -> str:
    """The kind of page that an address leads to: one of many services, themes, alerts, samples is like the others."""
    first, *rest = path.partition("?")[0].strip("/").split("/")
    return "/".join(
        [
            first,
            *("*" if re.search(r"\d|[0-9a-f]{32}", part) or first in ("services", "themes") else part for part in rest),
        ]
    )


def every_page(page: Any, start: str = "/") -> list[str]:
    """Addresses that a person can click to, the first of each kind."""
    waiting, seen = [start], dict[str, str]()
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen[kind_of(path)] = path
        page.goto(path)
        links = page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
        # A report in its sandbox runs no script, nor that of axe; its own tests look at it.
        is_ours = [not href.startswith("/assets") and ".csv" not in href and href[-5:] != "/page" for href in links]
        waiting += [href for href, wanted in zip(links, is_ours, strict=True) if wanted]
    return list(seen.values())


def test_every_page_is_for_everybody(served: tuple[str, Site]) -> None:
    address, _ = served
    with browsing(address, DESK, ANALYST) as page:
        paths = every_page(page)
        assert len(paths) > 5 and any(path.startswith("/alerts/") for path in paths)
        assert {"/done/public", "/reports/2026-W46/decide"} <= set(paths)
        found = {}
        for path in paths:
            page.goto(path)
            found[path] = violations(page), is_wider_than_its_window(page)
        assert not page.faults
    with browsing(address, TELEPHONE, ANALYST) as page:
        for path in paths:
            page.goto(path)
            found[f"{path} on a telephone"] = violations(page), is_wider_than_its_window(page)
        assert not page.faults
    assert {path: what for path, what in found.items() if what != ([], False)} == {}


def test_a_lead_finds_an_alert_reads_its_comments_and_closes_it(served: tuple[str, Site]) -> None:
    address, made = served
    with browsing(address, TELEPHONE, LEAD) as page:
        page.goto("/")
        page.get_by_role("link", name=re.compile("Open the alert")).first.click()
        assert page.get_by_role("heading", level=1).inner_text().startswith("Kestrel Ward")
        assert "upset about the nurses" in page.inner_text("main")
        page.get_by_label("What was done?").fill("A second nurse in the evenings.")
        page.get_by_label("Yes").check()
        page.get_by_label("On which day?").fill("2026-11-20")
        page.get_by_role("button", name="Close the alert").click()
        assert "Done: closed" in page.inner_text("main") and "A second nurse in the evenings." in page.inner_text(
            "main"
        )
    assert actions.handling(made.settings)[alert_of(made, "kestrel")].state == "closed"


def test_an_alert_is_acknowledged_by_keyboard_alone(served: tuple[str, Site]) -> None:
    address, made = served
    heron = alert_of(made, "heron")
    with browsing(address, DESK, ANALYST) as page:
        page.goto(f"/alerts/{heron}")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
        page.keyboard.press("Enter")
        for _ in range(60):
            page.keyboard.press("Tab")
            if "I have seen it" in page.evaluate("document.activeElement.textContent"):
                break
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Done: acknowledged")
    assert actions.handling(made.settings)[heron].state == "acknowledged"


def test_everything_works_without_script(served: tuple[str, Site]) -> None:
    address, made = served
    heron = alert_of(made, "heron")
    with browsing(address, DESK, ANALYST, script=False) as page:
        page.goto("/alerts")
        page.get_by_role("link", name=re.compile("^Heron Ward")).first.click()
        page.get_by_label("Add a note").fill("The form changed in the same week.")
        page.get_by_role("button", name="Add the note").click()
        assert "The form changed in the same week." in page.inner_text("main")
    assert actions.handling(made.settings)[heron].actions[-1].action.event == "noted"


def test_an_approver_reads_a_report_rejects_it_and_it_is_not_sent(served: tuple[str, Site]) -> None:
    address, made = served
    with browsing(address, TELEPHONE, said_of("p.lowe", "approvers"), script=False) as page:
        page.goto("/reports")
        page.get_by_role("link", name=re.compile("Read and decide")).click()
        shown = page.frame_locator("iframe")
        assert "What patients said this week" in shown.get_by_role("heading", level=1).inner_text()
        page.get_by_role("link", name="Kestrel").click()
        assert "for Kestrel" in shown.get_by_text("Weekly report").first.inner_text()
        assert not is_wider_than_its_window(page)
        page.get_by_role("button", name="Decide").click()
        assert "Say whether it may be sent." in page.inner_text("main")
        page.get_by_label("No, reject it").check()
        page.get_by_label("Why not, where you reject it").fill("The crisis team is missing.")
        page.get_by_role("button", name="Decide").click()
        assert "Rejected. It is not sent." in page.inner_text("main")
        assert "The reason: The crisis team is missing." in page.inner_text("main")
    folders = [folder for folder in made.settings.reports.iterdir() if folder.is_dir()]
    with mail_server() as inbox:
        mail, recipients = {"host": "127.0.0.1", "port": inbox.port}, ["b@fernvale.example"]
        sending = settings_for(made.settings.home, mail=mail, report={"recipients": recipients})
        assert [reports.send(sending, folder).sent for folder in folders] == [False, False]
    assert inbox.messages == []


def test_an_approver_opens_a_change_to_the_public(served: tuple[str, Site]) -> None:
    address, made = served
    heron = alert_of(made, "heron")
    before = actions.handling(made.settings).get(heron)
    actions.close(
        made.settings, heron, Who("KL"), "The garden is open.", "made", expected=before.version if before else 0
    )
    with browsing(address, DESK, said_of("p.lowe", "approvers")) as page:
        page.goto("/done")
        page.get_by_text("Let the public read it").first.click()
        assert violations(page) == []
        page.get_by_label("What the public reads").first.fill("The garden is open in the evenings.")
        page.get_by_role("button", name=re.compile("Let the public read it")).first.click()
        page.get_by_role("link", name="a page of its own, to be printed").click()
        assert "The garden is open in the evenings." in page.inner_text("main")
        assert violations(page) == [] and not page.faults
        page.emulate_media(media="print")
        assert not page.get_by_role("navigation", name="Menu").is_visible()


def test_an_analyst_searches_narrows_and_saves(served: tuple[str, Site]) -> None:
    address, made = served
    with browsing(address, TELEPHONE, ANALYST, script=False) as page:
        page.goto("/search")
        page.get_by_label("Words in comments").fill("nurs* AND NOT pleased")
        page.get_by_role("button", name="Search").click()
        assert page.locator("mark").first.inner_text() == "nurses"
        page.get_by_text("How many, by sentiment").click()
        page.get_by_role("link", name="negative", exact=True).click()
        assert "sentiment=negative" in page.url and not is_wider_than_its_window(page)
        page.get_by_label("Save this search as").fill("Nurses, negative")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="Nurses, negative").click()
        assert "sentiment=negative" in page.url and page.locator("mark").count() > 0
    with browsing(address, DESK, ANALYST) as page:
        page.goto("/search?q=nurses+OR+food&order=critical&page=2")
        assert violations(page) == [] and not page.faults
        page.goto("/search?q=(nurses")
        assert violations(page) == []
    assert [each.name for each in saved_searches.of(made.settings, "m.farrow")] == ["Nurses, negative"]


def test_a_coder_codes_by_keyboard(served: tuple[str, Site]) -> None:
    address, made = served
    with browsing(address, DESK, said_of("c.lowe", "coders")) as page:
        page.goto("/coding")
        page.get_by_role("link", name=re.compile("Sample 1")).click()
        page.get_by_role("link", name="I am KL").click()
        page.wait_for_url("**/as/KL/*")  # loaded, so that its script listens to keys
        first = page.url
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: url != first)
    (only,) = reviews.coded(made.settings)
    assert only.codes["KL"].sentiment == "negative"


def test_what_an_analyst_flags_in_two_clicks_is_in_the_next_sample(
    settings: Settings, once: Callable[[str, Callable[[Path], None]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = coding_trust(settings, once)
    monkeypatch.setenv("WORDROUND_HOME", str(trust.home))
    monkeypatch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
    with site(trust.home, address=None) as made, listening(made.application) as address:
        with browsing(address, TELEPHONE, ANALYST, script=False) as page:
            page.goto("/search?q=rude")
            comment = page.locator("figure.comment").first
            comment.get_by_text("Read wrongly?").click()
            comment.get_by_role("button", name=re.compile("^Not (negative|neutral|positive)")).click()
            assert "two people code the comment in the next sample" in page.inner_text("main")
            assert page.url.partition("#")[0].endswith("/search?q=rude") and not is_wider_than_its_window(page)
            page.get_by_text("You flagged this").first.click()
            page.get_by_role("button", name=re.compile("^Take it back")).click()
            assert comment_flags.waiting(trust).flags == 0
            page.get_by_text("Read wrongly?").first.click()
            page.get_by_role("button", name=re.compile("^Not (negative|neutral|positive)")).first.click()
        (flagged,) = comment_flags.waiting_comments(trust)
        with browsing(address, DESK, ANALYST) as page:
            page.goto("/search?q=rude")
            page.get_by_text("You flagged this").first.click()
            assert violations(page) == [] and not page.faults
            page.set_default_timeout(120_000)  # a sample is drawn by a process of its own
            page.goto("/coding")
            assert "1 flag waits for the next sample" in page.inner_text("main")
            page.get_by_label("How many comments?").fill("20")
            page.get_by_label("Who codes them?").fill("KL, ward manager")
            page.get_by_role("button", name="Draw").click()
            page.wait_for_selector("text=comments were drawn")
            assert violations(page) == []
            page.goto("/coding")
            assert "for the next sample" not in page.inner_text("main")
    assert flagged in {item.comment_id for item in reviews.items(trust).values()}


@pytest.mark.parametrize("head", [OWN, WELSH, None], ids=["own names", "Welsh names", "no header"])
def test_an_analyst_points_at_the_columns_of_a_file_that_nothing_recognises(
    served: tuple[str, Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: str | None
) -> None:
    address, _ = served
    monkeypatch.setenv("WORDROUND_HOME", str(tmp_path))
    monkeypatch.setenv("WORDROUND_CONFIG", str(PROJECT / "wordround.toml"))
    file = tmp_path / "form.csv"
    file.write_text(f"{head}\n{ROWS}" if head else ROWS, encoding="utf-8")
    with browsing(address, TELEPHONE if head is None else DESK, ANALYST, script=head is not None) as page:
        page.goto("/upload")
        page.locator("input[type=file]").set_input_files(str(file))
        page.get_by_role("button", name="Send it").click()
        page.wait_for_selector("text=It cannot be taken in as it is", timeout=60_000)
        assert NAME not in page.content() and SAID not in page.content()
        assert violations(page) == [] if head else not is_wider_than_its_window(page)
        for name, role in MAP.items():
            if name.startswith("column_"):
                page.locator(f"#{name}").select_option(role)
        page.locator("#column_C").select_option("date")
        page.get_by_role("button", name="Read it so").click()
        page.wait_for_selector("text=Column B is the date already", timeout=60_000)
        assert not is_wider_than_its_window(page)
        page.locator("#column_C").select_option("site")
        page.get_by_label("Which number is the best score?").fill("5")
        page.get_by_role("button", name="Read it so").click()
        page.wait_for_selector("text=Take it in", timeout=60_000)
        said = page.inner_text("main")
        assert "4, of which 0 are known already" in said and "2026-11-13 to 2026-11-14" in said
        assert violations(page) == [] if head else not is_wider_than_its_window(page)
        page.get_by_role("button", name="Take it in").click()
        page.wait_for_selector("text=It was taken in", timeout=120_000)
        assert re.search(r"loaded\s+3", page.inner_text("main"))
