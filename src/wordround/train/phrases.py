"""Sentences of our own, from patterns, for what labelled comments say too seldom to be learnt from them.

Denied praise and denied blame, medical words that are no feelings, complaints that hold no word of blame, irony, and
emoji; everyday speech, thin themes and travel stand in modules of their own. Their sentiment follows from the pattern;
of themes something is said only where the pattern is of a theme. No sentence is anybody's comment.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from wordround.train import everyday_phrases, theme_phrases, travel_phrases
from wordround.train.everyday_phrases import BAD, GOOD, NEUTRAL, VERY_BAD, VERY_GOOD


class Phrase(NamedTuple):
    """A sentence under a question, and its grade: a place in learned.SENTIMENTS.

    `themes`: labels of all the minor themes that it is about; None where nothing is said of them.
    """

    text: str
    question: str
    grade: int
    themes: tuple[str, ...] | None = None


_PEOPLE = ("the staff", "the nurse", "the doctors", "they", "reception", "the team", "my midwife", "he", "she")
_PRAISE = (
    "helpful",
    "kind",
    "caring",
    "friendly",
    "good",
    "polite",
    "supportive",
    "professional",
    "reassuring",
    "nice",
)
_DENIED = ("not", "not very", "not at all", "never", "not even", "far from", "not particularly")
_WERE_NOT = ("wasn't", "weren't", "was not", "were not", "didn't seem", "isn't", "are not", "could have been more")
_DID = (
    "listened", "came", "told me anything", "explained what would happen", "rang me back", "helped me", "cared",
    "answered the phone", "took me seriously", "asked how I was", "checked on me", "replied", "introduced themselves",
)  # fmt: skip
_DO = (
    "listen", "care", "help", "explain anything", "call back", "introduce themselves", "tell us", "turn up", "answer",
    "take me seriously", "check my notes", "apologise", "give me any information",
)  # fmt: skip
_FAULTLESS = (
    "no complaints", "no complaints at all", "can't fault them", "cannot fault the care", "couldn't fault anything",
    "nothing was too much trouble for them", "nothing is ever too much trouble", "couldn't do enough for me",
    "couldn't have done more", "they could not do more", "couldn't have been better", "could not have been kinder",
    "couldn't ask for more", "no problems at all", "never felt rushed", "never had to wait",
    "didn't have to wait long",
    "nothing to complain about", "not a bad word to say", "no issues", "never felt judged", "never once felt alone",
    "can't praise them enough", "cannot thank them enough", "no delays", "wouldn't change a thing", "not bad at all",
)  # fmt: skip
# Both halves of what is denied: "could have been kinder" blames, "could not have been kinder" praises.
_COULD_NOT = ("could not have been", "couldn't have been", "couldnt have been", "could hardly have been")
_BETTER = (
    "more helpful", "more caring", "more supportive", "more professional", "more reassuring", "kinder", "nicer",
    "friendlier", "better", "more pleased", "more thorough", "easier", "quicker", "more welcoming", "happier",
)  # fmt: skip
_WORSE = (
    "worse", "ruder", "less helpful", "less interested", "more dismissive", "slower", "more rude", "less caring",
    "more unhelpful", "colder", "more disorganised",
)  # fmt: skip
_TOO_MUCH = ("trouble", "bother", "effort", "hassle", "of a problem", "to ask")
_WOULD_NOT = (
    "go anywhere else", "want to be anywhere else", "hesitate to recommend them",
    "change a thing", "hesitate to return",
    "be here without them", "have managed without them", "swap them for anyone",
)  # fmt: skip
_NEVER_AGAIN = (
    "go back", "recommend it to anyone", "use them again", "send a dog there",
    "wish it on anyone", "trust them again",
    "return", "set foot in there again",
)  # fmt: skip
_FAINT = ("ok", "okay", "alright", "fine", "all right", "not too bad", "satisfactory", "acceptable", "reasonable")
_FAINTLY = (
    "the food was",
    "my stay was",
    "the appointment was",
    "it was",
    "service was",
    "staff were",
    "everything was",
)
_MIDDLING = (
    "could have been worse", "average", "so so", "nothing special", "neither good nor bad", "mixed", "a mixed bag",
    "bit of both", "hit and miss",
)  # fmt: skip
_SUFFERED = (
    "left in agony", "in agony", "left crying in pain", "screaming in pain",
    "left in pain all night", "begging for help",
    "left alone for hours", "left on a trolley", "left sitting in my own mess", "in excruciating pain",
)  # fmt: skip
_UNHELPED = (
    "with no pain relief", "and nobody came", "and was ignored", "and told to wait",
    "and sent home", "without any help",
    "and no one cared",
)  # fmt: skip
_RELIEVED = ("and they helped me at once", "and was seen straight away", "but the nurse made me comfortable quickly")
_MEDICAL = (
    "pain clinic", "cancer care", "cancer nurses", "intensive care", "emergency department", "crisis team",
    "stroke unit", "palliative care", "accident and emergency", "heart failure nurses", "trauma clinic",
    "dementia ward", "infection control", "critical care", "depression service", "anxiety group", "fracture clinic",
    "mental illness team", "death and bereavement team", "self harm service", "chronic fatigue clinic",
)  # fmt: skip
_VERDICT_GOOD = ("were lovely", "excellent", "looked after me so well", "was brilliant", "are amazing", "very good")
_VERDICT_BAD = ("were rude", "awful", "kept us waiting for hours", "was a let down", "are hopeless", "never got back")
_NUMBERS = ("two", "three", "four", "5", "6", "nine", "twelve")
_SPANS = ("hours", "weeks", "months", "days")
_WAITED = (
    "waited {n} {s} to be seen", "still waiting after {n} {s}", "I had to wait {n} {s}", "it took {n} {s} to reply",
    "been on the list for {n} {s}", "nobody came for {n} {s}", "left in the corridor for {n} {s}",
    "the ambulance took {n} {s}", "rang every day for {n} {s}",
)  # fmt: skip
_NO_BLAME = (
    "appointment cancelled twice", "cancelled on the day",
    "the letter arrived after the appointment", "food was cold",
    "had to ring eleven times", "nowhere to park", "no one at the desk", "sent home without my medication",
    "my notes were lost", "passed from one department to another", "had to repeat my story every time",
    "different nurse every visit", "the toilet was out of order all week", "could not get through on the phone",
    "discharged with no follow up", "told to go to another hospital", "the call bell was ignored", "a broken lift",
)  # fmt: skip
_MOCKING = (
    "brilliant", "oh great", "great", "fantastic", "marvellous", "well done", "lovely", "oh joy",
    "how wonderful", "cheers",
    "thanks a lot", "nice one", "just what I needed", "superb", "thanks for nothing",
)  # fmt: skip
_MOCKED = (
    "another 6 month wait", "another cancelled appointment", "cancelled again",
    "four hours on a plastic chair", "no reply again",
    "still on hold", "no parking again", "letter came a week late", "no doctor again", "back to the end of the queue",
    "lost my notes again", "passed around again", "on hold for an hour", "two more months", "appointment moved again",
)  # fmt: skip
_IRONY = (
    "thanks for nothing", "great, another cancelled appointment", "only waited five hours, brilliant",
    "well done for losing my referral again", "lovely to be ignored all night", "so much for patient care",
    "fantastic service if you enjoy waiting", "good luck getting an appointment", "oh great, on hold again",
)  # fmt: skip
_GLAD, _SAD = ("\U0001f60a", "\U0001f44d", "\u2764", "\U0001f64f", "\U0001f44f", "\U0001f600", "\U0001f970"), (
    "\U0001f621", "\U0001f44e", "\U0001f62d", "\U0001f92c", "\U0001f620", "\U0001f644", "\U0001f612",
)  # fmt: skip
_WORDS_BESIDE = ("", "the ward ", "my appointment today ", "A&E ", "staff ")


def phrases() -> list[Phrase]:
    """Return every phrase, each text once under a question: as nobody asked for it, as answer to an open question, or
    under the question that changes it most.
    """
    written = [
        Phrase(text, question, grade)
        for question in ("unknown", "nonspecific")
        for text, grade in dict(_patterns()).items()
    ]
    everyday = [
        Phrase(text, ("unknown", "nonspecific")[place % 2], grade)
        for place, (text, grade) in enumerate(dict(everyday_phrases.patterns()).items())
    ]
    help_without_end = [
        Phrase(text, question, grade)
        for place, (text, grade) in enumerate(dict(everyday_phrases.asked_of_all()).items())
        for question in ("what_good", ("unknown", "could_improve", "nonspecific")[place % 3])
    ]
    coded = [
        Phrase(each.text, ("unknown", "could_improve" if each.grade == BAD else "what_good")[place % 2], *each[1:])
        for patterns in (theme_phrases.patterns, travel_phrases.patterns)
        for place, each in enumerate(patterns())
    ]
    return list(
        {(each.text, each.question): each for each in (*written, *everyday, *help_without_end, *coded)}.values()
    )


def _patterns() -> Iterator[tuple[str, int]]:
    for denied, praise in product((*_DENIED, *_WERE_NOT), _PRAISE):
        yield f"{denied} {praise}", BAD
    for place, (who, denied) in enumerate(product(_PEOPLE, _WERE_NOT)):
        yield f"{who} {denied} {_PRAISE[place % len(_PRAISE)]}", BAD
    for nobody, did in product(("nobody", "no one", "no-one", "not one person"), _DID):
        yield f"{nobody} {did}", VERY_BAD if did == "cared" else BAD
    for (who, did_not), do in product(
        product(("they", "the doctor", "staff"), ("didn't", "did not", "never", "don't")), _DO
    ):
        yield f"{who} {did_not} {do}", BAD
    for text in _FAULTLESS:
        yield text, VERY_GOOD
        yield f"{text}, thank you", VERY_GOOD
        yield f"{_PEOPLE[len(text) % len(_PEOPLE)]} were great, {text}", VERY_GOOD
    for could_not, better in product(_COULD_NOT, _BETTER):
        yield f"{could_not} {better}", VERY_GOOD
    for place, (who, could_not) in enumerate(product(_PEOPLE, _COULD_NOT)):
        yield f"{who} {could_not} {_BETTER[place % len(_BETTER)]}", VERY_GOOD
        yield f"{who} {could_not} {_BETTER[(place + 7) % len(_BETTER)]}", VERY_GOOD
        yield f"{who} {could_not} {_WORSE[place % len(_WORSE)]}", VERY_BAD
    for better in _BETTER:
        yield f"could have been {better}", BAD
    for who, better in product(_PEOPLE, _BETTER[:5]):
        yield f"{who} could have been {better}", BAD
    for who, much in product(("", *_PEOPLE), _TOO_MUCH):
        yield f"nothing was too much {much}{' for ' if who else ''}{who}", VERY_GOOD
        yield f"{who}{', ' if who else ''}nothing is ever too much {much}", VERY_GOOD
    for place, (would, rest) in enumerate(product(("would not", "wouldn't", "wouldnt", "I would not"), _WOULD_NOT)):
        yield f"{would} {rest}", VERY_GOOD if place % 4 else GOOD
    for would, rest in product(("would never", "will never", "wouldn't", "would not"), _NEVER_AGAIN):
        yield f"{would} {rest}", VERY_BAD
    for faintly, faint in product(("", *_FAINTLY), _FAINT):
        yield f"{faintly} {faint}".strip(), GOOD
    for faintly, middling in product(("", *_FAINTLY), _MIDDLING):
        yield f"{faintly} {middling}".strip(), NEUTRAL
    for suffered in _SUFFERED:
        yield suffered, VERY_BAD
        for unhelped in _UNHELPED:
            yield f"{suffered} {unhelped}", VERY_BAD
    for place, (suffered, relieved) in enumerate(product(("in agony", "in severe pain", "crying in pain"), _RELIEVED)):
        yield f"{'came in ' if place % 2 else ''}{suffered} {relieved}", VERY_GOOD
    for mocking, mocked in product(_MOCKING, _MOCKED):
        yield f"{mocking}, {mocked}", BAD
    for text in (
        "couldn't do more for me",
        "could not do more to help",
        "couldn't do any more",
        "nothing too much trouble",
    ):
        yield text, VERY_GOOD
    for place, (service, good) in enumerate(product(_MEDICAL, _VERDICT_GOOD)):
        yield f"{'the ' if place % 2 else ''}{service} {good}", VERY_GOOD if place % 3 else GOOD
    for service, bad in product(_MEDICAL, _VERDICT_BAD):
        yield f"{service} {bad}", BAD
    for service in _MEDICAL:
        yield service, NEUTRAL
        yield f"I went to the {service}", NEUTRAL
        yield f"in a lot of pain and the {service} helped me straight away", VERY_GOOD
    for waited, number, span in product(_WAITED, _NUMBERS, _SPANS):
        yield waited.format(n=number, s=span), BAD
    for text in (*_NO_BLAME, *_IRONY):
        yield text, BAD
        yield f"{text} again", VERY_BAD
    for beside, (glad, sad) in product(_WORDS_BESIDE, zip(_GLAD, _SAD, strict=True)):
        yield f"{beside}{glad}", GOOD
        yield f"{beside}{sad}", BAD
