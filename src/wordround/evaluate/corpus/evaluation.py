"""The comments that de-identification is measured with: seeded, from templates and names that no recogniser has seen.

`evaluation.toml` holds carriers with slots, clean comments, names, small employers, schools and streets. The names are
hidden from the recognisers' lists while measuring, and the tagger was trained without them.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib import resources
from random import Random
from typing import Any

from wordround import deidentify
from wordround.deidentify.names import tagger, vocabulary
from wordround.evaluate.corpus import numbers
from wordround.evaluate.corpus.filling import CASINGS, Filler, Piece, Sample, fill, misspell, recase

_MAIL_HOSTS = ("mailbox.example", "example.com", "example.org", "post.example.net", "family.example.co.uk")

SEED = 3
# How often each casing is drawn, and how often a comment gets typing errors.
_CASINGS = ("as written", "as written", "as written", "lower case", "lower case", "CAPITALS", "Every Word")
_WITH_TYPOS, _MISSPELT = 0.25, 0.06
_JOINS = {2: ("{} and {}", "{} & {}", "{}, {}", "{}/{}"),
          3: ("{}, {} and {}", "{}, {} & {}", "{} {} and {}", "{}, {}, {}"),
          4: ("{}, {}, {} and {}", "{} {} {} & {}", "{}, {}, {}, {}")}  # fmt: skip


@cache
def given() -> dict[str, Any]:
    """Return the templates, names and values written for measuring."""
    return tomllib.loads((resources.files("wordround.evaluate.corpus") / "evaluation.toml").read_text(encoding="utf-8"))


@cache
def names() -> frozenset[str]:
    """Return every name of the corpus in small letters, also its parts and without accents."""
    return names_of(given())


def names_of(source: dict[str, Any]) -> frozenset[str]:
    """Return every name of a corpus in small letters, also its parts and without accents."""
    written = [name for lists in source["names"].values() for part in ("first", "last") for name in lists[part]]
    whole = {name.lower() for name in [*written, *source["nicknames"]]}
    parts = whole | {part for name in whole for part in re.split(r"[\s-]+", name)}
    plain = {"".join(c for c in unicodedata.normalize("NFD", part) if not unicodedata.combining(c)) for part in parts}
    return frozenset(parts | plain)


@contextmanager
def names_unknown(hidden: frozenset[str] | None = None) -> Iterator[None]:
    """Hide names, where none are given those of the corpus, from the recognisers' lists."""
    try:
        _know_anew(names() if hidden is None else hidden)
        yield
    finally:
        _know_anew(frozenset())


def _know_anew(hidden: frozenset[str]) -> None:
    vocabulary.hide(hidden)
    tagger.tagger.cache_clear()
    deidentify.forget_defaults()


def carriers(fillings: int, seed: int = SEED) -> Iterator[Sample]:
    """Yield comments with identifiers, each template filled so many times."""
    chance = Random(seed)
    fillers = slots(given())
    templates = [carrier["text"] for carrier in given()["carrier"]]
    for _ in range(fillings):
        for template in templates:
            sample = fill(template, fillers, chance)
            sample = recase(sample, _casing(template, chance)) or sample
            if chance.random() < _WITH_TYPOS:
                sample = misspell(sample, chance, _MISSPELT, in_names=True)
            yield sample


def _casing(template: str, chance: Random) -> str:
    """Draw a casing; who wrote a template in small letters or capitals writes names so too."""
    bare = re.sub(r"\{.*?\}", "", template)
    if len(bare) > 12 and bare.islower():
        return "lower case"
    return "CAPITALS" if len(bare) > 12 and bare.isupper() else chance.choice(_CASINGS)


def clean(seed: int = SEED) -> Iterator[Sample]:
    """Yield the comments that hold no identifier: as written, and again in another casing with typing errors."""
    chance = Random(seed)
    for text in given()["clean"]["comments"]:
        yield Sample(text, ())
        again = recase(Sample(text, ()), chance.choice(list(CASINGS)[1:]))
        if again:
            yield misspell(again, chance, _MISSPELT / 2, in_names=False)


