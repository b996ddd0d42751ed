"""What a page of a conversation shows beside those told before: no count differs by a few from any of them."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from wordround.published import conversation_figures as figures
from wordround.published.conversation_figures import Summary
from wordround.published.conversations import (
    Conversation,
    CountryCount,
    Interval,
    LinkCount,
    Participants,
    PublishedConversation,
    SourcePart,
    ThemeCount,
    ThemePair,
)
from wordround.published.disclosure import HIDDEN, SmallNumbers
from wordround.published.tables import Publication

BEGINS = datetime(2026, 11, 12, 20, tzinfo=UTC)
LEAST = 5
MAJORS = ("staff", "access", "thanks")
VALENCES = ("criticism", "encouragement", "gratitude")


class Post(NamedTuple):
    kind: str
    source: str
    language: str
    minute: int
    themes: frozenset[tuple[str, str]]  # heading and valence


def made_up(chance: random.Random) -> Post:
    many = chance.choices([0, 1, 2], [1, 2, 7])[0]
    themes = {f"{chance.choice(MAJORS)} {chance.choice('ab')}": chance.choice(VALENCES) for _ in range(many)}
    return Post(
        kind=chance.choices(["not_declared", "host", "charity"], [8, 3, 1])[0],
        source=chance.choice(["Bluesky", "Mastodon"]),
        language=chance.choices(["english", "welsh", "other_language"], [9, 2, 1])[0],
        minute=chance.randrange(0, 60, 10),
        themes=frozenset(themes.items()),
    )


def counted(posts: Sequence[Post]) -> PublishedConversation:
    """The tables that dbt would make of these posts."""
    numbers = dict.fromkeys((each.name for each in fields(Conversation)), 0)
    languages = Counter(post.language for post in posts)
    conversation = Conversation(
        **numbers
        | {f"{name}_count": count for name, count in languages.items()}
        | {"contribution_count": len(posts), "voice_count": None, "begins_at": BEGINS, "ends_at": BEGINS, "tags": "#x"}
        | {"usual_unknown_reason": None, "median_host_reply_minutes": None, "times_usual": None}
    )
    minutes = Counter(post.minute for post in posts)
    return PublishedConversation(
        publication=Publication(**dict.fromkeys((each.name for each in fields(Publication)), None)),
        small_numbers=SmallNumbers(LEAST - 1),
        conversation=conversation,
        intervals=[
            Interval(BEGINS + timedelta(minutes=minute), 10, minutes[minute], 0, None) for minute in range(0, 60, 10)
        ],
        sources=[
            SourcePart(name, count, 1, 1) for name, count in sorted(Counter(post.source for post in posts).items())
        ],
        participants=[Participants(name, count, 0) for name, count in Counter(post.kind for post in posts).items()],
        themes=[*themes(posts)],
        pairs=[*pairs(posts)],
        countries=[
            CountryCount(code, count, count)
            for code, count in Counter("GB" if post.minute < 40 else "not_declared" for post in posts).items()
        ],
        links=[LinkCount("www.nhs.uk", "nhs", *(2 * [sum(post.language == "welsh" for post in posts)]))],
        link_titles=[],
    )


def majors_of(post: Post) -> set[str]:
    return {heading.split()[0] for heading, _ in post.themes}


def themes(posts: Sequence[Post]) -> Iterator[ThemeCount]:
    mentions = sum(len(majors_of(post)) for post in posts)
    having = sum(bool(post.themes) for post in posts)
    for major in MAJORS:
        for code in (major, f"{major} a", f"{major} b"):
            of = [{valence for heading, valence in post.themes if heading.startswith(code)} for post in posts]
            valences = [sum(valence in each for each in of) for valence in VALENCES]
            yield ThemeCount(
                "patient_experience", code, major, code, code == major, sum(map(bool, of)), *valences, having,
                mentions,
            )  # fmt: skip


def pairs(posts: Sequence[Post]) -> Iterator[ThemePair]:
    found = Counter(
        (one, other) for post in posts for one in majors_of(post) for other in majors_of(post) if one < other
    )
    yield from (ThemePair("patient_experience", *pair, count) for pair, count in found.most_common())


def shown(made: Summary) -> dict[str, dict[str, str]]:
    """All that is read on the page: by table, what each line says."""
    (frame,) = made.frames
    lines = {"of all": frame.total, "contributions": frame.contributions}
    for line in frame.lines:
        lines |= {f"{line.label} {name}": count for name, count in zip(VALENCES, line.parts, strict=True)}
        lines[line.label] = line.count
    return {
        "totals": dict(made.totals),
        "participants": {line.label: line.count for line in made.participants},
        "sources": {label: count for label, count, _ in made.sources},
        "languages": dict(part.rsplit(" ", 1) for part in made.languages.split(", ")),
        "intervals": {begins: words for begins, _, words, _ in figures.intervals(made)},
        "themes": lines,
        "countries": {line.label: line.count for line in made.countries},
        "links": {line.label: line.count for _, lines in made.links for line in lines},
        "overlaps": {line.label: line.count for line in frame.overlaps},
    }


def pages(chance: random.Random) -> list[dict[str, dict[str, str]]]:
    """Pages that may be approved one after the other, each made beside those before."""
    posts = {number: made_up(chance) for number in range(150)}
    kept: list[dict[int, Post]] = []
    told: list[Mapping[str, int]] = []
    found = []
    for turn in range(40):
        for _ in range(chance.randrange(1, 12)):
            number = chance.choice([*posts])
            what = chance.choice(["add", "add", "drop", "recode"])
            if what == "add":
                posts[1_000 * (turn + 1) + chance.randrange(1_000)] = made_up(chance)
            elif what == "drop":
                del posts[number]
            else:
                posts[number] = made_up(chance)
        differing = [sum(posts.get(one) != before.get(one) for one in posts.keys() | before.keys()) for before in kept]
        if any(0 < count < LEAST for count in differing):
            continue
        made = figures.make(counted([*posts.values()]), "Fernvale", before=told, is_exact=False)
        kept.append(dict(posts))
        told.append(made.told)
        found.append(shown(made))
    return found


def number(text: str | None) -> int | None:
    return None if text is None or text == HIDDEN else int(text.replace(",", ""))


@pytest.mark.parametrize("seed", range(6))
def test_no_count_differs_by_a_few_from_what_any_page_before_has_shown(seed: int) -> None:
    found = pages(random.Random(seed))
    compared = 0
    for place, page in enumerate(found):
        for before in found[:place]:
            for table, lines in page.items():
                for label, text in lines.items():
                    now, then = number(text), number(before[table].get(label))
                    if now is not None and then is not None:
                        compared += 1
                        assert now == then or abs(now - then) >= LEAST, (table, label)
    assert compared > 100, "pages do show something"


@pytest.mark.parametrize("seed", range(6))
def test_no_count_that_is_hidden_alone_follows_from_the_whole(seed: int) -> None:
    found = pages(random.Random(seed))
    for place, page in enumerate(found):
        whole = number(page["totals"]["contribution_count"])
        for before in found[:place]:
            for table in ("participants", "sources", "languages", "intervals"):
                counts = {label: number(text) for label, text in page[table].items()}
                hidden = [label for label, count in counts.items() if count is None]
                then = number(before[table].get(hidden[0])) if len(hidden) == 1 else None
                if whole is None or then is None:
                    continue
                now = whole - sum(count for count in counts.values() if count is not None)
                assert now == then or abs(now - then) >= LEAST, (table, hidden)


@pytest.mark.parametrize("seed", range(6))
def test_how_many_have_no_theme_does_not_follow_where_they_are_few(seed: int) -> None:
    found = pages(random.Random(seed))
    left = []
    for page in found:
        whole, having = number(page["totals"]["contribution_count"]), number(page["themes"]["contributions"])
        if whole is not None and having is not None:
            left.append(whole - having)
    assert left and all(one == 0 or one >= LEAST for one in left)
    assert all(one == other or abs(one - other) >= LEAST for one in left for other in left)


@pytest.mark.parametrize(("count", "says"), [(150, "150"), (147, HIDDEN), (145, "145"), (5, "5"), (3, HIDDEN)])
def test_what_nearly_all_have_tells_of_the_few_that_have_it_not(count: int, says: str) -> None:
    posts = [made_up(random.Random(one))._replace(themes=frozenset()) for one in range(150 - count)]
    staff, access = ("staff a", "criticism"), ("access a", "criticism")
    posts += [made_up(random.Random(one))._replace(themes=frozenset([staff])) for one in range(count)]
    page = shown(figures.make(counted(posts), "Fernvale", is_exact=False))
    assert page["themes"]["contributions"] == page["themes"]["staff"] == page["themes"]["of all"] == says
    # Beside another theme the total is told, so that one alone would follow.
    posts += [made_up(random.Random(one))._replace(themes=frozenset([staff, access])) for one in range(20)]
    page = shown(figures.make(counted(posts), "Fernvale", is_exact=False))
    assert (page["themes"]["staff"] == HIDDEN) == (page["themes"]["access"] == HIDDEN) == (count in (147, 3))


def test_the_same_counts_are_shown_again_as_they_were() -> None:
    published = counted([made_up(random.Random(number)) for number in range(150)])
    first = figures.make(published, "Fernvale", is_exact=False)
    again = figures.make(replace(published), "Fernvale", before=[first.told], is_exact=False)
    assert shown(again) == shown(first)
    assert any(number(text) for text in shown(first)["themes"].values())
