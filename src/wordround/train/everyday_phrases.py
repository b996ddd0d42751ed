"""Sentences of our own in everyday and regional speech: plain dissatisfaction, praise, and help without end.

Each kind stands beside what it is mistaken for ("not happy" and "not unhappy", "dead kind" and "dead rude", "can't do
enough for you" and "didn't do enough"), or the model would learn a word and not its use. Every sentence follows from a
pattern, and is nobody's comment.
"""

from collections.abc import Iterator, Sequence
from itertools import product

VERY_GOOD, GOOD, NEUTRAL, BAD, VERY_BAD = range(5)

_CONTENT = (
    "happy", "pleased", "impressed", "satisfied", "comfortable", "great", "good", "good enough", "ideal", "acceptable",
    "nice", "keen", "up to scratch", "up to standard", "fair", "what I expected", "fit for purpose", "worth it",
    "welcoming", "reassured", "convinced", "listened to", "well looked after", "the best", "clean enough", "relaxing",
)  # fmt: skip
_NOT = (
    "not", "not very", "not at all", "not really", "wasn't", "was not", "I am not", "I'm not", "im not", "I was not",
    "we were not", "not too", "not that", "still not",
)  # fmt: skip
_DISCONTENT = (
    "unhappy", "disappointed", "disappointing", "dissatisfied", "unimpressed", "fed up", "let down", "frustrated",
    "frustrating", "upset", "annoyed", "annoying", "gutted", "ignored", "unwelcome", "forgotten", "uncomfortable",
    "bored", "lonely", "miserable", "confused", "stressed out", "worn out with it all", "had enough",
)  # fmt: skip
_VERY_DISCONTENT = ("disgusted", "appalled", "furious", "livid", "ashamed of this place", "heartbroken", "fuming")
_FELT = ("", "very", "really", "I am", "I was", "felt", "so", "left", "a bit", "we were")
_WITH = ("with the service", "with the ward", "with my treatment", "about how I was spoken to", "with the food",
         "with the wait", "with it", "here", "about the way mum was treated", "with the outcome")  # fmt: skip
_LIKE_NOT = ("don't like", "dont like", "do not like", "didn't like", "didnt like", "did not enjoy", "didn't enjoy",
             "don't enjoy", "never liked", "not keen on", "can't stand", "cant stand", "hate", "hated", "dislike",
             "don't rate", "not a fan of", "sick of", "tired of", "wish I could get away from")  # fmt: skip
_LIKE = ("like", "love", "loved", "enjoy", "enjoyed", "really like", "liked", "I like", "we love", "very fond of")
_LIKED = ("it here", "it", "being here", "this place", "the ward", "my stay", "coming here", "the food", "the place",
          "the way they talk to you", "it in here", "the atmosphere", "the group", "the unit")  # fmt: skip
_UNWELL_SUITED = (
    "want to go home", "just want to go home", "wish I was somewhere else", "would rather be at home",
    "can't wait to leave", "could do better", "must do better", "needs improving", "room for improvement",
    "expected better", "expected more", "deserve better", "thumbs down", "not for me", "did nothing for me",
    "no help at all", "no use to me", "didn't help", "doesnt help", "made no difference", "made it worse",
    "made me feel worse", "left feeling worse", "no better than before", "waste of time", "a waste of a day",
    "waste of a journey", "not worth the bother", "a let down", "a big disappointment", "below standard", "substandard",
    "leaves a lot to be desired", "went downhill", "going downhill", "could be a lot better", "nothing to shout about",
    "nobody seems to care", "no one is interested", "could not care less", "treated like a number",
)  # fmt: skip
_SUITED = (
    "no grumbles", "no moans", "no gripes", "no niggles", "can't grumble", "cant grumble", "mustn't grumble",
    "can't complain", "cannot complain at all", "nowt to moan about", "nothing to moan about",
    "nothing to grumble about",
    "can't knock it", "can't knock them", "cannot knock the staff", "can't fault em", "never let me down",
    "has never let me down", "never been disappointed", "not once disappointed", "was not disappointed",
    "not unhappy with anything", "nothing I didn't like", "nothing I did not like", "nothing not to like",
    "no worries at all", "went without a hitch", "happy with everything", "happy with it all", "very happy", "so happy",
    "happy as can be", "pleased with it", "really pleased", "very impressed", "well impressed", "more than satisfied",
    "more than happy", "couldn't be happier", "could not be more pleased", "better than expected",
    "better than I thought it would be", "feel at home here", "felt safe here", "felt in good hands",
)  # fmt: skip