def fillers(
    first: Callable[[Random], str], last: Callable[[Random], str], nick: Callable[[Random], str], words: list[str]
) -> dict[str, Filler]:
    """Return what fills the slots of these templates where names come from elsewhere (training)."""

    def one(make: Callable[[Random], str], chance: Random) -> list[Piece]:
        return [Piece(make(chance), "name")]

    def full(chance: Random) -> str:
        return f"{first(chance)} {last(chance)}"

    def word(chance: Random) -> str:
        return chance.choice(words).capitalize()

    made = slots(given())
    for slot, make in (
        ("first", first), ("staff_first", first), ("relative_first", first), ("patient_first", first), ("last", last),
        ("full", full), ("staff_full", full), ("patient_full", full), ("nickname", nick),
        ("word_first", word), ("word_last", word),
    ):  # fmt: skip
        made[slot] = partial(one, make)
    made["possessive_first"] = lambda chance: [Piece(first(chance), "name"), Piece("'s")]
    for count in (2, 3, 4):
        made[f"list{count}"] = partial(_listed, count, lambda chance: [Piece(first(chance), "name")])
    return made


def _listed(count: int, one: Callable[[Random], list[Piece]], chance: Random) -> list[Piece]:
    pieces: list[Piece] = []
    for place, part in enumerate(chance.choice(_JOINS[count]).split("{}")):
        if place:
            pieces += one(chance)
        if part:
            pieces.append(Piece(part))
    return pieces


