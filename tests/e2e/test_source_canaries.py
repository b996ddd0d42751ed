"""Canaries through every source that is asked: what names a person goes in at its stand-in and is sought in all that
was written, logged and returned. Every identifier here is invented or of a range that is kept for examples.
"""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest

from tests.fixtures.canary_files import DRAWN, SENTENCES, TELLING
from tests.fixtures.every_source import SOURCES, under_media
from tests.fixtures.legible import Search, files_below, legible
from tests.fixtures.poisoned import Poison, poisoned
from tests.fixtures.social import GOVERNANCE
from wordround import credentials, pipeline
from wordround.collect import queries
from wordround.connectors import registry
from wordround.connectors.asking.fetching import Fetcher
from wordround.demo.standins.world import Post
from wordround.errors import Incomplete

ID = 7_731_000_000
TODAY = datetime.now(UTC).date()


def world(source: str) -> list[Post]:
    place = {"care_opinion": "XFV", "nhs_reviews": "XFV01"}.get(source, "")
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=3)
    return [
        Post(
            id=str(ID + number),
            text=f"{said} #FernvaleNHS",
            posted_at=now - timedelta(minutes=number),
            author=f"zqauthor{number % 9}",
            title=said if source in ("care_opinion", "reddit", "nhs_reviews") else None,
            # Of a page that somebody's post points to, as its network shows it.
            links=("https://www.nhs.uk/help",) if source in ("bluesky", "mastodon", "facebook") else (),
            link_title=said,
            place=place,
            rating=4,
            is_opted_out=number == 3,
        )
        for number, said in enumerate([*SENTENCES, TELLING])
    ]


def block(source: str, standin, module) -> str:
    _, more, query, _ = SOURCES[source]
    own = "/v4" if source == "google_reviews" else ""
    fill = {"{address}": standin.address, "{path}": getattr(standin, "path", "")}
    lines = [f"[sources.{source}]", "enabled = true", f"since = {TODAY - timedelta(days=2)}"]
    if source not in ("mastodon", "feeds"):
        lines.append(f'address = "{standin.address}{own}"')
    asked = {name: [getattr(module, one, one) for one in values] for name, values in query.items()}
    written = [f"{name} = {json.dumps(value)}" for name, value in more.items()]
    written += [f"[[sources.{source}.queries]]", 'id = "canaries"']
    written += [f"{name} = {json.dumps(value)}" for name, value in asked.items()]
    for name, value in fill.items():
        written = [line.replace(name, value) for line in written]
    return "\n".join([*lines, *written]) + GOVERNANCE.format(source=source)


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_that_names_a_person_is_left_by_a_source(source, settings_with, monkeypatch, caplog, capsys):
    module = import_module(f"wordround.demo.standins.{source}")
    kind, *_, secrets = SOURCES[source]
    for name, constant in secrets.items():
        monkeypatch.setenv(credentials.variable(source, name), getattr(module, constant))
    with getattr(module, kind)(under_media(source, world(source))) as standin, caplog.at_level(logging.DEBUG):
        if source == "feeds":
            standin.shows = 100
        settings = settings_with(added=block(source, standin, module))
        collected = pipeline.collect(settings, source, TODAY)
        rows = pipeline.load(settings)["rows"]
        pipeline.understand(settings)
    assert collected["refused"] == []
    assert rows["in"] >= len(SENTENCES), "there is something to search"
    assert rows["loaded"] >= len(SENTENCES) - rows["refused"] - rows["quarantined"]
    sought = {name: canary.sought for name, canary in DRAWN.items()}
    sought |= {"author": ("zqauthor",), "id": (str(ID)[:8],)}
    sought |= {name: (getattr(module, constant),) for name, constant in secrets.items()}
    search = Search(sought)
    left = {
        path.relative_to(settings.home).as_posix(): found
        for path in files_below(settings.home)
        if (found := search.names_in(legible(path)))
    }
    assert left == {}
    told = caplog.text + "".join(capsys.readouterr()) + json.dumps([collected, rows])
    assert search.names_in(told.encode()) == set()


@pytest.mark.parametrize("source", SOURCES)
def test_no_field_of_an_answer_is_a_door(source, settings_with, monkeypatch, caplog, capsys):
    """Every string of every row is replaced in turn, whatever it is for: ids, dates, labels, links, roles, places."""
    module = import_module(f"wordround.demo.standins.{source}")
    kind, *_, secrets = SOURCES[source]
    for name, constant in secrets.items():
        monkeypatch.setenv(credentials.variable(source, name), getattr(module, constant))
    odd = [DRAWN[name].sentence.title().replace(" ", "") for name in ("patient", "relative", "staff with title")]
    poison = Poison([*SENTENCES, TELLING, *odd, *(f"https://{one.lower()}.example/a" for one in odd)])
    monkeypatch.setattr(Fetcher, "fetch", poisoned(Fetcher.fetch, poison))
    # One that has opted out has fields of its own.
    copied = [post for post in world(source) for _ in range(12 if post.is_opted_out else 3)]
    posts = [replace(post, id=f"{post.id}{number}") for number, post in enumerate(copied)]
    with getattr(module, kind)(under_media(source, posts)) as standin, caplog.at_level(logging.DEBUG):
        if source == "feeds":
            standin.shows = 200
        settings = settings_with(added=block(source, standin, module))
        outcome = queries.collect(settings, source, TODAY, credentials.of(source)).parts()
        rows = pipeline.load(settings)["rows"]
    assert rows["in"] > 0, outcome
    assert poison.fields == poison.seen, "each field had its turn"
    search = Search({name: canary.sought for name, canary in DRAWN.items()})
    left = {
        path.relative_to(settings.home).as_posix(): found
        for path in files_below(settings.home)
        if (found := search.names_in(legible(path)))
    }
    assert left == {}
    told = caplog.text + "".join(capsys.readouterr()) + json.dumps([outcome, rows], default=str)
    assert search.names_in(told.encode()) == set()


