"""Structured identifiers, made up: numbers of ranges that are kept for examples where there are such.

Telephone numbers: Ofcom's ranges for drama. NHS numbers: the 999 range, which is never given out. E-mail and web
addresses: domains of RFC 2606. Everything else is random in the right form.
"""

from random import Random

_OFCOM = ("01632 960###", "0113 496 0###", "0117 496 0###", "020 7946 0###", "028 9649 6###", "029 2018 0###",
          "07700 900###", "07700 900###", "07700 900###", "0808 157 0###", "03069 990###")  # fmt: skip
_HOSPITAL_NUMBERS = "####### ###### ######## RX###### H####### A###### M####/## K###### X###-#### P#######B".split()
_MONTHS = "January February March April May June July August September October November December".split()
_CONSONANTS, _LETTERS = "BCDFGHJKLMNPRSTVWXY", "ABCDEFGHJKLMNOPRSTUVWXY"
_AREAS = ("AB B BA BB BD BH BL BN BR BS CA CB CF CH CM CO CR CT CV CW DA DE DH DN DT E EC EH EN EX FK FY G GL GU "
         "HA HD HP HR HU IG IP KA KT L LA LE LL LN LS LU M ME MK N NE NG NN NP NR NW OL OX PE PL PO PR RG RH RM "
         "S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TN TQ TS TW UB W WA WD WF WN WR WS WV YO "
         "ZE").split()  # fmt: skip


def digits(chance: Random, form: str) -> str:
    """Return a form with each # replaced by a digit."""
    return "".join(chance.choice("0123456789") if mark == "#" else mark for mark in form)


def phone(chance: Random) -> str:
    number = digits(chance, chance.choice(_OFCOM))
    bare = number.replace(" ", "")
    match chance.randrange(7):
        case 0 | 1:
            return number
        case 2:
            return bare
        case 3:
            return "+44 " + number[1:]
        case 4:
            return "+44" + bare[1:] if chance.random() < 0.5 else "+44 (0)" + number[1:]
        case 5:
            return number.replace(" ", "-")
    head, _, tail = number.partition(" ")
    return f"({head}) {tail}" if chance.random() < 0.5 else number.replace(" ", ".")


def nhs_number(chance: Random, valid: bool = True) -> str:
    while True:
        first = digits(chance, "999######")
        check = (11 - sum(int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True)) % 11) % 11
        if check < 10:
            break
    if not valid:
        check = (check + chance.randrange(1, 10)) % 10
    number = f"{first}{check}"
    mark = chance.choice((" ", " ", " ", "", "-"))
    return mark.join((number[:3], number[3:6], number[6:]))


def hospital_number(chance: Random) -> str:
    return digits(chance, chance.choice(_HOSPITAL_NUMBERS))


def national_insurance(chance: Random) -> str:
    number = f"{chance.choice('ABCEGHJKLMNOPRSTWXYZ')}{chance.choice('ABCEGHJKLMNPRSTWXYZ')}" + digits(chance, "######")
    number += chance.choice("ABCD")
    if chance.random() < 0.5:
        number = " ".join((number[:2], number[2:4], number[4:6], number[6:8], number[8:]))
    return number


def passport(chance: Random) -> str:
    return digits(chance, chance.choice(("#########", "AB#######", "PK#######", "### ### ###")))


def driving_licence(chance: Random) -> str:
    surname = "".join(chance.choice(_LETTERS) for _ in range(chance.randrange(3, 6))).ljust(5, "9")
    month = chance.randrange(1, 13) + chance.choice((0, 50))
    number = f"{surname}{chance.randrange(10)}{month:02}{chance.randrange(1, 29):02}{chance.randrange(10)}"
    number += (
        f"{chance.choice(_LETTERS)}{chance.choice(_LETTERS + '9')}9{chance.choice(_LETTERS)}{chance.choice(_LETTERS)}"
    )
    return number if chance.random() < 0.7 else f"{number[:5]} {number[5:11]} {number[11:]}"


def vehicle(chance: Random) -> str:
    letters = "".join(chance.choice(_CONSONANTS) for _ in range(5))
    age = chance.choice((*range(2, 26), *range(51, 76)))
    number = f"{letters[:2]}{age:02}{chance.choice((' ', ' ', ''))}{letters[2:]}"
    return number.lower() if chance.random() < 0.15 else number


def bank_card(chance: Random) -> str:
    body = chance.choice("45") + digits(chance, "##############")
    total = 0
    for place, digit in enumerate(reversed(body), 2):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    number = f"{body}{(10 - total % 10) % 10}"
    return " ".join(number[i : i + 4] for i in range(0, 16, 4)) if chance.random() < 0.6 else number


def sort_code(chance: Random) -> str:
    return digits(chance, chance.choice(("##-##-##", "## ## ##")))


def account_number(chance: Random) -> str:
    return digits(chance, chance.choice(("########", "#### ####")))


def postcode(chance: Random) -> str:
    district = chance.choice(_AREAS) + chance.choice(("#", "##", "#"))
    unit = "#" + chance.choice("ABDEFGHJLNPQRSTUWXYZ") + chance.choice("ABDEFGHJLNPQRSTUWXYZ")
    return digits(chance, district).replace("0", "1") + chance.choice((" ", " ", " ", "")) + digits(chance, unit)


def numeric_date(chance: Random, first_year: int, last_year: int) -> str:
    day, month = chance.randrange(1, 29), chance.randrange(1, 13)
    year = chance.randrange(first_year, last_year + 1)
    return chance.choice(
        (f"{day:02}/{month:02}/{year}", f"{day}/{month}/{year % 100:02}", f"{day:02}.{month:02}.{year}",
         f"{day:02}-{month:02}-{year}", f"{year}-{month:02}-{day:02}", f"{day}/{month}/{year}")
    )  # fmt: skip


def date_in_words(chance: Random, first_year: int, last_year: int) -> str:
    day, month = chance.randrange(1, 29), chance.choice(_MONTHS)
    year = chance.randrange(first_year, last_year + 1)
    ordinal = f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
    return chance.choice(
        (f"{day} {month} {year}", f"{ordinal} {month} {year}", f"the {ordinal} of {month} {year}".removeprefix("the "),
         f"{month} {ordinal} {year}", f"{ordinal} of {month} {year}", f"{day} {month[:3]} {year}")
    )  # fmt: skip


def day_in_words(chance: Random) -> str:
    """Return a day without a year, or with one of the last years."""
    if chance.random() < 0.4:
        return numeric_date(chance, 2023, 2026)
    whole = date_in_words(chance, 2023, 2026)
    return whole if chance.random() < 0.4 else whole.rsplit(" ", 1)[0]


def ip_address(chance: Random) -> str:
    """Return an address of the ranges kept for documentation (RFC 5737, RFC 3849)."""
    if chance.random() < 0.25:
        return f"2001:db8::{chance.randrange(1, 65536):x}:{chance.randrange(1, 65536):x}"
    return f"{chance.choice(('192.0.2', '198.51.100', '203.0.113'))}.{chance.randrange(1, 255)}"
