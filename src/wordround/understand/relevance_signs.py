"""What shows in a post besides words: links, questions, lengths of time, sums, headlines, who seems to speak.

Named in square brackets in `relevance_cues.csv`. Each is looked for in the text as written. Repetitions have a limit
where they could otherwise be tried from every place of a long text.
"""

import re
from collections.abc import Iterable, Mapping

LINK = re.compile(r"https?://\S+|\bwww\.\S+")

_NUMBER = r"(?:\d+(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|couple of)"
_UNIT = r"(?:hours?|hrs?|h|days?|weeks?|wks?|months?|years?|yrs?|nights?|mins?|minutes?)"
# Words that ask whatever follows, and words that ask where a question mark does.
_ASKING = r"does|do|did|where|which|anyone|anybody|how (?:do|long|can)|what (?:time|number|are|is|should)|who (?:do|is)"
_MAY_ASK = r"is|are|can|could|will|would|has|have|am|what|whats|what's|who|how|when"
_WE = r"we're|we are|we have|we've|we would|we'd|our|join|meet|introducing|hello|hi <|this is <staff"
_THANKS = r"big thank you from|thanks? (?:you )?for (?:your|getting)"
_PAST = (
    r"was|were|had|did|didnt|didn't|got|came|went|told|said|took|gave|left|kept|rang|felt|saw|sat|lost|put|made|held"
    r"|brought|sent|spoke|found|done|knew|thought|let|[a-z]{2,}[^e\W]ed"
)
_DID = (
    r"\w+ed|lost|took|gave|told|said|sent|left|made|put|got|were|keep|kept|forgot|had|did|didnt|didn't|wouldnt|wouldn't"
    r"|couldnt|couldn't|brought|came|let|went|sending|knew|spoke|rang|treat|look"
)


def _any_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def without_links(text: str) -> str:
    """Return a text with a space in place of each link."""
    return LINK.sub(" ", text) if "://" in text or "www." in text else text


def shown(signs: Iterable[str], text: str) -> list[str]:
    """Return which of these signs show in a text. What they cannot do without is looked for first, which is faster."""
    may = _ANY_NEED.search(text) is not None
    found = []
    for sign in signs:
        if (needs := _NEEDS.get(sign)) and not (may and any(map(text.__contains__, needs))):
            continue
        pattern = SIGNS[sign]
        # What begins with ^ is tried at one place only.
        if (pattern.match(text) if pattern.pattern.startswith("^") else pattern.search(text)) is not None:
            found.append(sign)
    return found


SIGNS: Mapping[str, re.Pattern[str]] = {
    "[link]": LINK,
    "[question]": re.compile(r"\?(?:#\w{1,60}+|https?://\S{1,200}+|\W){0,40}+$"),
    "[asks]": _any_case(rf"^\W*(?:@\S+\s+)*(?:so |hi,? |please )?(?:(?:{_ASKING})\b|(?:{_MAY_ASK})\b[^.!]*\?)"),
    "[how long]": _any_case(rf"\b{_NUMBER}\+?\s*-?{_UNIT}\b"),
    "[ordinal]": _any_case(r"\b(?:\d+(?:nd|rd|th)|second|third|fourth|fifth) time\b"),
    "[pay]": _any_case(r"£\s?\d[\d.,]*\s*(?:an hour|/ ?hr|per hour|pa\b|pcm|a session|each)|£\d\d,\d{3}"),
    "[price]": _any_case(r"\b\d+ ?% (?:off|finance)|\bfrom £\d|£\d+(?:\.\d\d)?\b"),
    "[percent]": _any_case(r"\d(?:\.\d+)? ?%|£\d+ ?(?:m|bn)\b|[£$]\d+ (?:million|billion)"),
    "[headline]": re.compile(r"^(?:[A-Z]{4,}\b: ?|[^.!?]{15,90}\s\|\s\w)"),
    "[hashtags]": re.compile(r"(?:#\w+\W+){2,}#\w+"),
    "[announces]": _any_case(
        rf"^\W*(?:[📢📣🎉🏆🚨⬇👉🩸]|(?:(?:today|this \w+|last week),? (?:we|our)|{_WE}|{_THANKS})(?!\w))"
    ),
    "[points]": re.compile("[👉⬇👇]"),
    # What somebody tells: in the past, of those who did it, or of nobody who did.
    "[told]": _any_case(rf"\b(?:{_PAST})\b"),
    "[they]": _any_case(
        rf"\bthey(?:'ve|'re|ve|re|'d)? (?:\w+ly |just |even |all |still |never |always |keep |kept |both )?(?:{_DID})\b"
    ),
    "[nobody]": _any_case(r"\b(?:nobody|no ?-?one|none of them|not one person|not a single person)\b"),
    "[staff named]": re.compile("<staff name"),
}

# One of these stands in every text that shows the sign.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "[link]": ("://", "www."),
    "[question]": ("?",),
    "[pay]": ("£",),
    "[price]": ("£", "%"),
    "[percent]": ("%", "£", "$"),
    "[headline]": (":", "|"),
    "[hashtags]": ("#",),
    "[points]": ("👉", "⬇", "👇"),
    "[staff named]": ("<staff name",),
}
_ANY_NEED = re.compile("|".join(re.escape(need) for needs in _NEEDS.values() for need in needs))
