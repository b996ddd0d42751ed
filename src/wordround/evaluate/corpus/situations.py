"""Comments of the situations in which real input broke de-identification: seeded, from `situations.toml`.

Identifiers stand in them as people write them around a rule: handles without their sign, addresses that spell out the
at sign, numbers in words or with an o for a nought, names with particles, names that are ordinary words. A template is
`tuned` (its failures were read while recognisers were mended) or `held` (only the figures were).
"""

import tomllib
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import resources
from random import Random
from typing import Any, Literal
from zlib import crc32

from wordround.evaluate.corpus import evaluation, numbers
from wordround.evaluate.corpus.filling import Filler, Piece, Sample, fill, misspell, recase

Half = Literal["tuned", "held"]
HALVES: tuple[Half, ...] = ("tuned", "held")

SEED = 17
_CASINGS = ("as written",) * 7 + ("lower case", "lower case", "CAPITALS")
_WITH_TYPOS, _MISSPELT = 0.15, 0.05
_IN_WORDS = "zero one two three four five six seven eight nine".split()


@cache
def given() -> dict[str, Any]:
    """Return the templates, names and values of these situations."""
    return tomllib.loads((resources.files("wordround.evaluate.corpus") / "situations.toml").read_text(encoding="utf-8"))


def half_of(template: str) -> Half:
    """Return the half that a template or a clean comment belongs to."""
    return HALVES[crc32(template.encode()) & 1]


def carriers(half: Half, fillings: int, seed: int = SEED) -> Iterator[Sample]:
    """Yield comments with identifiers, each template of a half filled so many times."""
    slots = evaluation.slots(given()) | _further_slots()
    templates = [template for template in given()["carriers"] if half_of(template) == half]
    chance = Random(seed)
    for _ in range(fillings):
        for template in templates:
            sample = fill(template, slots, chance)
            sample = recase(sample, chance.choice(_CASINGS)) or sample
            if chance.random() < _WITH_TYPOS:
                sample = misspell(sample, chance, _MISSPELT, in_names=False)
            yield sample


def clean(half: Half) -> Iterator[Sample]:
    """Yield the comments of a half that hold no identifier, as written."""
    yield from (Sample(text, ()) for text in given()["clean"] if half_of(text) == half)


def _further_slots() -> dict[str, Filler]:
    values, nicknames = given()["values"], given()["nicknames"]

    def chosen(name: str, kind: str, chance: Random) -> list[Piece]:
        return [Piece(chance.choice(values[name]), kind)]

    def value(make: Callable[[Random], str], kind: str, chance: Random) -> list[Piece]:
        return [Piece(make(chance), kind)]

    def address(chance: Random) -> str:
        number = chance.randrange(1, 240)
        street, short = chance.choice(values["streets"]), chance.choice(values["short_streets"])
        return chance.choice(
            (f"{number} {short}", f"{number} {street}", f"number {number} on {street}", f"no. {number} {short}",
             f"Flat {chance.randrange(1, 30)}, {chance.choice(values['blocks'])}",
             f"Block {chance.choice('ABCDE')}, {number} {chance.choice(values['blocks'])}",
             f"{number}{chance.choice('abc')} {street}", f"{number}-{number + 2} {street}")
        )  # fmt: skip

    return {
        "particle_last": partial(chosen, "particle_lasts", "surname"),
        "nickname": lambda chance: [Piece(chance.choice(nicknames), "nickname")],
        "bare_handle": partial(value, _bare_handle, "handle"),
        "email_odd": partial(value, _email, "email address"),
        "phone_odd": partial(value, lambda chance: _oddly(numbers.phone(chance), chance), "phone number"),
        "nhs_odd": partial(value, lambda chance: _oddly(numbers.nhs_number(chance), chance), "NHS number"),
        "postcode_odd": partial(value, _postcode, "postcode"),
        "dob_odd": partial(value, _birth, "date of birth"),
        "plate_odd": partial(value, _plate, "vehicle registration"),
        "address_odd": partial(value, address, "street address"),
    }