TABLE = """[sources.file]
enabled = true

[sources.file.layouts.enquiries]
kind = "story"
id = "Case"
date = "Received"
locations = ["Ward"]
text = "Enquiry"
rating = "Stars"
rating_max = 5

[sources.file.layouts.everything]
kind = "review"
id = "Ref"
respondent = "Person"
trust = "Trust"
date = "Day"
locations = ["Place 1", "Place 2", "Place 3"]
site_code = "Site"
title = "Headline"
text = "Words"
question = "Asked"
author_role = "Who"
language = "Tongue"
"""


def test_nothing_that_names_a_person_is_left_by_any_table(settings_with, caplog, capsys):
    with caplog.at_level(logging.DEBUG):
        settings = settings_with(added=TABLE + GOVERNANCE.format(source="file").replace("9(2)(e)", "9(2)(h)"))
        folder = settings.home / "inbox" / "file"
        folder.mkdir(parents=True)
        rows = [
            {"Case": f"ZQ{ID + n}", "Received": str(TODAY), "Ward": "Kestrel Ward", "Enquiry": said, "Stars": n % 8}
            | {"Contact": "zqauthor", "Ring": said}
            for n, said in enumerate([*SENTENCES, TELLING])
        ]
        lines = [*map(json.dumps, rows), '{"Case": "ZQ7731999999", "Enquiry": "' + TELLING]
        (folder / "enquiries.jsonl").write_text("\n".join(lines))
        collected = pipeline.collect(settings, "file", TODAY)
        loaded = pipeline.load(settings)["rows"]
        (folder / "enquiries.jsonl").unlink()
    assert loaded["loaded"] > 0
    assert loaded["quarantined"] == 1, "a broken line"
    search = Search({name: c.sought for name, c in DRAWN.items()} | {"row": (str(ID)[:8],), "contact": ("zqauthor",)})
    left = [path for path in files_below(settings.home) if search.names_in(legible(path))]
    assert left == []
    told = caplog.text + "".join(capsys.readouterr()) + json.dumps([collected, loaded])
    assert search.names_in(told.encode()) == set()


def test_no_column_of_a_table_is_a_door(settings_with, caplog, capsys):
    settings = settings_with(added=TABLE + GOVERNANCE.format(source="file").replace("9(2)(e)", "9(2)(h)"))
    layout = settings.sources.file.layouts["everything"]
    assert set(layout.columns) == {
        cell for name in type(layout).model_fields for cell in as_tuple(getattr(layout, name)) if cell[0].isupper()
    }, "a new key of a layout is fed here too"
    folder = settings.home / "inbox" / "file"
    folder.mkdir(parents=True)
    fine = dict.fromkeys(layout.columns, "Fine") | {"Day": str(TODAY)}
    said = [(column, one) for column in layout.columns for one in [*SENTENCES, TELLING, DRAWN["patient"].value]]
    rows = [{**fine, "Ref": f"R{n}", column: one} for n, (column, one) in enumerate(said)]
    with caplog.at_level(logging.DEBUG):
        (folder / "all.jsonl").write_text("\n".join(map(json.dumps, rows)))
        # A header that is somebody's words, beside columns that fit nearly.
        header = ",".join([*layout.columns[:-2], *(f'"{one}"' for one in (*SENTENCES, DRAWN["patient"].value))])
        (folder / f"{DRAWN['patient'].value}.csv").write_text(header + "\nnothing")
        with pytest.raises(Incomplete) as refused:
            pipeline.collect(settings, "file", TODAY)
        loaded = pipeline.load(settings)["rows"]
    for path in folder.iterdir():
        path.unlink()
    assert "The file has: " in str(refused.value)
    assert loaded["loaded"] > len(SENTENCES)
    search = Search({name: c.sought for name, c in DRAWN.items()})
    left = {path.name: found for path in files_below(settings.home) if (found := search.names_in(legible(path)))}
    assert left == {}
    told = caplog.text + "".join(capsys.readouterr()) + str(refused.value)
    assert search.names_in(told.encode()) == set()


def as_tuple(value: object) -> tuple[str, ...]:
    return tuple(one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str) and one)


def test_every_source_that_is_asked_is_among_these():
    assert set(SOURCES) == {name for name in registry.terms() if registry.is_asked(name)}
