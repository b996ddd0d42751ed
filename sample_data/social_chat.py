"""One tweetchat: a town's evening hour that the trust hosts on a Tuesday, and the same hour of the days before.

Comes in: a seed. Goes out: lines of three networks that have one tag. The host asks five numbered questions on all
three, and answers some of what people ask. Nothing here names a service, so that no chart of one feels it.
social_chat.toml holds what is said; social_care.py how lines are made.
"""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import voices
from social_care import LONGEST, OWN, PEOPLE, fill, post
from social_lines import Line, account

TAG = "FernvaleHour"
BEGINS = datetime(2026, 5, 12, 19, tzinfo=UTC)  # 20:00 in London
DAYS_BEFORE, POSTS_A_DAY = 14, 27  # about a third of what the chat brings

_SAID = tomllib.loads((Path(__file__).resolve().parent / "social_chat.toml").read_text(encoding="utf-8"))
_SHARES = voices.mix({"bluesky": 5, "x": 3, "mastodon": 2})
# The shops and clubs that post there every evening: too few for their hour to look like a surge of many.
_REGULARS = {"bluesky": 5, "x": 4, "mastodon": 3}
_ASKED_AT = (2, 13, 24, 35, 46)  # minutes of the hour
_ORGANISATIONS = {
    "charity": (("bluesky", "mindful.valeandmoor.example"), ("x", "FernvaleFriends")),
    "other": (("mastodon", "healthwatch@social.valeandmoor.example"),),
    "nhs": (("x", "ValeMoorICB"), ("bluesky", "icb.valeandmoor.example")),
}

Lines = dict[str, list[Line]]  # by source


def lines(seed: int) -> Lines:
    """All lines of the tag, by source."""
    rng = Random(f"{seed} chat")
    made: Lines = {"bluesky": [], "mastodon": [], "x": []}
    for source, line in (*_usual(rng), *_hour(rng)):
        made[source].append(line)
    for source, reposts in (("mastodon", 3), ("x", 5)):
        made[source] += _reposts(rng, source, made[source], reposts)
    made["bluesky"] += _copies(rng, made["bluesky"])
    return made


def _usual(rng: Random) -> Iterator[tuple[str, Line]]:
    """The town's own posts in the same hour of the days before, and a few in the hour itself."""
    for days in range(DAYS_BEFORE, -1, -1):
        many = POSTS_A_DAY - 4 + int(rng.random() * 9) if days else 4
        for _ in range(many):
            source = voices.choose(rng, _SHARES)
            parts = [fill(rng, voices.pick(rng, _SAID["town"][part])) for part in ("posts", "adds")]
            when = BEGINS - timedelta(days=days) + timedelta(seconds=int(rng.random() * 3600))
            author = account(rng, source, _REGULARS[source])
            yield source, _post(rng, source, when, " ".join(filter(None, parts)), author)


def _hour(rng: Random) -> Iterator[tuple[str, Line]]:
    """The chat: what the host asks, what is answered to it and to each other, and what people ask of the host."""
    yield from _of_the_host(rng, BEGINS + timedelta(seconds=5), _SAID["host"]["welcome"])
    told: list[tuple[str, Line]] = []
    for number, minute in enumerate(_ASKED_AT):
        asked = dict(_of_the_host(rng, BEGINS + timedelta(minutes=minute), _SAID["host"]["questions"][number]))
        yield from asked.items()
        for text in _SAID["answers"][f"q{number + 1}"]:
            source = voices.choose(rng, _SHARES)
            when = asked[source].posted_at + timedelta(seconds=40 + int(500 * rng.random()))
            # Half of those who answer do so by the number alone.
            under = {"reply_to": asked[source].id, "extra": {"to": asked[source].author}} if rng.random() < 0.5 else {}
            told.append((source, _post(rng, source, when, fill(rng, text), **under)))
    yield from told
    for number, text in enumerate(_SAID["replies"]["all"]):
        source, first = told[(number * 5 + 2) % len(told)]
        yield source, _under(rng, source, first, fill(rng, text))
    yield from _questions(rng)
    yield from _of_organisations(rng)
    yield from _of_the_host(rng, BEGINS + timedelta(minutes=57), _SAID["host"]["thanks"])


