"""Drawing a sample: from the marts as they were built last, into a sheet for each coder and the records.

Left out are comments that no reader of the marts sees (withheld, expired, of a source whose words may not be shown),
those of a source whose governance is not complete now, those of an earlier sample, and those in which
de-identification finds anything today. Coders do not see what the model made of a comment.

Comments that somebody has flagged come in addition, as a stratum of their own. Chance draws from all comments as if
nobody had flagged any, so that what it drew stands for all of them; those that were flagged stand for none, until a
later sample draws them by chance. Nothing in a sheet or on the page tells coders which they are.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import NamedTuple

from wordround.access import private
from wordround.coding.choices import choices
from wordround.coding.settling import FEWEST_CODERS
from wordround.collect import permission
from wordround.deidentify import deidentify
from wordround.errors import NothingToReview, ReviewRefused
from wordround.identity.pseudonyms import pseudonymiser
from wordround.outcomes import Outcome
from wordround.records import comment_flags, reviews, roles
from wordround.records.reviews import SETTLED, Item, Stratum
from wordround.registers.role_words import names_nobody
from wordround.review import sampling, sheets
from wordround.review.sheets import Line
from wordround.settings import Settings
from wordround.warehouse import reviewing
from wordround.warehouse.reviewing import Drawn, Population

KNOWN = (sheets.ROW, sheets.CODER, "asked", "comment")
_ASKED = {
    "what_good": "What was good?", "could_improve": "What could be better?", "nonspecific": "Why this score?",
    "survey_answer": "answer to a survey",
}  # fmt: skip


class Sampled(Outcome):
    """What was drawn: `comments` different ones of `population`, by so many `strata`, into `files`.

    `flagged`: how many of them are there because somebody had flagged them; `flags_waiting`: flags that still wait.
    """

    sample: int
    seed: int
    population: int
    comments: int
    strata: int
    flagged: int
    flags_waiting: int
    left_out: int
    files: tuple[str, ...]


class _Chosen(NamedTuple):
    """A comment of the sample with its words, its stratum, and how many comments it stands for."""

    drawn: Drawn
    stratum: int
    weight: float
    by_chance: bool = True


class _Draw(NamedTuple):
    """What chance drew, each with its stratum, and what was flagged, in the order of the flags.

    again: what chance drew and is coded already, since it was flagged: for how many comments each stands.
    """

    strata: list[Stratum]
    by_chance: list[tuple[Drawn, int]]
    again: dict[str, float]
    flagged: list[Drawn]


@private()
def sample(
    settings: Settings,
    size: int,
    out: Path | None,
    coders: Sequence[str],
    seed: int | None = None,
    by: str | None = None,
    since: date | None = None,
    until: date | None = None,
    service: str | None = None,
    conversation: str | None = None,
) -> Sampled:
    """Draw about `size` comments, and write a sheet for each coder unless `out` is None: then they code on the page.

    Raises NothingToReview, ReviewRefused.
    """
    if out is not None:
        sheets.require_format(out)
    named = _coders(coders)
    role = _role("--by", by) if by is not None else None
    chosen_seed = Random().randrange(2**31) if seed is None else seed
    drawn = _drawn(settings, size, chosen_seed, since, until, service, conversation)
    chosen, left_out = _merged(drawn, size)
    if not chosen:
        raise NothingToReview(
            "There is no comment to draw: none of these days and this service is counted, may be shown, and was in no "
            "earlier sample."
        )
    # By chance: the number of a comment would tell coders its stratum, and with that what the model made of it.
    Random(chosen_seed).shuffle(chosen)
    of_flags = sum(not one.by_chance for one in chosen)
    strata = list(drawn.strata)
    if of_flags:
        strata.append(Stratum(None, None, None, None, of_flags, of_flags, is_flagged=True))
    items = _items(settings, chosen)
    files = [] if out is None else [_file_of(out, coder) for coder in named]
    if there := [path.name for path in files if path.exists()]:
        raise ReviewRefused(f"{there[0]}: is there already, and may hold codes. Name another file.")
    sample_id = reviews.add_sample(settings, role, chosen_seed, named, strata, items, drawn.again)
    for coder, path in zip(named, files, strict=False):
        _write(path, sample_id, coder, items, chosen, Random(f"{chosen_seed} {coder}"))
    return Sampled(
        sample=sample_id,
        seed=chosen_seed,
        population=sum(stratum.comments for stratum in drawn.strata),
        comments=len(items),
        strata=len(strata),
        flagged=of_flags,
        flags_waiting=comment_flags.waiting(settings).flags,
        left_out=left_out,
        files=tuple(map(str, files)),
    )


def _drawn(
    settings: Settings,
    size: int,
    seed: int,
    since: date | None,
    until: date | None,
    service: str | None,
    conversation: str | None,
) -> _Draw:
    """Draw by chance from all comments that were not drawn so before, and look for those that are flagged."""
    allowed = [name for name, _ in settings.sources if not permission.problems(settings, name)]
    for_flags = reviews.drawn_for_flags_alone(settings)
    before = reviews.drawn_comments(settings) - for_flags
    with reviewing.population(settings, allowed, before, for_flags, since, until, service, conversation) as population:
        strata, drawn = _draw(population, size, seed)
        flagged = _flagged(settings, population, for_flags)
    again = {
        one.comment_id: strata[stratum].comments / strata[stratum].drawn
        for one, stratum in drawn
        if one.comment_id in for_flags
    }
    return _Draw(strata, [each for each in drawn if each[0].comment_id not in again], again, flagged)


def _draw(population: Population, size: int, seed: int) -> tuple[list[Stratum], list[tuple[Drawn, int]]]:
    """Return the strata and the comments of each place that was drawn, with their stratum."""
    cells = population.cells()
    of_cell = sampling.strata(cells, size)
    sizes = Counter[sampling.Key]()
    for cell, count in cells.items():
        sizes[of_cell[cell]] += count
    keys = sorted(sizes, key=lambda key: tuple(part or "" for part in key))
    drawn = sampling.allocated([sizes[key] for key in keys], size)
    chance = Random(seed)
    places = [
        (number, place)
        for number, (key, count) in enumerate(zip(keys, drawn, strict=True))
        for place in sampling.systematic(sizes[key], count, chance)
    ]
    numbers = {key: number for number, key in enumerate(keys)}
    found = population.at({cell: numbers[of_cell[cell]] for cell in cells}, places, seed) if places else []
    strata = [Stratum(*key, sizes[key], count) for key, count in zip(keys, drawn, strict=True)]
    return strata, [(one, places[one.place][0]) for one in found]


def _flagged(settings: Settings, population: Population, for_flags: Collection[str]) -> list[Drawn]:
    """Return the comments whose flags wait and that may be drawn, the first flagged first."""
    waiting = [one for one in comment_flags.waiting_comments(settings) if one not in for_flags]
    found = {one.comment_id: one for one in population.named(waiting)} if waiting else {}
    return [found[comment_id] for comment_id in waiting if comment_id in found]


def _merged(drawn: _Draw, size: int) -> tuple[list[_Chosen], int]:
    """Return each text under its question once, standing for all that it was drawn for; and how many are left out.

    Where chance drew the words of a flagged comment, that comment is the one that is coded. size: how many flagged ones
    there may be.
    """
    weights: dict[tuple[str, str], float] = defaultdict(float)
    first: dict[tuple[str, str], tuple[Drawn, int]] = {}
    for one, stratum in drawn.by_chance:
        weights[one.text_id, one.asked] += drawn.strata[stratum].comments / drawn.strata[stratum].drawn
        first.setdefault((one.text_id, one.asked), (one, stratum))
    shown, withheld = _first_shown(drawn.flagged, size)
    in_addition, flagged = list[Drawn](), {one.comment_id for one in shown}
    for one in shown:
        by_chance, stratum = first.get((one.text_id, one.asked), (None, 0))
        if by_chance and by_chance.comment_id not in flagged:
            first[one.text_id, one.asked] = one, stratum
        elif by_chance is None or by_chance.comment_id != one.comment_id:
            in_addition.append(one)
    all_of_it = [_Chosen(one, stratum, weights[key]) for key, (one, stratum) in first.items()]
    all_of_it += [_Chosen(one, len(drawn.strata), 0.0, by_chance=False) for one in in_addition]
    chosen, left_out = [], sum((one.text_id, one.asked) not in first for one in withheld)
    for each in all_of_it:
        # Texts may have been stored before the recognisers learned what they know now.
        if (again := deidentify(each.drawn.text)).withheld:
            left_out += 1
        else:
            chosen.append(each._replace(drawn=each.drawn._replace(text=again.text)))
    return chosen, left_out


def _first_shown(flagged: Sequence[Drawn], size: int) -> tuple[list[Drawn], list[Drawn]]:
    """Return the first comments that may be shown today, and those before them that may not.

    The latter wait for as long as they are flagged, and must not take the place of others each time.
    """
    shown, withheld = list[Drawn](), list[Drawn]()
    for one in flagged:
        if len(shown) == size:
            break
        (withheld if deidentify(one.text).withheld else shown).append(one)
    return shown, withheld


def _items(settings: Settings, chosen: Sequence[_Chosen]) -> list[Item]:
    keys = pseudonymiser(settings)
    return [
        Item(
            item=number,
            comment_id=one.drawn.comment_id,
            text_key=keys.pseudonym("words", one.drawn.text_id),
            stratum=one.stratum,
            weight=one.weight,
            by_chance=one.by_chance,
        )
        for number, one in enumerate(chosen, start=1)
    ]


def _write(
    path: Path, sample_id: int, coder: str, items: Sequence[Item], chosen: Sequence[_Chosen], chance: Random
) -> None:
    lines = [
        Line((sheets.row_name(sample_id, item.item), coder, asked_in_words(one.drawn.asked), one.drawn.text), {})
        for item, one in zip(items, chosen, strict=True)
    ]
    chance.shuffle(lines)
    sheets.write(path, KNOWN, sheets.TO_FILL, lines, choices())


def asked_in_words(asked: str) -> str:
    """Return a question type or kind as a coder reads it."""
    return _ASKED.get(asked, asked.replace("_", " "))


def _file_of(out: Path, coder: str) -> Path:
    letters = "".join(character if character.isalnum() else "-" for character in coder)
    return out.with_name(f"{out.stem}-{letters}{out.suffix.lower()}")


def _coders(given: Sequence[str]) -> list[str]:
    named = [_role("--coder", coder) for coder in given]
    if len(named) < FEWEST_CODERS:
        raise ReviewRefused("--coder: two people at least code each comment. Name each, by a role or initials.")
    for place, coder in enumerate(named):
        if roles.is_same(coder, SETTLED) or any(roles.is_same(coder, other) for other in named[:place]):
            raise ReviewRefused(f"--coder: name each coder otherwise, and nobody '{SETTLED}'.")
    return named


def _role(option: str, given: str) -> str:
    role = roles.tidy(given)
    if role is None or not names_nobody(role, any_initials=True):
        raise ReviewRefused(
            f"{option}: give a role or initials of at most {roles.LONGEST_ROLE} characters, such as 'ward manager' or "
            "'KL', and no name or address. Initials are two to four capitals."
        )
    return role