def slots(source: dict[str, Any]) -> dict[str, Filler]:
    """Return what fills each slot of templates, from the names and values of a corpus."""
    names = source["names"]
    firsts = [(name, origin) for origin, lists in names.items() if origin != "word_names" for name in lists["first"]]
    lasts = [(name, origin) for origin, lists in names.items() if origin != "word_names" for name in lists["last"]]
    by_origin = {origin: [name for name, of in lasts if of == origin] for origin in dict(names)}

    def name_from(pool: list[tuple[str, str]], kind: str, chance: Random) -> list[Piece]:
        name, origin = chance.choice(pool)
        return [Piece(name, kind, origin)]

    def full(kind: str, chance: Random) -> list[Piece]:
        first, origin = chance.choice(firsts)
        last = chance.choice(by_origin[origin] if chance.random() < 0.8 else [name for name, _ in lasts])
        return [Piece(f"{first} {last}", kind, origin)]

    def possessive(chance: Random) -> list[Piece]:
        return [*name_from(firsts, "first name", chance), Piece("'s")]

    def initials(chance: Random) -> list[Piece]:
        letters = [chance.choice("ABCDEFGHJKLMNPRSTW") for _ in range(chance.choice((1, 2, 2)))]
        return [Piece(chance.choice(("", ".")).join(letters), "initials")]

    def value(make: Callable[[Random], str], kind: str, chance: Random) -> list[Piece]:
        return [Piece(make(chance), kind)]

    def chosen(name: str, kind: str, chance: Random) -> list[Piece]:
        return [Piece(chance.choice(source["values"][name]), kind)]

    def user(chance: Random) -> str:
        first, last = chance.choice(firsts)[0], chance.choice(lasts)[0]
        bare = "".join(
            c
            for c in f"{first}{chance.choice(('.', '_', ''))}{last}".lower()
            if c.isascii() and (c.isalnum() or c in "._")
        )
        return bare + chance.choice(("", "", numbers.digits(chance, "##")))

    def email(chance: Random) -> str:
        return f"{user(chance)}@{chance.choice(_MAIL_HOSTS)}"

    def street(chance: Random) -> str:
        number = f"{chance.randrange(1, 240)}{chance.choice(('', '', '', 'a', 'B'))}"
        return f"{number}{chance.choice((' ', ' ', ', '))}{chance.choice(source['values']['streets'])}"

    def age(chance: Random) -> str:
        years = chance.randrange(90, 105)
        in_words = {
            90: "ninety",
            91: "ninety-one",
            92: "ninety two",
            94: "ninety four",
            96: "ninety-six",
            98: "ninety eight",
        }
        return in_words.get(years, str(years)) if chance.random() < 0.3 else str(years)

    fillers: dict[str, Filler] = {
        "first": partial(name_from, firsts, "first name"),
        "last": partial(name_from, lasts, "surname"),
        "full": partial(full, "full name"),
        "staff_first": partial(name_from, firsts, "first name"),
        "staff_full": partial(full, "full name"),
        "relative_first": partial(name_from, firsts, "first name"),
        "patient_first": partial(name_from, firsts, "first name"),
        "patient_full": partial(full, "full name"),
        "possessive_first": possessive,
        "initials": initials,
        "nickname": lambda chance: [Piece(chance.choice(source["nicknames"]), "nickname")],
        "word_first": lambda chance: [Piece(chance.choice(names["word_names"]["first"]), "name that is a word")],
        "word_last": lambda chance: [Piece(chance.choice(names["word_names"]["last"]), "name that is a word")],
        "email": partial(value, email, "email address"),
        "handle": lambda chance: [Piece("@" + user(chance).replace(".", "_"), "handle")],
        "profile_link": lambda chance: [
            Piece(
                chance.choice(
                    (
                        "facebook.com/{}",
                        "https://www.instagram.com/{}",
                        "https://bsky.app/profile/{}.example.org",
                        "www.linkedin.com/in/{}",
                        "https://mastodon.example/@{}",
                    )
                ).format(user(chance)),
                "profile link",
            )
        ],
        "url": lambda chance: [
            Piece(
                chance.choice(
                    (
                        "https://{}.example.com/diary",
                        "www.{}.example.org",
                        "http://example.net/{}/2026",
                        "{}.example.co.uk",
                    )
                ).format(user(chance).replace("_", "")),
                "web address",
            )
        ],
        "ip": partial(value, numbers.ip_address, "IP address"),
        "phone": partial(value, numbers.phone, "phone number"),
        "nhs_number": partial(value, numbers.nhs_number, "NHS number"),
        "nhs_number_wrong": partial(value, partial(numbers.nhs_number, valid=False), "NHS number"),
        "hospital_number": partial(value, numbers.hospital_number, "hospital number"),
        "nino": partial(value, numbers.national_insurance, "National Insurance number"),
        "passport": partial(value, numbers.passport, "passport number"),
        "driving_licence": partial(value, numbers.driving_licence, "driving licence number"),
        "vehicle": partial(value, numbers.vehicle, "vehicle registration"),
        "bank_card": partial(value, numbers.bank_card, "bank card number"),
        "bank_account": lambda chance: [
            Piece(numbers.sort_code(chance), "bank account number"),
            Piece(chance.choice((" ", ", ", " / ", " account "))),
            Piece(numbers.account_number(chance), "bank account number"),
        ],
        "sort_code": partial(value, numbers.sort_code, "bank account number"),
        "account_number": partial(value, numbers.account_number, "bank account number"),
        "postcode": partial(value, numbers.postcode, "postcode"),
        "street_address": partial(value, street, "street address"),
        "house_name": partial(chosen, "house_names", "house name"),
        "dob": partial(value, lambda chance: numbers.numeric_date(chance, 1935, 2018), "date of birth"),
        "dob_words": partial(value, lambda chance: numbers.date_in_words(chance, 1935, 2018), "date of birth"),
        "age_over_89": partial(value, age, "age over 89"),
        "tied_date": partial(value, numbers.day_in_words, "date"),
        "employer": partial(chosen, "employers", "employer"),
        "school": partial(chosen, "schools", "school"),
        "village": partial(chosen, "villages", "place"),
    }
    for count in (2, 3, 4):
        fillers[f"list{count}"] = partial(_listed, count, partial(name_from, firsts, "first name"))
    return fillers