_FINE = (
    "mint", "lush", "class", "quality", "ace", "belting", "cracking", "canny", "sound", "smashing", "grand", "magic",
    "mega", "wicked", "epic", "brill", "fab", "boss", "champion", "tidy", "bostin", "braw", "top notch", "top drawer",
    "top class", "first rate", "first class", "spot on", "bang on", "on point", "banging", "unreal", "immense",
    "second to none", "out of this world", "superb", "tip top", "lovely", "brilliant", "decent", "sweet as",
)  # fmt: skip
_FINE_PEOPLE = (
    "legends", "a legend", "stars", "superstars", "gems", "a gem", "diamonds", "angels", "an angel", "treasures",
    "a treasure", "heroes", "the best", "a good bunch", "a great bunch", "a lovely lot", "a good laugh", "a credit",
    "a godsend", "worth their weight in gold", "salt of the earth", "good as gold", "on the ball", "the bees knees",
)  # fmt: skip
_KIND = ("kind", "nice", "good", "helpful", "friendly", "caring", "lovely", "patient", "gentle", "funny", "polite")
_RUDE = ("rude", "slow", "bad", "unhelpful", "grumpy", "miserable", "rough", "disorganised", "snooty", "moody", "blunt")
_STRESS = ("proper", "pure", "dead", "well", "right", "reet", "gert", "absolutely", "so", "really", "bloody", "totally")
_FOUL = (
    "rubbish", "pants", "naff", "dire", "grim", "ropey", "shoddy", "shambolic", "crap", "rank", "minging", "manky",
    "gross", "pathetic", "a joke", "a shambles", "a farce", "a mess", "a nightmare", "hopeless", "useless", "dodgy",
    "out of order", "bang out of order", "a disgrace", "tripe", "a load of rubbish", "bobbins", "cack", "mince",
)  # fmt: skip
_FOUL_PEOPLE = (
    "mardy",
    "stroppy",
    "narky",
    "snotty",
    "gobby",
    "stuck up",
    "arsey",
    "useless",
    "jobsworths",
    "a shower",
)
_STAFF = ("staff", "nurses", "the nurses", "lads and lasses", "the girls", "doctors", "paramedics", "the crew",
          "this lot", "the receptionist", "my key worker", "the night staff", "physio", "the porters")  # fmt: skip
_THINGS = ("service", "place", "job", "care", "ward", "food", "team", "treatment", "hospital", "visit", "chat")
_CHEERS = (
    "fair play to them", "fair play to the nurses", "hats off to them", "hats off to the staff", "top marks",
    "full marks", "big thumbs up", "thumbs up", "10 out of 10", "ten out of ten", "five stars", "5 stars", "A1",
    "proper job", "good on them", "good on yer", "bless them all", "god bless them", "big up the nurses",
    "big thanks", "ta very much", "ta for everything", "cheers for sorting me out", "cheers all", "nice one",
    "nice one everybody", "made up with it", "chuffed with it", "chuffed to bits", "over the moon", "buzzing",
    "sorted me out", "sorted me right out", "sorted it straight off", "got me sorted quick", "did me proud",
    "did us proud", "looked after me proper", "looked after me a treat", "worked a treat", "treated me like royalty",
    "treated me like family", "treated like one of their own", "went the extra mile", "went out of their way for me",
    "above and beyond", "keep it up", "keep doing what you're doing", "keep up the good work", "well done all",
    "don't change a thing", "dont change anything", "love the staff", "love them to bits", "love em all",
    "had a good laugh with them", "put me at ease", "put my mind at rest", "life savers", "saved my life",
    "couldn't have got through it without them", "gave me my life back", "got me back on my feet",
)  # fmt: skip
_JEERS = (
    "taking the mickey", "took the mick", "doing my head in", "does my head in", "did my head in", "drives me mad",
    "messed me about", "mucked me about", "messing people around", "fobbed off", "fobbed me off again",
    "palmed off onto someone else", "got nowhere with them", "getting nowhere", "given the runaround", "sent round the "
    "houses", "talked down to", "looked down on", "made to feel stupid", "made to feel a nuisance", "brushed off",
    "shrugged off", "laughed at me", "couldn't care less about us", "can't be bothered", "could not be bothered",
    "cant be bothered with you", "left to get on with it", "left to rot", "left high and dry", "kept in the dark",
    "went round in circles", "like banging your head on a wall", "like talking to a wall", "all talk no action",
    "one excuse after another", "not bothered about patients", "more interested in their phones", "no manners",
    "bad attitude", "attitude stinks", "what a carry on", "what a palaver", "what a performance", "worst ever",
)  # fmt: skip