def _of_the_host(rng: Random, when: datetime, text: str) -> Iterator[tuple[str, Line]]:
    """The same words from the trust's account at each network, one after the other."""
    for number, source in enumerate(("bluesky", "x", "mastodon")):
        yield source, _post(rng, source, when + timedelta(seconds=20 * number), text, OWN[source][0])


def _questions(rng: Random) -> Iterator[tuple[str, Line]]:
    """What people ask of the host: some is answered within minutes, some is not."""
    welsh = (_SAID["welsh"]["question"], _SAID["welsh"]["answer"])
    answered = [*_SAID["asked"]["answered"], welsh]
    for number, (question, answer) in enumerate((*answered, *((text, "") for text in _SAID["asked"]["unanswered"]))):
        source = voices.choose(rng, _SHARES)
        when = BEGINS + timedelta(minutes=6 + number * 37 % 44, seconds=int(60 * rng.random()))
        first = _post(
            rng, source, when, question, language="cy" if question == welsh[0] else "en", replies=int(bool(answer))
        )
        yield source, first
        if answer:
            yield source, _under(rng, source, first, answer, OWN[source][0])


def _of_organisations(rng: Random) -> Iterator[tuple[str, Line]]:
    """What accounts of the register add; an answer comes after its question."""
    for kind, accounts in _ORGANISATIONS.items():
        for number, text in enumerate(_SAID["organisations"][kind]):
            source, author = accounts[number % len(accounts)]
            after = _ASKED_AT[int(text[1]) - 1] if text[0] == "A" and text[1].isdigit() else 40
            when = BEGINS + timedelta(minutes=after + 3, seconds=int(400 * rng.random()))
            yield source, _post(rng, source, when, fill(rng, text), author)


def _post(rng: Random, source: str, when: datetime, text: str, author: str = "", **more: object) -> Line:
    """A post with the tag."""
    tagged = text if f"#{TAG}" in text else f"{text} #{TAG}"
    if len(tagged) > LONGEST[source]:
        raise ValueError(f"too long for {source}: {text}")
    links = tuple(word for word in text.split() if word.startswith("https://"))
    title = _SAID["titles"].get(links[0]) if links else None
    author = author or account(rng, source, PEOPLE[source])
    return post(rng, source, when, tagged, author, links=links, link_title=title, **more)


def _under(rng: Random, source: str, to: Line, text: str, author: str = "") -> Line:
    """A reply within ten minutes."""
    when = to.posted_at + timedelta(seconds=50 + int(500 * rng.random() ** 2))
    return _post(rng, source, when, text, author, reply_to=to.id, extra={"to": to.author})


def _reposts(rng: Random, source: str, of: Sequence[Line], count: int) -> Iterator[Line]:
    """So many reposts of what was said in the hour."""
    said = [line for line in of if line.posted_at >= BEGINS and not line.reply_to]
    for _ in range(count):
        original = voices.pick(rng, said)
        when = original.posted_at + timedelta(seconds=60 + int(900 * rng.random()))
        yield post(rng, source, when, original.text, repost_of=original.id)


def _copies(rng: Random, of: Sequence[Line]) -> Iterator[Line]:
    """Two answers passed on by hand where the network lists no reposts, and a question under a pointing finger."""
    said = [line for line in of if line.posted_at >= BEGINS and len(line.text) < LONGEST["bluesky"] - 30]
    for original in (said[9], said[17]):
        when = original.posted_at + timedelta(minutes=4, seconds=int(60 * rng.random()))
        yield post(rng, "bluesky", when, f"RT @{original.author}: {original.text}")
    yield _post(rng, "bluesky", said[1].posted_at + timedelta(minutes=6), "👇", quote_of=said[1].id)
