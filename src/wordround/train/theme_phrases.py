"""Sentences of our own on themes of which the labelled comments hold few: detention, being kept informed, pain, noise.

Each is coded with the theme that it is about and no other. They follow how the published comments are coded: under the
Mental Health Act stands all that is said of being held, of rules and of leave; under being kept informed what people
are told of delays, times and changes, and whether all are told the same. No sentence is anybody's comment.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wordround.train.everyday_phrases import BAD, GOOD


class Coded(NamedTuple):
    """A sentence, its grade (a place in learned.SENTIMENTS), and its themes."""

    text: str
    grade: int
    themes: tuple[str, ...]


_DETENTION, _PAIN, _SENSES = "Mental Health Act", "Pain management", "Sensory experience"
_INFORMED = "Being kept informed, clarity & consistency of information"
_FAMILY, _CONTINUITY, _DISCHARGE = "Interaction with family/ carers", "Continuity of care", "Discharge"
_ROOMS, _MONEY = "Environment, facilities & equipment", "Funding & use of financial resources"
_METHOD, _SCREENS = "Appointment method", "Electronic entertainment"

_OF_THEME: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    _DETENTION: (
        (
            "like a prison", "felt like a prisoner", "it is a jail", "locked in all day", "kept here against my will",
            "let us out", "let me leave", "let me out of here", "I want to go home but I am not allowed",
            "not allowed off the ward", "not allowed outside", "more leave", "longer leave", "leave was cancelled",
            "no leave this week", "my leave was stopped", "waiting for my leave to be signed", "escorted leave only",
            "should have more time off the ward", "too many rules", "too many restrictions", "fewer restrictions",
            "blanket rules for everybody", "restrictive", "take me off my section", "being sectioned was frightening",
            "sectioned without anybody telling me why", "I did not know my rights", "nobody explained my section",
            "the tribunal was put off", "no advocate for the tribunal", "restrained on the floor", "put in seclusion",
            "no freedom", "more freedom", "give us our freedom back", "stop detaining people", "held for months",
        ),
        (
            "I get my leave", "good that I can have leave", "leave was arranged quickly", "unescorted leave",
            "went home on leave at the weekend", "fair rules", "the rules are fair", "my rights were explained",
            "the advocate helped me with my tribunal", "taken off my section", "allowed out on my own",
            "more freedom than the last ward", "hardly any restrictions", "helped me understand my section",
        ),
    ),
    _INFORMED: (
        (
            "nobody told us what was happening", "was not kept up to date", "no updates", "never updated",
            "not told how long it would be", "no idea how long we had to wait", "tell people how long the wait is",
            "give an idea of the waiting time", "the time we were given was wrong", "give a realistic time",
            "nobody rang to say it was delayed", "ring if you are running late", "let patients know of delays",
            "could have let me know it was cancelled", "told me one thing and then another", "each one said different",
            "conflicting advice", "mixed messages", "contradicted each other", "different story from every doctor",
            "left in the dark", "kept in the dark", "did not know what was going on", "unclear what happens next",
            "not clear what the plan is", "no explanation of the delay", "was misled", "told it would be an hour but",
            "promised a call that never came", "did not know if anybody was coming", "say when transport is coming",
            "a text to say when they are coming", "confirm the booking", "keep people informed", "keep us updated",
            "confusing information", "nobody seems to know what is happening", "more clarity", "be honest about times",
            "keep your promises", "not told of the changes", "found out by chance", "vague about what comes next",
        ),
        (
            "kept me up to date", "kept us informed all the way", "kept me posted", "always knew what was happening",
            "rang to say they were running late", "told us how long it would be", "regular updates",
            "told of the delay", "a call to check that I was still all right while waiting",
            "everyone told me the same", "a text with the time", "clear what would happen next",
            "they called back to say when it would come", "rang ahead to let us know", "the plan was clear",
            "consistent advice",
        ),
    ),
    _PAIN: (
        (
            "no pain relief", "waited hours for painkillers", "was left in pain", "nothing for the pain",
            "they did not believe how much pain I was in", "pain was not controlled", "more pain relief",
            "refused stronger pain relief", "my pain was ignored", "still in pain", "should have had gas and air",
            "crying with the pain and nobody came", "better pain control", "painkillers were late every night",
        ),
        (
            "got my pain under control", "pain relief straight away", "took the pain away", "kept me out of pain",
            "gave me morphine and it worked", "asked if I was in pain", "painless", "did not feel a thing",
            "made sure that I had painkillers", "pain was managed well", "gas and air helped",
        ),
    ),
    _SENSES: (
        (
            "too noisy", "noisy at night", "could not sleep for the noise", "doors banging all night",
            "lights on all night", "the lights are too bright", "too hot", "too cold", "freezing in the waiting room",
            "no air in the room", "stuffy", "it smells", "smell of smoke", "alarms going off",
            "shouting kept me awake", "turn the lights down", "turn the heating down", "quieter at night",
            "keep the noise down", "loud music", "the radio is too loud", "staff talking loudly at night",
            "so hot that I could not sleep", "windows do not open",
        ),
        (
            "nice and quiet", "peaceful", "calm and quiet", "quiet at night", "warm room", "a good temperature",
            "soft lighting", "a relaxing atmosphere", "calm atmosphere", "smelled clean", "cool in summer",
        ),
    ),
    _FAMILY: (
        (
            "my family were not told anything", "would not speak to my wife", "carers are ignored",
            "listen to families", "my daughter was not allowed to stay with me", "not allowed to go with him",
            "husband had to wait outside", "involve the family", "relatives could not get through to the ward",
            "more visiting", "longer visiting hours", "visiting times are too short", "nobody asked the carer",
            "ring the next of kin", "include my parents", "they did not tell my family where I was",
            "more support for carers",
        ),
        (
            "looked after my husband too", "kind to my family", "kept my daughter calm",
            "included my wife in everything", "let my mum stay with me", "reassured the whole family",
            "talked to my parents as well", "visitors are welcome", "supported us as carers",
            "they listened to me as his carer", "good with the children", "spoke to my son",
            "allowed to go with her in the ambulance", "my family were involved",
        ),
    ),
    _CONTINUITY: (
        (
            "a different nurse every time", "never see the same doctor twice", "three care coordinators in a year",
            "had to tell my story again to each new person", "repeat myself to everybody", "nobody knew my history",
            "staff keep changing", "my worker left and nobody took over", "no follow up", "no aftercare",
            "passed from pillar to post", "sent from one department to another", "teams do not talk to each other",
            "my referral got lost", "the referral was never made", "referral turned down", "notes were not passed on",
            "the gp was never told", "no handover", "more joined up", "see the same person each time",
            "no consistency", "nobody takes charge of my care", "let down after I was transferred",
            "no support afterwards",
        ),
        (
            "the same nurse every time", "always see the same person", "having one named nurse", "referred me quickly",
            "followed up the next day", "rang afterwards to see how I was", "good aftercare",
            "sent me to the right place", "my gp was told the same day", "the teams work together", "well coordinated",
            "smooth handover", "passed on to the right team", "kept the same therapist throughout",
        ),
    ),
    _DISCHARGE: (
        (
            "sent home too soon", "discharged too early", "discharged without a plan",
            "waited all day to be discharged", "discharge took hours", "no discharge letter", "sent home in the night",
            "nobody arranged help at home", "waiting for a placement", "ready to go home for weeks",
            "a better plan for when I go home", "discharged me without asking", "the discharge lounge was cold",
        ),
        (
            "discharge was quick", "discharge was well planned", "good support to go home",
            "helped me get ready for home", "discharge plan was explained", "home the same day",
        ),
    ),
    _ROOMS: (
        (
            "the chairs are uncomfortable", "uncomfortable bed", "the bed broke", "no wheelchair", "lift out of order",
            "equipment did not work", "broken equipment", "not enough equipment", "the building is old",
            "the waiting room is too small", "cramped", "no privacy in the room", "needs decorating",
            "run down building", "showers do not work", "toilet is broken", "nowhere to sit", "more space",
            "better facilities", "new beds", "no crutches left", "the stretcher was hard", "no lockers",
            "single rooms", "no access for wheelchairs", "waited weeks for a hoist", "the machine was broken",
        ),
        (
            "lovely building", "nice room", "comfortable bed", "my own room", "good facilities", "modern equipment",
            "comfortable waiting area", "well equipped", "equipment came the next day", "nice garden to sit in",
            "bright and modern", "plenty of space", "nice surroundings", "good access for wheelchairs",
        ),
    ),
    _MONEY: (
        (
            "needs more funding", "more money for the service", "a waste of money", "too many cuts", "underfunded",
            "invest more", "money spent on managers", "stop cutting services", "the government should pay for it",
            "short of money", "not enough money for staff", "pay the nurses more", "better pay for staff",
        ),
        ("good value", "money well spent", "glad it is free"),
    ),
    _METHOD: (
        (
            "would rather be seen in person", "only by telephone", "phone appointments do not work for me",
            "should be face to face", "video calls keep freezing", "hard to hear on a video call", "zoom is no good",
            "not everybody can go online", "a phone call is not the same", "more face to face appointments",
            "online only", "home visits please", "offer evening video calls",
        ),
        (
            "good to be able to do it by phone", "video call saved a journey", "seen face to face", "a home visit",
            "online appointment was easy", "being able to talk by video", "face to face again",
        ),
    ),
    _SCREENS: (
        (
            "no wifi", "wifi does not work", "the tv is broken", "no television in the room", "no phone signal",
            "more channels", "let us have our phones", "nowhere to charge a phone", "a bigger television",
            "no internet",
        ),
        ("good wifi", "tv in my room", "films in the evening", "can use my phone", "free internet", "playstation"),
    ),
}  # fmt: skip
_TAILS = ("", " on the ward", " this time", " again", " here", " at night")


def patterns() -> Iterator[Coded]:
    """Yield each sentence with its grade and themes."""
    for theme, by_grade in _OF_THEME.items():
        for grade, texts in zip((BAD, GOOD), by_grade, strict=True):
            for place, text in enumerate(texts):
                yield Coded(text, grade, (theme,))
                if place % 2:
                    yield Coded(f"{text}{_TAILS[1:][place // 2 % (len(_TAILS) - 1)]}", grade, (theme,))
    yield from _two_in_one()


def _two_in_one() -> Iterator[Coded]:
    """Yield sentences on two themes, so that one does not exclude the other."""
    said = [(theme, text) for theme, (bad, _) in _OF_THEME.items() for text in bad]
    step = len(said) // 3
    for place in range(0, len(said), 3):
        (one, first), (other, second) = said[place], said[(place + step) % len(said)]
        if one != other:
            yield Coded(f"{first} and {second}", BAD, (one, other))