_NOTHING = ("nothing was", "nothing is", "nothing's", "nothing was ever", "nothing is ever", "nothing seemed",
            "nothing ever seems", "nothing", "nowt was", "nowt's ever", "nothing at all was")  # fmt: skip
_TOO_MUCH = ("too much trouble", "too much bother", "too much of a bother", "too much effort", "too much hassle",
             "too much to ask", "too big an ask", "too much of an ask", "too much work", "too much for them",
             "a bother to them", "a problem", "a trouble", "any bother", "too small to ask")  # fmt: skip
_FOR = ("", " for the staff", " for anyone", " for any of them", " for my nurse", " to them", ", lovely people",
        " and always with a smile")  # fmt: skip
_EVERYTHING = ("everything was", "everything is", "everything seemed", "anything you asked was",
               "a glass of water was",
               "answering the bell was", "helping me was", "my questions were", "even a hello was")  # fmt: skip
_WHO = ("they", "the staff", "nurses", "everyone", "this team", "my carers", "the ladies here", "the doctors",
        "all of them", "the receptionists", "he", "the volunteers")  # fmt: skip
_CANNOT = ("can't", "cannot", "cant", "couldn't", "couldnt", "could not", "just can't", "honestly couldn't")
_ENOUGH = ("do enough for you", "do enough for me", "do enough for us", "do enough for my dad", "do enough to help",
           "do enough", "do any more for you", "do more for the patients", "do anything more for me",
           "help you enough", "be any nicer to you", "be more helpful if they tried")  # fmt: skip
_DID_TOO_LITTLE = ("didn't do enough", "don't do enough for you", "did not do enough for my dad", "dont do enough",
                   "never do enough", "aren't doing enough", "are not doing enough for patients", "should do more",
                   "could do more for us", "could do a lot more", "need to do more", "can't do anything for you",
                   "couldn't do anything for me", "can't do their job", "cannot do simple things right",
                   "could not help me", "couldn't help", "can't tell you anything")  # fmt: skip
_CANNOT_PRAISE = ("praise them enough", "thank the staff enough", "speak highly enough of them", "fault a thing",
                  "recommend it enough", "say enough good things", "say a bad word about them", "ask for nicer people",
                  "wish for better", "have wished for better care", "have asked for a better team",
                  "think of a better place", "have been treated better", "find fault")  # fmt: skip


def asked_of_all() -> Iterator[tuple[str, int]]:
    """Yield sentences that say the same whatever was asked, and how they are meant."""
    yield from _help_without_end()


def patterns() -> Iterator[tuple[str, int]]:
    """Yield sentences and how they are meant: places in learned.SENTIMENTS."""
    yield from _plain()
    yield from _spoken()


def _plain() -> Iterator[tuple[str, int]]:
    for place, (denied, content) in enumerate(product(_NOT, _CONTENT)):
        yield f"{denied} {content}{'' if place % 3 else ' ' + _at(_WITH, place)}", BAD
    for place, (felt, discontent) in enumerate(product(_FELT, _DISCONTENT)):
        yield f"{felt} {discontent}{'' if place % 3 else ' ' + _at(_WITH, place)}".strip(), BAD
    for felt, discontent in product(_FELT[:5], _VERY_DISCONTENT):
        yield f"{felt} {discontent}".strip(), VERY_BAD
    for place, (like_not, liked) in enumerate(product(_LIKE_NOT, _LIKED)):
        if place % 3:
            yield f"{like_not} {liked}", VERY_BAD if like_not.startswith(("hate", "can")) else BAD
    for place, (like, liked) in enumerate(product(_LIKE, _LIKED)):
        yield f"{like} {liked}", VERY_GOOD if "love" in like else GOOD
        if place % 4 == 0:
            yield f"nothing I don't {_LIKE[place % 2]} about {liked}".replace("about it here", "here"), GOOD
    for text in _UNWELL_SUITED:
        yield text, BAD
        yield f"{text}, sorry", BAD
    for place, text in enumerate(_SUITED):
        yield text, VERY_GOOD if place % 3 == 0 else GOOD
        yield f"{text} {_at(('really', 'thanks', 'here', 'to be honest'), place)}", GOOD
    for praise, felt in product(_CONTENT[:6], ("very", "really", "I am", "we were", "so", "more than")):
        yield f"{felt} {praise}", GOOD


