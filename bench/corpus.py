"""A file of synthetic answers of the shape of real ones, which decides what de-identification costs.

Of 7,908 real answers of two trusts 13 % repeat another word for word, the median has 6 words and the mean 82
characters, and 4 % hold an identifier (docs/models/deidentification.md). Words are misspelt as often as there. Nothing
is taken from a real comment: clauses are made from the lists below, identifiers from the project's own corpus.
"""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from wordround.evaluate.corpus import evaluation

REPEATED, IDENTIFIED, MISSPELT = 0.1, 0.035, 0.012
# Of a log-normal distribution; the shortest have four words.
MEDIAN_WORDS, SPREAD, MOST_WORDS = 6, 1.35, 250
_FEWEST_WORDS = 4

SHORT = (
    "Nothing|Everything|Very good|All good|Staff were lovely|Friendly staff|Parking|Waiting times|None|"
    "Excellent|Thank you|Quick and easy|Helpful|Good service|No improvement needed|Communication|"
    "Shorter waits|More staff|Kind and caring|Ok"
).split("|")
WHO = (
    "the nurse|the staff|reception|the doctor|the consultant|the midwife|the whole team|the physio|"
    "the health visitor|the lady on the desk|the healthcare assistant|my care coordinator|the pharmacist|"
    "the night staff|the porter|the student nurse|the dietitian|the crisis team|the receptionist|"
    "the volunteer|everyone on the ward"
).split("|")
DID = (
    "listened to me|explained what would happen|was very kind|was patient with my son|made me feel at ease|"
    "answered all of our questions|treated me with respect|took time to talk|rang back the same day|"
    "was rushed|did not introduce themselves|could not find my notes|was polite and professional|"
    "kept me informed|seemed stressed|cancelled at short notice|gave clear advice|helped with my medication|"
    "went out of their way|was not listening|checked on me every hour|put me first|"
    "arranged the next appointment|sent the letter to an old address"
).split("|")
WHAT = (
    "the wait was over three hours|the room was clean|the food was cold|parking cost too much|"
    "the letter came late|the ward was noisy at night|it was hard to get through on the phone|"
    "the appointment was on time|there were no chairs in the corridor|the tea was welcome|"
    "signs to the clinic are confusing|the toilets need cleaning|visiting hours are short|"
    "the bed was comfortable|discharge took all day|the video call worked well|"
    "nobody told us about the delay|the website is out of date|the group on Tuesdays helped|"
    "tablets were not ready"
).split("|")
# Short answers, of which there are a quarter of a million.
HOW = (
    "really|very|quite|always|so|truly|mostly|rather|fairly|extremely|usually|never|not|incredibly|generally|"
    "rarely|sometimes|often|too|just|absolutely|pretty|totally|consistently|genuinely|mainly|slightly|"
    "particularly|somewhat|well"
).split("|")
QUALITY = (
    "kind|caring|slow|quick|clear|friendly|noisy|clean|helpful|rushed|busy|calm|polite|cold|warm|tidy|late|"
    "easy|thorough|patient|gentle|confusing|professional|relaxed|crowded|prompt|attentive|supportive|dirty|"
    "cheerful|organised|welcoming|efficient|reassuring|respectful|understanding|knowledgeable|honest|quiet|"
    "comfortable"
).split("|")
THING = (
    "staff|nurses|reception|appointments|food|ward|clinic|waiting room|letters|parking|doctors|midwives|bays|"
    "meals|drinks|toilets|signs|phone lines|visits|beds|advice|notes|tablets|discharge|surgery|scans|tests|"
    "transport|chairs|corridors|rooms|porters|cleaners|volunteers|carers|explanations|gowns|lifts|entrance|"
    "website|texts|groups|sessions|home visits|aftercare|handover|bookings|check in|theatre|day room|triage|"
    "care plans|paperwork|waits|updates|pharmacy|dressings"
).split("|")
WHEN = (
    "today|at night|this time|as always|on arrival|throughout|in the morning|at weekends|last week|"
    "during my stay|after the operation|on the phone|at the desk|since April|each visit|once again|"
    "in general|on the day|by the end|overall|before surgery|on discharge|in the evening|every time|"
    "for my mum|for us both|from start to finish|considering|really|I thought|to be fair|in my view|"
    "on the whole|for once|so far|without exception|as expected|even at lunch|over the years"
).split("|")
JOINED = (", ", " and ", ". ", " but ", "; ", ". Also ", " because ", ", however ")


def answers(count: int, seed: int = 1, identified: float = IDENTIFIED) -> Iterator[str]:
    """Yield so many answers; identified: the share that hold an identifier."""
    draw = random.Random(seed)
    holding = [sample.text for sample in evaluation.carriers(1)]
    draw.shuffle(holding)
    told: list[str] = []
    for place in range(count):
        kind = draw.random()
        if kind < REPEATED and told:
            answer = draw.choice(SHORT) if draw.random() < 0.7 else draw.choice(told[-500:])
        elif kind < REPEATED + identified:
            answer = holding[place % len(holding)]
        else:
            answer = _own_words(draw)
        told.append(answer)
        yield answer


def write(rows: int, file: Path, seed: int = 1) -> Path:
    """Write a survey file in the layout of the synthetic trust, two answers a row."""
    texts = answers(2 * rows, seed)
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ("Response ID", "Date received", "Site", "Service", "Overall experience", "What was good about your visit?",
             "What could we do better?", "Age group", "Completed by")
        )  # fmt: skip
        for row in range(rows):
            day = date(2025, 1, 1) + timedelta(days=row * 600 // rows)
            service = f"Ward {1 + row % 20}"
            writer.writerow(
                (f"B-{seed}-{row}", day, "Hospital", service, 1 + row % 5, next(texts), next(texts), "", "")
            )
    return file


def _own_words(draw: random.Random) -> str:
    wanted = min(MOST_WORDS, max(_FEWEST_WORDS, round(draw.lognormvariate(0, SPREAD) * MEDIAN_WORDS)))
    parts = [draw.choice(part) for part in (HOW, QUALITY, THING, WHEN)]
    while sum(part.count(" ") + 1 for part in parts) < wanted:
        clause = f"{draw.choice(WHO)} {draw.choice(DID)}" if draw.random() < 0.6 else draw.choice(WHAT)
        parts.append(f"{draw.choice(JOINED).strip()} {clause}")
    words = " ".join(parts).replace(" ,", ",").replace(" .", ".").replace(" ;", ";").split(" ")[:wanted]
    text = " ".join(_misspelt(draw, word) if draw.random() < MISSPELT else word for word in words)
    return text[0].upper() + text[1:] if draw.random() < 0.8 else text


def _misspelt(draw: random.Random, word: str) -> str:
    place = draw.randrange(len(word))
    return word[:place] + draw.choice(("", word[place] * 2, "e")) + word[place + 1 :] or word