def _bare_handle(chance: Random) -> str:
    names = given()["names"]["common"]
    first, last = chance.choice(names["first"]).lower(), chance.choice(names["last"]).lower()
    year = numbers.digits(chance, "##")
    return chance.choice(
        (f"{first}_{last}{year}", f"{first}.{last}", f"{first}{last}{year}", f"the_real_{first}", f"{first}19{year}",
         f"x{first}x{year}", f"nurse{first}{year}", f"{last}_family", f"{first}and{last}", f"mrs_{last}{year}")
    )  # fmt: skip


def _email(chance: Random) -> str:
    names = given()["names"]["common"]
    local = f"{chance.choice(names['first'])}{chance.choice('._')}{chance.choice(names['last'])}".lower()
    host, ending = chance.choice(("mailbox", "example", "post", "btmail")), chance.choice(("com", "co.uk", "org"))
    dotted = ending.replace(".", " dot ")
    return chance.choice(
        (f"{local} AT {host}.{ending}", f"{local}@{host}", f"{local} at {host} dot {dotted}",
         f"{local}(at){host}.{ending}",
         f"{local} @ {host} . {ending}", f"{local}[at]{host}[dot]{ending}", f"{local}@{host},{ending}",
         f"{local} at {host}.{ending}", f"{local}@ {host}.{ending}",
         f"{local.replace('.', ' dot ')} at {host} dot {dotted}")
    )  # fmt: skip


def _oddly(number: str, chance: Random) -> str:
    """Return a number as people write it who fear a machine, or have none: in words, with letters, in odd groups."""
    bare = "".join(mark for mark in number.removeprefix("+44 (0)").replace("+44", "0").strip() if mark.isdigit())
    words = [_IN_WORDS[int(digit)] for digit in bare]
    match chance.randrange(6):
        case 0:
            return " ".join(words)
        case 1:
            return " ".join("oh" if word == "zero" else word for word in words)
        case 2:
            return f"{bare[:5]} {bare[5:8]} {bare[8:]}".replace("0", "o")
        case 3:
            return f"{bare[:4]} {bare[4:7]} {bare[7:]}".replace("0", "O")
        case 4:
            return " ".join(bare[place : place + 2] for place in range(0, len(bare), 2))
    return f"{bare[:3]}/{bare[3:6]}/{bare[6:]}"


def _postcode(chance: Random) -> str:
    outward, inward = numbers.postcode(chance).upper()[:-3].strip(), numbers.digits(chance, "#") + "TT"
    letters = outward.rstrip("0123456789")
    district = outward[len(letters) :]
    return chance.choice(
        (f"{letters} {district} {inward}", f"{outward} {inward[0]} {inward[1:]}", f"{outward}  {inward}",
         f"{outward.lower()} {inward.lower()}", f"{letters} {district}{inward}", f"{outward}-{inward}")
    )  # fmt: skip


def _birth(chance: Random) -> str:
    day, month, year = chance.randrange(1, 29), chance.randrange(1, 13), chance.randrange(30, 99)
    return chance.choice(
        (f"{day:02} {month:02} {year}", f"{day:02}{month:02}{year}", f"{day} {month} 19{year}",
         f"{day:02}.{month:02}.{year}",
         f"{day:02}{month:02}19{year}", f"{day:02} / {month:02} / 19{year}")
    )  # fmt: skip


def _plate(chance: Random) -> str:
    letters = "".join(chance.choice("BCDEFGHJKLMNPRSTVWY") for _ in range(3))
    digit = numbers.digits(chance, "#").replace("0", "7")
    return chance.choice((f"{letters[0]}{digit} {letters}", f"{letters} {digit}", f"{digit} {letters}",
                          f"{letters[:2]}{digit}{digit} {letters}", f"{letters}{digit}{letters[0]}"))  # fmt: skip
