"""Sentences of our own on parking, transport and where a service is: the labelled comments hold no parking at all.

Each is coded with the theme that it is about and no other, so that a full car park is not coded as a bus as well.
"""

from collections.abc import Iterator, Sequence

from wordround.train.everyday_phrases import BAD, GOOD
from wordround.train.theme_phrases import Coded

PARKING, TRANSPORT, LOCATION = "Parking", "Transport to/ from services", "Service location"


_WHAT = ("parking", "the parking", "car parking", "the car park", "car parking here", "parking at the hospital",
         "visitor parking", "disabled parking", "patient parking", "the carpark", "staff parking")  # fmt: skip
_IS_BAD = ("is a nightmare", "was a nightmare", "is awful", "was full", "is always full", "is too dear",
           "is too expensive", "costs too much", "was really difficult", "is impossible", "is a joke", "a problem",
           "is dreadful", "needs sorting", "is too small", "was chaos", "is terrible", "charges are a disgrace",
           "could be better", "is very limited", "took ages", "made me late")  # fmt: skip
_IS_GOOD = ("was easy", "is easy", "is free", "was fine", "is good", "no problem", "was plentiful", "right outside",
            "is much better now", "was simple", "close to the door", "is cheap", "great")  # fmt: skip
_PARKED_BADLY = (
    "nowhere to park", "no where to park", "no parking", "no parking spaces", "not enough parking",
    "not enough parking spaces", "not enough spaces in the car park", "couldn't park", "could not park anywhere",
    "couldnt get parked", "couldn't get parked", "cannot get parked", "struggled to park", "had to park miles away",
    "had to park in the next street", "parked half a mile away", "no disabled bays left", "blue badge bays full",
    "not enough blue badge bays", "drove round looking for a parking space", "drove round for half an hour to park",
    "took forty minutes to find a parking space", "queued to get into the car park", "queue for the car park",
    "got a parking ticket while I was in with the doctor", "given a parking fine", "parking fine when my appointment "
    "ran late", "the parking machine was broken", "parking machine would not take cards", "parking meter out of order",
    "parking app did not work", "ten pounds to park", "paid six pounds to park", "parking charges", "parking fees",
    "the cost of parking", "price of parking is shocking", "it costs a fortune to park", "people park across the bays",
    "staff cars in the patients' spaces", "missed my slot because I could not park", "pot holes in the car park",
    "the barrier in the car park was stuck", "car park too far from the ward", "car park is dark at night",
)  # fmt: skip
_WANTED = ("more parking", "more parking spaces", "more disabled parking", "more disabled bays", "free parking",
           "free parking for patients", "cheaper parking", "better parking", "easier parking", "a bigger car park",
           "sort out the parking", "sort the car park out", "improve the parking", "parking for blue badge holders",
           "lower parking charges", "somewhere to park", "parking nearer the entrance", "parking")  # fmt: skip
_PARKED_WELL = ("plenty of parking", "lots of parking", "easy to park", "easy parking", "free parking",
                "good parking",
                "ample parking", "parked right outside", "found a space straight away to park",
                "lots of parking spaces",
                "could park by the door", "always get parked", "no trouble parking", "never a problem to park",
                "plenty of disabled bays", "parking attendant was helpful")  # fmt: skip
_CARRIED_BADLY = (
    "no bus", "no buses on a Sunday", "bus only every two hours", "two buses to get there", "have to take three buses",
    "patient transport was late", "patient transport never came", "transport did not turn up", "transport late again",
    "waited hours for transport home", "transport home was cancelled", "no transport home", "taxi cost a fortune",
    "had to pay for a taxi", "the shuttle bus has stopped", "cannot get there without a car", "bus stop is too far",
    "hospital transport forgot me", "not entitled to transport", "better transport", "more buses",
    "transport for the elderly", "the train fare", "have to rely on lifts from my son",
)  # fmt: skip
_CARRIED_WELL = (
    "the bus stops right outside", "good bus service", "transport came on time", "transport was on time both ways",
    "patient transport were lovely", "the driver saw me to my door", "easy to get to by bus", "transport was arranged",
    "volunteer driver picked me up", "got a lift in the hospital car",
)  # fmt: skip
_PLACED_BADLY = (
    "too far away", "too far from home", "miles away", "a long way to travel", "an hour's drive each way",
    "hard to find", "difficult to find the building", "had to go to another town", "should be more local",
    "nearer home", "closer to where I live", "why can't it be at my own surgery", "a clinic in our town",
    "moved to the other side of the city", "far too far for visitors", "too remote",
)  # fmt: skip
_PLACED_WELL = (
    "close to home", "handy location", "easy to find", "near where I live", "convenient location",
    "in walking distance",
    "local", "good location", "just round the corner", "so convenient to have it in town",
)  # fmt: skip
_TAILS = ("", " again", " as usual", " every time I come", " for my appointment", " when visiting mum")


def patterns() -> Iterator[Coded]:
    """Yield each sentence with its grade and themes."""
    for place, what in enumerate(_WHAT):
        for turn, bad in enumerate(_IS_BAD):
            if (place + turn) % 2:
                yield Coded(f"{what} {bad}", BAD, (PARKING,))
        for turn, good in enumerate(_IS_GOOD):
            if (place + turn) % 3 == 0:
                yield Coded(f"{what} {good}", GOOD, (PARKING,))
    for texts, grade, theme in (
        (_PARKED_BADLY, BAD, PARKING), (_PARKED_WELL, GOOD, PARKING), (_CARRIED_BADLY, BAD, TRANSPORT),
        (_CARRIED_WELL, GOOD, TRANSPORT), (_PLACED_BADLY, BAD, LOCATION), (_PLACED_WELL, GOOD, LOCATION),
    ):  # fmt: skip
        yield from _each(texts, grade, theme)
    for text in _WANTED:
        yield Coded(text, BAD, (PARKING,))
        yield Coded(f"{text} please", BAD, (PARKING,))
        yield Coded(f"need {text}", BAD, (PARKING,))
    for place, (parked, carried) in enumerate(zip(_PARKED_BADLY, 2 * _CARRIED_BADLY, strict=False)):
        if place % 3 == 0:
            yield Coded(f"{parked} and {carried}", BAD, (PARKING, TRANSPORT))
        elif place % 3 == 1:
            yield Coded(f"{_PLACED_BADLY[place % len(_PLACED_BADLY)]} and {parked}", BAD, (PARKING, LOCATION))


def _each(texts: Sequence[str], grade: int, theme: str) -> Iterator[Coded]:
    for place, text in enumerate(texts):
        yield Coded(text, grade, (theme,))
        yield Coded(f"{text}{_TAILS[1:][place % (len(_TAILS) - 1)]}", grade, (theme,))
