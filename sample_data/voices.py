"""Turns phrases into comments as people type them.

Comes in: a random generator, what the comment feels, what it may be about. Goes out: one comment as a string. The same
generator state always gives the same comment: only `random()` of the generator is used, which Python keeps stable
between versions.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TypeVar

import phrases

T = TypeVar("T")
Mix = Sequence[tuple[str, float]]  # subject, cumulative weight

# cumulative probability of so many clauses: most answers are one remark, a few are a page
CLAUSES = ((0.56, 1), (0.82, 2), (0.92, 3), (0.955, 4), (0.975, 6), (0.988, 9), (1.0, 14))
JOINERS = (". ", ". ", " and ", " and ", ", ", ", ", " - ", "\n", "; ", " also ")


def pick(rng: Random, choices: Sequence[T]) -> T:
    """One of the choices, each as likely."""
    return choices[int(rng.random() * len(choices))]


def mix(weights: Mapping[str, float]) -> Mix:
    """Weights per subject as a cumulative table that `choose` can walk."""
    total, reached, table = sum(weights.values()), 0.0, []
    for subject, weight in weights.items():
        reached += weight / total
        table.append((subject, reached))
    return table


def choose(rng: Random, table: Mix) -> str:
    """One subject of a cumulative table."""
    drawn = rng.random()
    return next((subject for subject, reached in table if drawn < reached), table[-1][0])


def _around(frame: str) -> tuple[Callable[[Random], str], Callable[[Random], str]]:
    before, _, after = frame.partition("{}")
    return _compile(before), _compile(after)


def _compile(template: str) -> Callable[[Random], str]:
    literals, slots = [], []
    rest = template
    while "{" in rest:
        literal, _, rest = rest.partition("{")
        slot, _, rest = rest.partition("}")
        literals.append(literal)
        slots.append(_FILLERS.setdefault(slot, []))
    if not slots:
        return lambda rng: template
    pairs = list(zip(literals, slots, strict=True))
    return lambda rng: "".join([a + pick(rng, b)(rng) for a, b in pairs]) + rest


_FILLERS: dict[str, list[Callable[[Random], str]]] = {}
for _slot, _words in phrases.SLOTS.items():
    _FILLERS.setdefault(_slot, []).extend(_compile(word) for word in _words)

CLAUSE_MAKERS = {
    polarity: {subject: [_compile(template) for template in templates] for subject, templates in by_subject.items()}
    for polarity, by_subject in (
        ("positive", phrases.POSITIVE),
        ("negative", phrases.NEGATIVE),
        ("suggestion", phrases.SUGGESTION),
    )
}
OPENERS = [_compile(text) for text in phrases.OPENERS]
DETAILS = [_compile(text) for text in phrases.DETAILS]
ASIDES = [_compile(text) for text in phrases.ASIDES]
AROUND = {
    "suggestion": [_around(frame) for frame in phrases.SOFTENERS],
    "positive": [_around(frame) for frame in phrases.CODAS],
}
if _unfilled := [slot for slot, fillers in _FILLERS.items() if not fillers]:
    raise KeyError(f"phrases.SLOTS has no words for {_unfilled}")


def clause(rng: Random, polarity: str, about: Mix) -> str:
    """One remark, such as "the nurses were so kind"."""
    return pick(rng, CLAUSE_MAKERS[polarity][choose(rng, about)])(rng)


def comment(rng: Random, polarity: str, about: Mix, detailed: bool = False) -> str:
    """One comment of a polarity (`positive`, `negative`, `suggestion`).

    `detailed` adds circumstances, so that even a million comments are nearly all different.
    """
    drawn = rng.random()
    count = next(count for reached, count in CLAUSES if drawn < reached)
    remarks = [clause(rng, polarity, about) for _ in range(count)]
    if count == 1 and polarity in AROUND and rng.random() < 0.3:
        before, after = pick(rng, AROUND[polarity])
        remarks[0] = before(rng) + remarks[0] + after(rng)
    if count > 3:
        remarks.insert(0, pick(rng, OPENERS)(rng))
        remarks.insert(int(rng.random() * len(remarks)), pick(rng, DETAILS)(rng))
    elif detailed and count < 3:
        remarks.append(pick(rng, ASIDES)(rng))
    if polarity == "negative" and count == 2 and rng.random() < 0.25:
        remarks[0] = clause(rng, "positive", about) + " but"
        text = " ".join(remarks)
    else:
        text = remarks[0]
        for remark in remarks[1:]:
            joiner = pick(rng, JOINERS)
            text += joiner + (remark[0].upper() + remark[1:] if joiner[0] in ".\n" else remark)
    return typed(rng, " ".join(text.split(" ")).replace("  ", " ").strip())


def typed(rng: Random, text: str) -> str:
    """The text as a hurried person types it: cases, full stops, slips and emoji."""
    text = text[0].upper() + text[1:]
    drawn = rng.random()
    if drawn < 0.30:
        text = text.lower()
    elif drawn < 0.315:
        text = text.upper()
    if rng.random() < 0.08:
        word = pick(rng, tuple(phrases.MISSPELLINGS))
        slips = [wrong for wrong in phrases.MISSPELLINGS if wrong in text]
        if slips:
            word = slips[int(rng.random() * len(slips))]
        text = text.replace(word, phrases.MISSPELLINGS[word])
    drawn = rng.random()
    if drawn < 0.36:
        text += "."
    elif drawn < 0.41:
        text += "!"
    elif drawn < 0.425:
        text += "!!!"
    elif drawn < 0.44:
        text += " " + pick(rng, phrases.EMOJI)
    return text


def identifier(rng: Random) -> str:
    """A remark with a structured identifier that belongs to nobody.

    Telephone numbers are Ofcom's for drama use, domains are reserved for examples, NHS numbers come from the 999 test
    range, and the postcode areas do not exist.
    """
    drawn = int(rng.random() * 6)
    if drawn == 0:
        number = f"{int(rng.random() * 1000):03d}"
        starts = ("ring me on 07700 900", "my number is 07700900", "call +44 7700 900", "tel 020 7946 0")
        return pick(rng, starts) + number
    if drawn == 1:
        person = pick(rng, ("g.marrowby", "abena.quill", "tomasz_t", "fernvale.carer"))
        domain = pick(rng, ("example.org", "example.com", "mail.example"))
        return f"email me at {person}{int(rng.random() * 90) + 10}@{domain}"
    if drawn == 2:
        return f"my NHS number is {nhs_number(rng)}"
    if drawn == 3:
        area = pick(rng, ("AF", "GF", "UF", "JF"))
        end = pick(rng, ("QX", "LT", "BN", "RS"))
        return f"I live at {area}{int(rng.random() * 20) + 1} {int(rng.random() * 10)}{end}"
    if drawn == 4:
        return f"follow @{pick(rng, ('fernvale_carers', 'kestrelvoices', 'quillfeather_g'))}{int(rng.random() * 100)}"
    return f"see https://www.example.{pick(rng, ('com', 'org', 'net'))}/feedback/{int(rng.random() * 10_000)}"


def nhs_number(rng: Random) -> str:
    """A number of the 999 test range, which is never given to a patient, with a valid modulus-11 check digit."""
    while True:
        digits = [9, 9, 9] + [int(rng.random() * 10) for _ in range(6)]
        check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            number = "".join(map(str, digits)) + str(check % 11)
            return pick(rng, (number, f"{number[:3]} {number[3:6]} {number[6:]}"))


def filled(rng: Random, template: str) -> str:
    """A template with a word in each of its slots."""
    return _compile(template)(rng)
