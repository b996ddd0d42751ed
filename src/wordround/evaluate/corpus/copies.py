"""The comments that the grouping of copied text is measured with: seeded, and what each is a copy of is known.

They are made from `copies.toml` (template answers, experiences, prompts, openings, remarks) and the clean comments of
`evaluation.toml`. A template serves one half only: one half is for choosing the threshold (`development`), the other
for what is reported (`held_out`).
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import islice
from random import Random
from typing import Any, Literal, NamedTuple

from wordround.evaluate.corpus import evaluation
from wordround.evaluate.corpus.filling import Sample, misspell

SEED = 11
# Words of what is copied; copies of shorter texts are not looked for.
_LONG = 12
_TWEET, _FORM = 140, 160
_COPIES_OF_EACH = 3
_HANDLES = ("@fernvale_voice", "@carer_gwen", "<handle>", "@nhs.stories", "@ward_watch")

Half = Literal["development", "held_out"]


class Comment(NamedTuple):
    """Comments with the same `original` are copies of each other. `kind`: how it was made."""

    text: str
    original: str
    kind: str


@cache
def given() -> dict[str, Any]:
    """Return the templates written for measuring."""
    return tomllib.loads((resources.files("wordround.evaluate.corpus") / "copies.toml").read_text(encoding="utf-8"))


def comments(half: Half, seed: int = SEED) -> list[Comment]:
    """Return the comments of a half, shuffled."""
    chance = Random(f"{seed} {half}")
    own = _clean(half)
    chance.shuffle(own)
    long = [text for text in own if len(text.split()) >= _LONG]
    third = len(long) // 3
    made = [*_copied(long[:third], half, chance), *_answers(half), *_independent(long[third:], half, chance)]
    used = {comment.text for comment in made} | set(long)
    made += [Comment(text, text, "of its own") for text in own if text not in used]
    chance.shuffle(made)
    return made


def _of(half: Half, values: list[Any]) -> list[Any]:
    return values[0 if half == "development" else 1 :: 2]


def _clean(half: Half) -> list[str]:
    """Comments without an identifier, each once: two of them that differ in case alone would be copies."""
    written = {re.sub(r"\W+", " ", text.lower()): text for text in evaluation.given()["clean"]["comments"]}
    return _of(half, list(written.values()))


def _copied(originals: list[str], half: Half, chance: Random) -> Iterator[Comment]:
    """Each original with copies of it, the kinds in turn."""
    remarks = [one["text"] for one in _of(half, given()["remark"])]
    edits: dict[str, Callable[[str], str | None]] = {
        "retweet by hand": lambda text: _reshared(text, chance),
        "retweet cut short": lambda text: _cut_short(text, chance),
        "cut by a form": lambda text: text[:_FORM] if len(text) > _FORM + 20 else None,
        "quote with nothing added": lambda text: f"\u201c{text}\u201d",
        "quote with a remark": lambda text: _remarked(text, chance.choice(remarks), chance),
        "link and hashtags": lambda text: (
            f"{text} #nhs #{chance.choice(('fernvale', 'care'))} https://example.org/{chance.randrange(99)}"
        ),
        "two typing errors": lambda text: _mistyped(text, chance),
        "sentences in another order": lambda text: _reordered(text, chance),
    }
    made = Counter(dict.fromkeys(edits, 0))
    for text in originals:
        yield Comment(text, text, "original")
        possible = {kind: copy for kind, edit in edits.items() if (copy := edit(text))}
        # The rarest kinds first: not every text is long enough to be cut.
        for kind in sorted(possible, key=made.__getitem__)[:_COPIES_OF_EACH]:
            made[kind] += 1
            yield Comment(possible[kind], text, kind)


def _reshared(text: str, chance: Random) -> str:
    handle = chance.choice(_HANDLES)
    return chance.choice(
        (f"RT {handle}: {text}", f"MT {handle} {text}", f"{text} via {handle}", f'RT {handle} "{text}"')
    )


def _cut_short(text: str, chance: Random) -> str | None:
    copy = f"RT {chance.choice(_HANDLES)}: {text}"
    end = chance.choice(("\u2026", "...", " \u2026", "\u2026 https://example.org/s"))
    return copy[:_TWEET] + end if len(copy) > _TWEET + 10 else None


def _remarked(text: str, remark: str, chance: Random) -> str:
    return chance.choice((f"{remark} \u201c{text}\u201d", f'"{text}" {remark}', f"{remark} RT @carer_gwen: {text}"))


def _mistyped(text: str, chance: Random) -> str:
    """As it would be put into a second site: two typing errors, other punctuation."""
    words = [place for place, word in enumerate(text.split(" ")) if re.fullmatch("[a-zA-Z]{5,}", word)]
    parts = text.split(" ")
    for place in chance.sample(words, min(2, len(words))):
        parts[place] = misspell(Sample(parts[place], ()), chance, 1.0, in_names=False).text
    return " ".join(parts).replace(" and ", chance.choice((" and ", " & ")), 1).rstrip(".!") + chance.choice(
        ("", "!", ".")
    )


def _reordered(text: str, chance: Random) -> str | None:
    sentences = re.split(r"(?<=[.!?]) +", text)
    if len(sentences) < 2:
        return None
    return " ".join([*sentences[1:], sentences[0]]) if chance.random() < 0.5 else " ".join(reversed(sentences))


def _answers(half: Half) -> Iterator[Comment]:
    for answer in _of(half, given()["answer"]):
        for slot in answer["slot"]:
            yield Comment(answer["text"].format(slot=slot), answer["text"], "template answer")


def _independent(own: list[str], half: Half, chance: Random) -> Iterator[Comment]:
    """What looks like a copy and is none, each kind with texts of its own; the rest as it is."""
    texts = iter(own)
    for story in _of(half, given()["story"]):
        slots = {slot: chance.sample(values, len(values)) for slot, values in story.items() if slot != "text"}
        for values in zip(*slots.values(), strict=True):
            yield _alone(story["text"].format(**dict(zip(slots, values, strict=True))), "same story, other facts")
    for prompt in _of(half, given()["prompt"]):
        for text in islice(texts, 6):
            yield _alone(f"{prompt['text']} {text}", "same prompt, other story")
    for opening in _of(half, given()["opening"]):
        yield _alone(opening["text"], "shared opening alone")
        for text in islice(texts, 6):
            yield _alone(f"{opening['text']} {text}", "same opening, other text")
    stock = _of(half, given()["stock"]["short"])
    for text in islice(texts, 12):
        yield _alone(f"{chance.choice(stock)}. {text}", "stock phrase, other text")
    for phrase in stock:
        for _ in range(3):
            yield _alone(phrase, "stock phrase alone")
    yield from _quoting(texts, chance)
    for text in texts:
        yield _alone(text, "of its own")


def _quoting(texts: Iterator[str], chance: Random) -> Iterator[Comment]:
    """A quote of another comment, whole or in part, with an experience that is as long as the quote or longer."""
    for _ in range(20):
        quoted, experience = sorted(islice(texts, 2), key=len)
        yield _alone(quoted, "quoted by another")
        first = re.split(r"(?<=[.!?]) +", quoted)[0]
        both = (
            f"\u201c{quoted}\u201d {experience}",
            f"{experience} RT {chance.choice(_HANDLES)}: {quoted}",
            f"\u201c{first}\u201d {experience}",
        )
        yield _alone(chance.choice(both), "quote with an experience added")


_counter = iter(range(10**9))


def _alone(text: str, kind: str) -> Comment:
    return Comment(text, f"{kind} {next(_counter)}", kind)


def originals(half_comments: Iterable[Comment]) -> int:
    """Return how many different texts there are, copies counted once."""
    return len({comment.original for comment in half_comments})
