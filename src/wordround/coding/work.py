"""What a coder has to do: the comments of a sample one by one, blind, and what coders then settle between them.

Codes go to the records as those of filled sheets do. A coder has the comments in an order of their own, so that what
tires them falls on other comments than on the next one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from wordround.coding.settling import FEWEST_CODERS, Settled, settled
from wordround.errors import ReviewRefused
from wordround.records import reviews, roles
from wordround.records.reviews import SETTLED, Code, CodedItem, Item, Sample
from wordround.settings import Settings


@dataclass(frozen=True)
class Progress:
    """How far a sample is: of `comments`, how many each coder has coded, and how many are settled or to discuss."""

    sample: Sample
    comments: int
    by_coder: Mapping[str, int]
    settled: int
    discuss: int


def progress(settings: Settings) -> list[Progress]:
    """How far every sample is, the latest first."""
    items, coded = reviews.items(settings), reviews.coded(settings)
    found = []
    for sample_id, sample in sorted(reviews.samples(settings).items(), reverse=True):
        of_sample = [each for each in coded if each.sample_id == sample_id]
        outcomes = [outcome for each in of_sample if (outcome := settled(each.codes)) is not None]
        found.append(
            Progress(
                sample=sample,
                comments=sum(one == sample_id for one, _ in items),
                by_coder={coder: sum(coder in each.codes for each in of_sample) for coder in sample.coders},
                settled=sum(outcome.is_whole for outcome in outcomes),
                discuss=sum(not outcome.is_whole for outcome in outcomes),
            )
        )
    return found


def in_own_order(sample: Sample, coder: str, items: list[Item]) -> list[Item]:
    """The comments of a sample in the order of one coder: the same at each call, another for each coder."""
    shuffled = list(items)
    Random(f"{sample.seed} {coder}").shuffle(shuffled)  # noqa: S311  an order, and no secret
    return shuffled


def sample_of(settings: Settings, sample_id: int) -> Sample:
    """A sample. Raises ReviewRefused where there is none."""
    found = reviews.samples(settings).get(sample_id)
    if found is None:
        raise ReviewRefused("There is no such sample.")
    return found


def items_of(settings: Settings, sample: Sample) -> list[Item]:
    """Its comments."""
    return [item for (sample_id, _), item in reviews.items(settings).items() if sample_id == sample.sample_id]


def codes_of(settings: Settings, sample: Sample) -> dict[int, CodedItem]:
    """What was coded of it, by the number of the comment in it."""
    return {each.item.item: each for each in reviews.coded(settings) if each.sample_id == sample.sample_id}


def code(settings: Settings, sample: Sample, coder: str, item: int, said: Code) -> None:
    """Store what a coder says of a comment, in place of what they said before. Raises ReviewRefused.

    A coder whose comment is settled cannot change it any more: the settled code rests on what both have said.
    """
    if not any(roles.is_same(coder, each) for each in sample.coders):
        raise ReviewRefused("Nobody codes this sample under that name.")
    _require(settings, sample, item)
    before = codes_of(settings, sample).get(item)
    if before and SETTLED in before.codes:
        raise ReviewRefused("This comment is settled. Whoever settled it can change that.")
    reviews.replace(settings, {(sample.sample_id, item, coder): said})


def settle(settings: Settings, sample: Sample, item: int, said: Code) -> None:
    """Store what coders have settled of a comment that they coded. Raises ReviewRefused."""
    _require(settings, sample, item)
    before = codes_of(settings, sample).get(item)
    if before is None or sum(coder != SETTLED for coder in before.codes) < FEWEST_CODERS:
        raise ReviewRefused("Two people have to code a comment before it can be settled.")
    reviews.replace(settings, {(sample.sample_id, item, SETTLED): said})


def to_discuss(settings: Settings, sample: Sample) -> list[tuple[CodedItem, Settled]]:
    """The comments on which its coders do not agree, with what they agree on."""
    waiting = []
    for each in codes_of(settings, sample).values():
        outcome = settled(each.codes)
        if outcome is not None and not outcome.is_whole:
            waiting.append((each, outcome))
    return waiting


def _require(settings: Settings, sample: Sample, item: int) -> None:
    if (sample.sample_id, item) not in reviews.items(settings):
        raise ReviewRefused("This comment is no longer in the sample: it was erased since.")
