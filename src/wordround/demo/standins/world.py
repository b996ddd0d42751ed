"""What people posted, before any source gives it a shape: the stand-ins are made of these."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

_OPENINGS = (
    "Spent the night on Kestrel Ward",
    "My mum was on Heron Ward last week",
    "Third appointment at the Memory Clinic",
    "Rang the crisis team at two in the morning",
    "First session with talking therapies today",
    "Discharged from Fernvale this afternoon",
)
_MIDDLES = (
    "and the nurses could not have been kinder",
    "and nobody told us what was happening for six hours",
    "and the waiting room was freezing again",
    "and for once I felt listened to",
    "and they had lost the referral for the second time",
    "and the food was better than at home",
)
_ENDS = ("Thank you all.", "Not good enough.", "I hope somebody reads this.", "Is that normal?", "Never again.")


@dataclass(frozen=True)
class Post:
    """One post, comment, review or story, as its writer made it and as the source holds it."""

    id: str
    text: str
    posted_at: datetime
    author: str = "ann"
    received_at: datetime | None = None  # by the source; else when it was posted
    edited_at: datetime | None = None
    title: str | None = None
    language: str = "en"
    reply_to: str | None = None
    quote_of: str | None = None
    repost_of: str | None = None
    links: tuple[str, ...] = ()
    link_title: str | None = None  # of the page of the first link, as the source shows it beside the post
    mentions: tuple[str, ...] = ()
    likes: int = 0
    shares: int = 0
    replies: int = 0
    rating: int | None = None
    place: str = ""  # the source's own: a community, a location, an instance, a service
    role: str | None = None
    is_deleted: bool = False
    is_private: bool = False
    is_opted_out: bool = False
    is_bot: bool = False
    extra: dict[str, object] = field(default_factory=dict, hash=False)

    @property
    def received(self) -> datetime:
        """When the source received it."""
        return self.received_at or self.posted_at

    def but(self, **changes: object) -> "Post":
        """The same post, changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def posts(
    count: int, tag: str = "FernvaleNHS", until: datetime = NOON, every: timedelta = timedelta(minutes=7), seed: int = 1
) -> list[Post]:
    """Return so many different posts with a hashtag, newest first, one each `every`."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        words = f"{chance.choice(_OPENINGS)} {chance.choice(_MIDDLES)}. {chance.choice(_ENDS)}"
        made.append(
            Post(
                id=f"{seed}{number:07}",
                text=f"{words} Visit {number}. #{tag}",
                posted_at=until - every * number,
                author=f"writer{chance.randrange(max(2, count // 3))}",
                likes=chance.randrange(30),
                shares=chance.randrange(5),
                replies=chance.randrange(9),
            )
        )
    return made
