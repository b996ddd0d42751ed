"""Posts, stories and blog comments of people who were there: patients and carers, praise and complaint.

Comes in: a random generator, a source, a moment and the index of its week, which says how a service is doing. Goes out:
lines. What is said of a service is the survey's (make_sample_data.mood, voices.py); how people begin, mock, answer and
quote is social_phrases.toml.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import make_sample_data as survey
import voices
from social_lines import Line, account, id_at

PHRASES = tomllib.loads((Path(__file__).resolve().parent / "social_phrases.toml").read_text(encoding="utf-8"))
PEOPLE = {"bluesky": 190, "mastodon": 70, "x": 150, "care_opinion": 400, "feeds": 50}
LONGEST = {"bluesky": 300, "mastodon": 500, "x": 280}
_SAID = PHRASES["experience"]


@dataclass(frozen=True)
class Place:
    """A service as people post about it. `weight`: how much is posted; `account`: where they write to it."""

    service: survey.Service
    names: tuple[str, ...]
    hashtag: str
    weight: float
    site_code: str
    is_ward: bool = False
    account: dict[str, str] | None = None


_BY_NAME = {service.spellings[0]: service for service in survey.SERVICES}
PLACES = (
    Place(survey.CRISIS, ("the crisis team", "Fernvale crisis team", "CRHT"), "FernvaleCrisis", 28, "XFV02",
          account={"bluesky": "crisis.fernvale.example"}),
    Place(survey.KESTREL, ("Kestrel Ward", "Kestrel ward", "kestrel ward"), "KestrelWard", 26, "XFV01", is_ward=True),
    Place(_BY_NAME["Heron Ward"], ("Heron Ward", "heron ward"), "HeronWard", 7, "XFV01", is_ward=True),
    Place(_BY_NAME["Community Mental Health Team"], ("the community mental health team", "the CMHT", "CMHT"),
          "FernvaleCMHT", 13, "XFV03", account={"mastodon": "community@social.fernvale.example"}),
    Place(_BY_NAME["Talking Therapies"], ("Talking Therapies", "talking therapies", "IAPT"), "FernvaleTalking", 11,
          "XFV03", account={"bluesky": "talking.fernvale.example", "mastodon": "talking@social.fernvale.example"}),
    Place(_BY_NAME["CAMHS"], ("CAMHS", "camhs"), "FernvaleCAMHS", 11, "XFV04",
          account={"bluesky": "camhs.fernvale.example"}),
    Place(_BY_NAME["Memory Clinic"], ("the Memory Clinic", "the memory clinic"), "FernvaleMemory", 4, "XFV04"),
    Place(_BY_NAME["Perinatal Mental Health Service"], ("the perinatal team", "perinatal mental health"),
          "FernvalePerinatal", 2, "XFV02"),
)  # fmt: skip
_WEIGHTS = voices.mix({place.hashtag: place.weight for place in PLACES})
_BY_TAG = {place.hashtag: place for place in PLACES}


def somewhere(rng: Random) -> Place:
    """A service, by how much is posted about it."""
    return _BY_TAG[voices.choose(rng, _WEIGHTS)]


def fill(rng: Random, template: str, place: Place | None = None, remark: str = "") -> str:
    """A template of social_phrases.toml as a sentence, beginning with a capital more often than not."""
    named = template.replace("{service}", voices.pick(rng, place.names) if place else "the team")
    named = named.replace("{remark}", remark).replace("{nn_digits}", f"{int(rng.random() * 90) + 10}")
    text = voices.filled(rng, named).strip()
    return text[:1].upper() + text[1:] if rng.random() < 0.85 else text


def feeling(rng: Random, place: Place, week: int) -> tuple[str, voices.Mix]:
    """Whether a remark praises or complains in that week, and what it may be about."""
    _, negative, about = survey.mood(place.service, week)
    return "negative" if rng.random() < negative else "positive", about


def remark(rng: Random, place: Place, week: int) -> str:
    """One remark about a service in that week."""
    return voices.clause(rng, *feeling(rng, place, week))


def story(rng: Random, place: Place, week: int) -> str:
    """What somebody tells of their own care, or of their family's."""
    drawn, polarity_about = rng.random(), feeling(rng, place, week)
    if polarity_about[0] == "negative" and drawn < 0.16:
        return fill(rng, voices.pick(rng, _SAID["sarcasm"]), place)
    if drawn > 0.92:
        return fill(rng, voices.pick(rng, _SAID["vague"]), place)
    who = "patient" if rng.random() < 0.6 else "carer"
    opening = "no_service" if rng.random() < 0.08 else f"{who}_{'ward' if place.is_ward else 'team'}"
    remarks = [voices.clause(rng, *polarity_about) for _ in range(1 + (rng.random() < 0.45))]
    body = voices.typed(rng, " and ".join(remarks) if rng.random() < 0.5 else ". ".join(remarks))
    end = _end(rng, polarity_about[0])
    body += "." if end[:1].isalnum() and body[-1:].isalnum() else ""
    return " ".join(filter(None, [fill(rng, voices.pick(rng, _SAID[opening]), place), body, end]))


