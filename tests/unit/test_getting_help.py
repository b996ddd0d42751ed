"""Every page and mail that the project writes says where to get help now, in the one wording."""

import html
import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.fixtures.mail_server import mail_server
from tests.fixtures.published import publish, settings_for
from wordround import getting_help, reports
from wordround.alerts import watching as alerts
from wordround.settings import PROJECT

NUMBERS = ("NHS 111", "116 123", "85258", "999")
SOURCES = [
    path
    for path in sorted((PROJECT / "src").rglob("*"))
    if path.name != "getting_help.py"
    and path.suffix in {".j2", ".py", ".html"}
    and re.search(r"</body>|<!DOCTYPE", path.read_text(encoding="utf-8"))
]


def lacking(content: str) -> list[str]:
    said = " ".join(html.unescape(re.sub("<[^>]*>", " ", content)).split())
    return [number for number in NUMBERS if number not in said]


def parts(message: EmailMessage) -> list[str]:
    """The texts of a mail, pages that are attached to it included."""
    return [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]


def test_the_search_finds_a_page_that_lacks_it() -> None:
    assert lacking("<p>Call 999</p>") == ["NHS 111", "116 123", "85258"]
    assert lacking(f"<p>{getting_help.SENTENCE}</p>") == []


def test_every_file_of_the_report_and_every_part_of_every_mail_says_it(tmp_path: Path) -> None:
    publish(tmp_path, "delete from marts.dim_services where service_id not in ('kestrel', 'heron')")
    with mail_server() as inbox:
        settings = settings_for(tmp_path, mail={"host": "127.0.0.1", "port": inbox.port})
        alerts.watch(settings)
        folder = reports.render(settings).folder
        reports.send(settings, folder)
    texts = [part for message in inbox.messages for part in parts(message)]
    assert len(inbox.messages) == 2 and len(texts) == 5
    texts += [path.read_text(encoding="utf-8") for path in folder.glob("report.*") if path.suffix != ".json"]
    assert [lacking(text) for text in texts if lacking(text)] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_whatever_makes_a_page_takes_the_words_from_the_one_place(path: Path) -> None:
    """A page that is added later is found here before anybody has rendered it."""
    source = path.read_text(encoding="utf-8")
    included = re.findall(r'{% include "([^"]+\.j2)" %}', source)
    sources = [source, *((path.parent / name).read_text(encoding="utf-8") for name in included)]
    assert any("getting_help" in each for each in sources)


def test_nothing_else_in_the_package_spells_the_numbers_out() -> None:
    copies = [
        path.name
        for path in (PROJECT / "src").rglob("*")
        if path.suffix in {".py", ".j2"} and "116 123" in path.read_text(encoding="utf-8")
    ]
    assert copies == ["getting_help.py"]
