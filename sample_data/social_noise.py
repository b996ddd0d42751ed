"""Posts that a search brings and that are no experience of care, and what people and machines do to posts.

Comes in: a random generator, a source, a moment. Goes out: lines. Nothing here depends on how a service is doing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

import voices
from social_care import LONGEST, OWN, PHRASES, fill, post
from social_lines import Line, account

# Some of them are in the registry of organisations' accounts, as at any trust.
_OTHERS = {
    "bluesky": ("charity.fernvale.example", "icb.valeandmoor.example", "mindful.valeandmoor.example", "fernvalecarers"),
    "mastodon": ("healthwatch@social.valeandmoor.example", "fernvalecarers", "fernvalecarers"),
    "x": ("FernvaleFriends", "ValeMoorICB", "FernvaleCouncil", "fernvalecarers"),
}
_NEWSROOMS = {
    "bluesky": ("echo.example", "news.valeradio.example", "ridgegazette"),
    "mastodon": ("ridgegazette", "countydesk"),
    "x": ("FernvaleEcho", "ridgegazette", "countydesk"),
}
_RECRUITER = {"bluesky": "jobs.fernvale.example"}
_LINK = "https://www.example.org/fernvale/"


def of_an_organisation(rng: Random, source: str, when: datetime, week: int) -> list[Line]:
    """The trust's own post, or another organisation's."""
    if rng.random() < 0.7:
        text, author = _with_more(rng, "organisation", "own"), voices.pick(rng, OWN[source])
        return [post(rng, source, when, f"{text} #FernvaleNHS", author)]
    text = _with_more(rng, "organisation", "other")
    return [post(rng, source, when, text, voices.pick(rng, _OTHERS[source]))]


def in_the_news(rng: Random, source: str, when: datetime, week: int) -> list[Line]:
    """A headline with a link, or a campaign."""
    if rng.random() < 0.4:
        return [post(rng, source, when, _placed(fill(rng, voices.pick(rng, PHRASES["news"]["campaign"]))))]
    link = f"{_LINK}{int(rng.random() * 90_000) + 10_000}"
    text = f"{fill(rng, voices.pick(rng, PHRASES['news']['news']))} {link}"
    author = voices.pick(rng, _NEWSROOMS[source]) if rng.random() < 0.6 else ""
    return [post(rng, source, when, text, author, links=(link,))]


def advert(rng: Random, source: str, when: datetime, week: int) -> list[Line]:
    """A vacancy of the trust or of somebody else, or something for sale."""
    kind = "vacancy" if rng.random() < 0.6 else "advert"
    author = _RECRUITER.get(source, OWN[source][0]) if kind == "vacancy" and rng.random() < 0.5 else ""
    return [post(rng, source, when, _placed(fill(rng, voices.pick(rng, PHRASES["news"][kind]))), author)]


def question(rng: Random, source: str, when: datetime, week: int) -> list[Line]:
    """A practical question."""
    return [post(rng, source, when, _placed(fill(rng, voices.pick(rng, PHRASES["news"]["question"]))))]


def namesake(rng: Random, source: str, when: datetime, week: int) -> list[Line]:
    """Another Fernvale: a football club, streets, herons."""
    return [post(rng, source, when, _with_more(rng, "namesake", "all"))]


def of_a_machine(rng: Random, source: str, when: datetime, week: int) -> list[Line]:
    """What an account posts that says it is a bot."""
    text = fill(rng, voices.pick(rng, PHRASES["machine"]["bot"]))
    return [post(rng, source, when, text, "fernvalebot42", is_bot=True)]


def _with_more(rng: Random, group: str, kind: str) -> str:
    """A post, and more often than not a sentence that others do not add to it."""
    text = fill(rng, voices.pick(rng, PHRASES[group][kind]))
    return f"{text} {fill(rng, voices.pick(rng, PHRASES[group]['adds']))}" if rng.random() < 0.8 else text


def _placed(text: str) -> str:
    return text if "fernvale" in text.lower() else f"{text} #FernvaleNHS"


def mishaps(rng: Random, source: str, lines: Iterable[Line]) -> Iterator[Line]:
    """The posts, of which now and then a person's is edited, private, deleted, of forged date or not to be read."""
    organisations = {*OWN[source], *_OTHERS[source], *_NEWSROOMS[source], _RECRUITER.get(source)}
    of_people = 0
    for line in lines:
        if line.is_bot or line.author in organisations:
            yield line
            continue
        # As if drawn, and yet so many in every two hundred, that a small file has each of them too.
        yield _mishap(rng, source, line, of_people * 61 % 200 / 200)
        of_people += 1


def _mishap(rng: Random, source: str, line: Line, drawn: float) -> Line:
    # Who is private or has opted out is so in every post, so each of these is somebody who posts once.
    alone = f"{account(rng, source, 10_000)}q"
    if drawn < 0.015:
        return line.but(is_private=True, author=alone)
    if drawn < 0.035:
        return line.but(is_opted_out=True, author=alone)
    if drawn < 0.045:
        return line.but(is_deleted=True)
    if drawn < 0.060 and source != "bluesky":
        return line.but(edited_at=line.posted_at + timedelta(minutes=11))
    if drawn < 0.075 and source == "bluesky":
        # A client may claim any moment; the network knows when it saw the post.
        claimed = timedelta(days=-3) if drawn < 0.068 else timedelta(days=400)
        return line.but(posted_at=line.posted_at + claimed, received_at=line.posted_at)
    return line


def copies(rng: Random, source: str, lines: Sequence[Line], count: int) -> list[Line]:
    """So many reposts of what others wrote: native where the source lists them, else by hand."""
    native = {"bluesky": 0.0, "mastodon": 0.7, "x": 0.7}[source]
    popular = [line for line in lines if line.language == "en" and not _is_out_of_sight(line)][::7]
    made = []
    for _ in range(count):
        original = voices.pick(rng, popular)
        when = (original.received_at or original.posted_at) + timedelta(minutes=5 + int(4000 * rng.random() ** 2))
        drawn = rng.random()
        if drawn < native:
            made.append(post(rng, source, when, original.text, repost_of=original.id))
        elif drawn < native + (1 - native) / 2:
            by_hand = f"RT @{original.author.partition('@')[0]}: {original.text}"
            made.append(post(rng, source, when, by_hand[: LONGEST[source]]))
        else:
            made.append(post(rng, source, when, _nothing_added(rng, original), quote_of=original.id))
    return made


def _nothing_added(rng: Random, original: Line) -> str:
    tags = [word for word in original.text.split() if word.startswith("#")] or ["#FernvaleNHS"]
    return f"{voices.pick(rng, ('👇', '💙', '👏', ''))} {tags[-1]}".strip()


def _is_out_of_sight(line: Line) -> bool:
    return line.is_deleted or line.is_private or line.is_opted_out or line.is_bot or bool(line.reply_to)
