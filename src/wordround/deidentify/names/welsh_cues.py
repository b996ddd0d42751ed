"""Cues of Welsh: what says that a name follows, where somebody stands in a sentence, and where nobody does.

Patterns of what stands before a word are searched in the letters before it, and end where it begins.
"""

import re

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_CAPITAL = r"[A-ZÂÊÎÔÛŴŶÁÉÍÓÚ][^\W\d_]*(?:['’-][^\W\d_]+)*"
_FURTHER = rf"(?:\s+(?:(?:ap|ab|ferch)\s+)?{_CAPITAL})*"
_NAMING = (
    r"o['’]r enw|enw(?:au)?(?: i)?(?: yw| ydy| ydi| oedd)|enw\s?:|galw(?:n|['’]n)|elwir yn|"
    r"llofnod(?:wyd)?(?: gan|\s?:)?|cofion(?: gorau| cynnes)?,?|named|called|signed"
)
_TITLE = r"(?:dr|doctor|mr|mrs|ms|miss|mx|prof|professor|parch)\.?"
_ROLE = (
    r"nyrs|prif nyrs|metron|meddyg|bydwraig|ffisio|llawfeddyg|ymgynghorydd|fferyllydd|gofalwr|gofalwraig|derbynnydd|"
    r"deintydd|therapydd|parafeddyg|seicolegydd|seiciatrydd|radiograffydd|porthor|nurse|sister|matron"
)
_RELATION = (
    r"mam|tad|nhad|mab|merch|ferch|chwaer|brawd|frawd|g[wŵ]r|ng[wŵ]r|gwraig|wraig|ngwraig|nain|taid|mam-gu|tad-cu|"
    r"modryb|ewythr|ffrind|partner|plentyn|mhlentyn|wyres|[wŵ]yr"
)
# What a title or a role goes on with, where no name follows.
_NO_NAME = (
    r"(?!(?:yn|wedi|oedd|roedd|ydy|yw|a|ac|i|ar|am|y|yr|sydd|sy['’]n|nad|ddim|mor|iawn|neu|na|o|fod|bod|mewn|ward|staff|"
    r"gofal|ardal|cymunedol|arbenigol|teulu|plant|iechyd|ymchwil|nos)\b)"
)
_CALLED = re.compile(rf"\b(?:(?:{_NAMING})\s+)+(?P<name>{_WORD}(?-i:{_FURTHER}))", re.IGNORECASE)
_TITLED = re.compile(rf"\b{_TITLE}\s+{_NO_NAME}(?P<name>{_WORD}(?-i:{_FURTHER}))", re.IGNORECASE)
_AT_WORK, _RELATED = (
    re.compile(rf"\b(?:{whose}),?\s+{_NO_NAME}(?P<name>(?-i:{_CAPITAL}{_FURTHER}))", re.IGNORECASE)
    for whose in (_ROLE, _RELATION)
)
KINDS = ((_CALLED, "name"), (_TITLED, "name"), (_AT_WORK, "staff name"), (_RELATED, "relative name"))
AND_ANOTHER = re.compile(
    rf"(?:(?P<and>\s+(?:ac?|neu|&)\s+|,\s+)(?:hefyd\s+)?(?:(?:i|gan|gyda|efo)\s+)?|\s+)"
    rf"(?P<name>{_CAPITAL}{_FURTHER}|{_WORD})"
)
SURE_CUE_BEFORE = re.compile(rf"\b(?:{_NAMING}|{_TITLE}),?\s+$", re.IGNORECASE)
CUE_BEFORE = re.compile(rf"\b(?:{_ROLE}|{_RELATION}),?\s+$", re.IGNORECASE)
PLACE_BEFORE = re.compile(r"\b(?:ysbyty|ward|uned|clinig|canolfan|meddygfa)\s$", re.IGNORECASE)

# Verbs come first, and then who did it; "diolch Gwen", "sgwrs efo Gwen", "bod Gwen yn garedig".
SOMEBODY_BEFORE = re.compile(
    r"\b(?:diolch(?:iadau)?(?: yn| fawr| mawr| iawn| o| galon| hefyd| eto)*|da iawn|(?:nos|bore) da|"
    r"i|gan|gyda|efo|heb|hebddo|rhwng|enwedig|[bf]od|[wm]rth|am|at|â|ag|hefyd|"
    r"mae|r?oedd|yw|ydy|ydi|bydd(?:ai)?|[bf]u|daeth|aeth|g?wnaeth|cafodd|g?welais|\w{3,}odd|"
    rf"[cg]ael|bopeth|{_ROLE}|{_RELATION}),?\s+[\"“‘'(–-]*\s?$",
    re.IGNORECASE,
)
# Verbs and prepositions behind which these are no conjunction ("that") and no mutated word, but a name: "daeth Mai".
SURELY_SOMEBODY_BEFORE = re.compile(r"\b(?:mae|roedd|daeth|aeth|[bf]u|g?wnaeth|gyda|efo)\s+$", re.IGNORECASE)
# "Gwen oedd y gorau", "a Gwen hefyd", "Gwen yn wych".
SOMEBODY_AFTER = re.compile(
    r"(?:\s+(?:oedd|yw|ydy|ydi|sydd|sy['’]n|wnaeth|ddaeth|gafodd|fu|hefyd|yn|mor|wedi)|['’]n|,\s+diolch)\b",
    re.IGNORECASE,
)
# No name stands behind an article, a possessive pronoun, or "yn" and what else an adjective follows.
NOBODY_BEFORE = re.compile(
    r"(?:\b(?:y|yr|yn|mor|rhy|fy|dy|ei|eu|ein|eich|un|[pb]ob|unrhyw|sawl)|['’](?:r|n|w|u|ch|th))\s+$", re.IGNORECASE
)
# How a sentence goes on behind a name, and not behind a word of Welsh that looks like one ("i ben y rhestr").
GOES_ON = re.compile(
    r"\s*(?:$|[.,!?;:)&\n\"”’–-]|\s(?:ar|am|ac?|yn|o|i|os|hefyd|oedd|yw|ydy|ydi|wedi|wnaeth|ddoe|[ao]['’]r|i['’]m)\b)",
    re.IGNORECASE,
)
# "Es i Wrecsam": a town, of which a comment may speak.
GOING_BEFORE = re.compile(
    r"\b(?:es|est|aeth|aethom|aethon|mynd|fynd|dod|ddod|teithio|deithio|gyrru|symud|anfon|anfonwyd|draw)(?: i)* i\s+$",
    re.IGNORECASE,
)
# How no name ends ("eisteddodd", "effeithiwyd", "diweddariad").
OF_NO_NAME = re.compile(r"\w{4,}(?:odd|wyd|aeth|iad|adau)$")