def _end(rng: Random, polarity: str) -> str:
    drawn = rng.random()
    if drawn < 0.03:
        return voices.identifier(rng)
    return voices.pick(rng, _SAID[f"emoji_{polarity}" if drawn < 0.25 else "ends"])


def addressed(rng: Random, source: str, text: str, place: Place) -> str:
    """The text as it is found: with the service's hashtag, the trust's, the account of the service, or all in words."""
    handle = (place.account or {}).get(source)
    drawn = rng.random()
    if handle and drawn < 0.4:
        text = f"@{handle} {text}"
    elif drawn < 0.75:
        text = f"{text} #{place.hashtag}"
    elif drawn < 0.92 or "fernvale" not in text.lower():
        text = f"{text} #FernvaleNHS"
    if len(text) <= LONGEST[source]:
        return text
    tail = f" #{place.hashtag}"
    return text[: LONGEST[source] - len(tail) - 2].rsplit(" ", 1)[0] + "…" + tail


_FOLLOWERS = 846  # of the trust's account, on whichever day somebody asks


def post(rng: Random, source: str, when: datetime, text: str, author: str = "", **more: object) -> Line:
    """A post with the usual small numbers under it."""
    counts = {"likes": int(12 * rng.random() ** 3), "shares": int(4 * rng.random() ** 3)}
    author = author or account(rng, source, PEOPLE[source])
    line = Line(id_at(rng, source, when), text, when, author).but(**counts).but(**more)
    is_ours = source == "mastodon" and author == OWN[source][0]
    return line.but(extra=line.extra | {"followers": _FOLLOWERS}) if is_ours else line


def experience(rng: Random, source: str, when: datetime, week: int) -> list[Line]:
    """Somebody tells how it was."""
    place = somewhere(rng)
    return [post(rng, source, when, addressed(rng, source, story(rng, place, week), place))]


def thread(rng: Random, source: str, when: datetime, week: int) -> list[Line]:
    """Somebody tells it in two posts."""
    place = somewhere(rng)
    first = post(rng, source, when, addressed(rng, source, story(rng, place, week), place), replies=1)
    more = fill(rng, voices.pick(rng, _SAID["more"]), place, remark(rng, place, week))
    return [first, reply(rng, source, first, addressed(rng, source, more, place), first.author)]


def reply(rng: Random, source: str, to: Line, text: str, author: str = "") -> Line:
    """An answer, some minutes to a day later."""
    when = to.posted_at + timedelta(minutes=2 + int(1400 * rng.random() ** 3), seconds=int(rng.random() * 60))
    return post(rng, source, when, text, author, reply_to=to.id, extra={"to": to.author})


def answered(rng: Random, source: str, when: datetime, week: int) -> list[Line]:
    """Somebody tells it, another one knows it too, and the organisation answers."""
    place = somewhere(rng)
    first = post(rng, source, when, addressed(rng, source, story(rng, place, week), place), replies=2)
    same = fill(rng, voices.pick(rng, _SAID["same_here"]), place, remark(rng, place, week))
    answer = fill(rng, voices.pick(rng, PHRASES["organisation"]["answer"]), place)
    own = (place.account or {}).get(source) or OWN[source][0]
    official = reply(rng, source, first, f"{answer} #{place.hashtag}", own)
    return [first, reply(rng, source, first, addressed(rng, source, same, place)), official]


