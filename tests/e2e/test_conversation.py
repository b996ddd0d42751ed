"""A conversation from stand-in servers to its summary: people's codes come out as the table that they made."""

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from tests.fixtures import conversation
from tests.fixtures.chains import build_all, rows
from tests.fixtures.social import GOVERNANCE
from wordround import pipeline
from wordround.demo.standins.bluesky import LOGIN, PASSWORD, Bluesky
from wordround.demo.standins.mastodon import Mastodon
from wordround.reports.conversation import write
from wordround.review import drawing, importing
from wordround.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture
def trust(settings_with: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> Settings:
    begins = conversation.begins_on()
    ends = begins + timedelta(days=2)
    for name, value in (("LOGIN", LOGIN), ("PASSWORD", PASSWORD)):
        monkeypatch.setenv(f"WORDROUND_BLUESKY_{name}", value)
    first, second = conversation.posts(begins)
    with Bluesky(first) as bluesky, Mastodon(second) as mastodon:
        blocks = [
            f'[sources.{name}]\nenabled = true\n{where}\n[[sources.{name}.queries]]\nid = "own"\n'
            f'hashtags = ["FernvaleNHS"]\n{GOVERNANCE.format(source=name)}'
            for name, where in (
                ("bluesky", f'address = "{bluesky.address}"'), ("mastodon", f'instances = ["{mastodon.address}"]'),
            )
        ]  # fmt: skip
        declared = (
            f'[[conversations]]\nname = "dear_fernvale"\nlabel = "Dear Fernvale"\ntags = ["{conversation.TAG}"]\n'
            f"begins = {begins.isoformat()}\nends = {ends.isoformat()}\n"
        )
        settings = settings_with(added="\n".join([*blocks, declared]))
        collected = pipeline.collect_conversation(settings, "dear_fernvale", begins.date(), ends.date())
        assert list(collected["refused"]) == []
        yield settings


_HEADINGS = {text: heading for text, _, heading in conversation.texts()}


def code_by_two(settings: Settings, folder: Path) -> int:
    """Draw all contributions, let two coders code each as it was meant, and take their sheets in."""
    drawn = drawing.sample(settings, 600, folder / "codes.csv", ["AB", "CD"], conversation="dear_fernvale")
    for path in (folder / "codes-AB.csv", folder / "codes-CD.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        for line in lines:
            line |= {"sentiment": "neutral", "theme 1": _HEADINGS[line["comment"]], "polarity 1": "neutral"}
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, lines[0])
            writer.writeheader()
            writer.writerows(lines)
    taken = importing.take(settings, [folder / "codes-AB.csv", folder / "codes-CD.csv"])
    assert [(state.coded, state.discuss) for state in taken.samples] == [(drawn.comments, 0)]
    return drawn.comments


def test_people_s_codes_come_out_as_the_table_that_they_made(trust: Settings, tmp_path: Path) -> None:
    pipeline.understand(trust)
    pipeline.build(trust)
    assert code_by_two(trust, tmp_path) == 515, "without reposts and copies"
    build_all(trust)
    found = rows(
        trust,
        """select themes.theme_label, majors.theme_label, counts.contribution_count
           from marts.fct_conversation_themes as counts
           inner join marts.dim_themes as themes using (theme_code)
           inner join marts.dim_themes as majors on themes.major_code = majors.theme_code
           where themes.frame_code = 'lived_experience' and counts.conversation_id = 'dear_fernvale'""",
    )
    counts = {(major, label): count for label, major, count in found}
    expected = {
        (theme, heading): count for theme, headings in conversation.TABLE.items() for heading, count in headings.items()
    } | {(theme, theme): total for theme, total in zip(conversation.TABLE, conversation.TOTALS, strict=True)}
    assert counts == expected
    counted = rows(
        trust,
        "select contribution_count, reshare_count, copy_count from marts.fct_conversations "
        "where conversation_id = 'dear_fernvale'",
    )
    assert counted == [(515, conversation.RESHARES, conversation.COPIES)]
    assert table(write(trust, "dear_fernvale", is_exact=True)) == {
        label: count for (_, label), count in sorted(expected.items(), key=lambda each: each[0][0] == each[0][1])
    } | {"Mentions in all": 515}
    made = write(trust, "dear_fernvale")
    shown = table(made)
    words = " ".join(html.fromstring(made.page.read_text(encoding="utf-8")).text_content().split())
    assert "515 posts were coded by two people or more. They agree by 1.00 (1.00 to 1.00)" in words
    assert all(count is None or count > 4 for count in shown.values()), "small numbers are hidden where it is passed on"
    assert shown["Thanks"] == 75
    for headings in conversation.TABLE.values():
        hidden = [count for heading, count in headings.items() if shown[heading] is None]
        assert not hidden or (len(hidden) > 1 and sum(hidden) > 4), "no hidden number follows from those that are shown"


def table(written: object) -> dict[str, int | None]:
    """The table of themes on the page: label and count, None where it is hidden."""
    page = html.fromstring(written.page.read_text(encoding="utf-8"))
    (found,) = [each for each in page.iter("table") if "Lived experience" in each.findtext("caption")]
    cells = [[cell.text_content() for cell in row] for row in found.find("tbody")]
    return {label: None if count == "*" else int(count) for label, count, *_ in cells}