def _spoken() -> Iterator[tuple[str, int]]:
    for place, fine in enumerate(_FINE):
        yield fine, VERY_GOOD
        for turn in range(3):
            yield f"{_at(_STRESS, 3 * place + turn)} {fine}", VERY_GOOD
            yield f"{fine} {_at(_STAFF, 5 * place + turn)}".replace("the ", ""), VERY_GOOD
            yield f"{fine} {_at(_THINGS, 4 * place + turn)}", VERY_GOOD
            yield f"{_at(_STAFF, place + 3 * turn)} were {fine}", VERY_GOOD
        yield f"the {_at(_THINGS, place)} was {fine}", VERY_GOOD
        yield f"{_at(_STAFF, place)} {fine}", VERY_GOOD
        yield f"{fine}, ta", VERY_GOOD
    for place, fine in enumerate(_FINE_PEOPLE):
        for turn, form in enumerate(("{w} are {f}", "{w} {f}", "they're {f}", "{w} were {s} {f}", "{f}, {w}")):
            yield (
                form.format(w=_at(_STAFF, place + turn), f=fine, s=_at(("absolute", "all", "proper"), turn)),
                VERY_GOOD,
            )
        yield f"{fine} the lot of them", VERY_GOOD
    for (place, stress), (kind, rude) in product(enumerate(_STRESS), zip(_KIND, _RUDE, strict=True)):
        yield f"{stress} {kind}", VERY_GOOD
        yield f"{_at(_STAFF, place)} were {stress} {kind}", VERY_GOOD
        yield f"{stress} {rude}", BAD
        yield f"{_at(_STAFF, place)} were {stress} {rude}", BAD
    for place, foul in enumerate(_FOUL):
        yield foul, VERY_BAD if place % 3 == 0 else BAD
        for turn in range(2):
            yield f"{_at(_STRESS, place + 5 * turn)} {foul}", VERY_BAD
            yield f"the {_at(_THINGS, 3 * place + turn)} was {foul}", VERY_BAD
            yield f"{_at(_THINGS, 5 * place + turn)} is {foul}", VERY_BAD
    for place, foul in enumerate(_FOUL_PEOPLE):
        for turn in range(3):
            yield f"{_at(_STAFF, place + 4 * turn)} {_at(('are', 'were', 'a bit'), turn)} {foul}", BAD
    for text in _CHEERS:
        yield text, VERY_GOOD
        yield f"{_at(_STAFF, len(text))}, {text}", VERY_GOOD
    for text in _JEERS:
        yield text, BAD
        yield f"{text} again", VERY_BAD


def _help_without_end() -> Iterator[tuple[str, int]]:
    for place, (nothing, much) in enumerate(product(_NOTHING, _TOO_MUCH)):
        yield f"{nothing} {much}", VERY_GOOD
        if place % 2:
            yield f"{nothing} {much}{_at(_FOR, place)}", VERY_GOOD
    for everything, much in product(_EVERYTHING, _TOO_MUCH[:9]):
        yield f"{everything} {much}", BAD
    for place, (cannot, enough) in enumerate(product(_CANNOT, _ENOUGH)):
        yield f"{_at(_WHO, place)} {cannot} {enough}", VERY_GOOD
        yield f"{_at(_WHO, place + 5)} {cannot} {enough}", VERY_GOOD
    for who, little in product(_WHO[:6], _DID_TOO_LITTLE):
        yield f"{who} {little}", BAD
    for cannot, praise in product(_CANNOT, _CANNOT_PRAISE):
        yield f"I {cannot} {praise}" if len(praise) % 2 else f"{cannot} {praise}", VERY_GOOD


def _at(values: Sequence[str], place: int) -> str:
    return values[place % len(values)]