def quoted(rng: Random, source: str, when: datetime, week: int) -> list[Line]:
    """Somebody tells it, and another one quotes it and adds to it."""
    place = somewhere(rng)
    first = post(rng, source, when, addressed(rng, source, story(rng, place, week), place))
    over = fill(rng, voices.pick(rng, _SAID["over_a_quote"]), place, remark(rng, place, week))
    later = when + timedelta(minutes=3 + int(900 * rng.random()))
    return [first, post(rng, source, later, addressed(rng, source, over, place), quote_of=first.id)]


def in_another_language(rng: Random, source: str, when: datetime, week: int) -> list[Line]:
    """An experience in Welsh, Polish or Somali."""
    language, place = voices.pick(rng, ("cy", "cy", "pl", "so")), somewhere(rng)
    text = fill(rng, voices.pick(rng, PHRASES["other_language"][language]), place)
    return [post(rng, source, when, f"{text} #{place.hashtag}", language=language)]


# The trust's own accounts: the first is the whole trust's.
OWN = {
    "bluesky": ("fernvale.example", "crisis.fernvale.example", "talking.fernvale.example", "camhs.fernvale.example"),
    "mastodon": (
        "trust@social.fernvale.example", "community@social.fernvale.example", "talking@social.fernvale.example",
    ),
    "x": ("FernvaleNHS",),
}  # fmt: skip

_CRITICALITIES = ("minimally critical", "mildly critical", "moderately critical", "strongly critical")
_ROLES = ("the patient", "the patient", "the patient", "a relative", "a carer", "a parent/guardian", None)


def stories(rng: Random, when: Sequence[tuple[datetime, int]]) -> list[Line]:
    """Stories as Care Opinion publishes them: a title, a role, services; moderated for some days."""
    made = []
    for submitted, week in when:
        place = somewhere(rng)
        polarity, about = feeling(rng, place, week)
        title = fill(
            rng, voices.pick(rng, PHRASES["stories"]["complaint" if polarity == "negative" else "praise"]), place
        )
        text = ". ".join(voices.comment(rng, polarity, about, detailed=True) for _ in range(1 + int(rng.random() * 2)))
        criticality = voices.pick(rng, _CRITICALITIES) if polarity == "negative" else "not critical"
        services = [
            _service(place.site_code, place.service.site, "hospital", place.site_code),
            _service(f"{place.site_code}-{place.hashtag}", place.service.spellings[0], "service", place.site_code),
        ]
        line = post(
            rng, "care_opinion", submitted, text,
            title=title, place="XFV", role=voices.pick(rng, _ROLES), likes=0, shares=0,
            received_at=submitted + timedelta(hours=5 + int(rng.random() * 90)),
            extra={"criticality": criticality, "services": services},
        )  # fmt: skip
        made.append(line)
    made[17] = made[17].but(is_deleted=True)
    return [line.but(id=str(1_300_417 + 37 * number)) for number, line in enumerate(made)]


def _service(nacs: str, name: str, kind: str, site: str) -> dict[str, object]:
    trust = "Fernvale Mental Health NHS Trust (fictional)"
    return {"nacs": nacs, "name": name, "type": kind, "organisation": trust, "siteNacs": site, "links": []}


def blog_comments(rng: Random, when: Sequence[tuple[datetime, int]]) -> list[Line]:
    """Comments under posts of the trust's blog; a third of them are not about care."""
    made = []
    for posted, week in when:
        place = somewhere(rng)
        text = fill(rng, voices.pick(rng, PHRASES["blog"]["off_topic"]), place)
        if rng.random() < 0.68:
            text = f"{fill(rng, voices.pick(rng, PHRASES['blog']['begins']), place)} {story(rng, place, week)}".strip()
        under = fill(rng, voices.pick(rng, PHRASES["blog"]["posts"]), place)
        made.append(post(rng, "feeds", posted, text, likes=0, shares=0, title=under))
    return made


def told_again(rng: Random, source: str, story: Line) -> Line:
    """The same words at another place, by the same person under another name, a day or two later."""
    when = story.posted_at + timedelta(hours=8 + int(rng.random() * 40))
    text = f"{story.text} #FernvaleNHS" if source in LONGEST else story.text
    return post(rng, source, when, text)


def numbered(lines: Sequence[Line]) -> list[Line]:
    """Lines with the short numbers that a blog gives its comments."""
    ordered = sorted(lines, key=lambda line: line.posted_at)
    return [line.but(id=str(4_211 + 3 * number)) for number, line in enumerate(ordered)]
