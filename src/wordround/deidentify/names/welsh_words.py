"""Words of Welsh: which are everyday ones, and which of them people are called by.

The list is `data/welsh.txt`. All words here are in small letters, without the accents that many leave out.
"""

import unicodedata
from functools import cache, lru_cache

from wordround.deidentify.names.vocabulary import read_list, vocabulary

# What is joined to a word by an apostrophe: "mae'r", "i'w", "gwella'n".
_JOINED = frozenset(("n", "r", "w", "i", "u", "ch", "m", "th"))
# Words by which people are called. "Gan" opens sentences, too ("by").
NAMES_TOO = frozenset(
    """arian bach cariad del dwynwen fach gwanwyn haf hydref mab medi mai eira enfys seren gwyn gwen heulwen awel bryn
    celyn eos tegan siriol llwyd goch coch""".split()
)
OPENS_SENTENCES = frozenset(("gan",))
# Those that in small letters, too, are rather names than words where somebody stands.
RATHER_NAMES = frozenset(
    """gwen gwyn eira del seren enfys heulwen bryn celyn tegan siriol awel haf medi dwynwen eos ebrill hydref llwyd tim
    glen""".split()
)
# And those that are only where the sentence goes on as behind a name: "diolch i ben am", but "i ben y rhestr".
NAMES_AS_WELL = frozenset("mai ben bob".split())
MONTHS = frozenset("ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr".split())
# What Welsh writes with a capital and is nobody.
PROPER = frozenset(
    """cymraeg gymraeg nghymraeg chymraeg cymru gymru nghymru cymro cymraes cymry saesneg saeson lloegr nadolig pasg
    llun mawrth mercher iau gwener sadwrn sul gig ward""".split()
)

# How words begin behind others (Thorne, A Comprehensive Welsh Grammar, 1993, part 1), and how they begin by themselves.
_MUTATIONS = tuple(
    tuple(pair.split("<"))
    for pair in """f<b f<m g<c b<p d<t dd<d l<ll r<rh <g mh<p nh<t ngh<c m<b n<d ng<g ph<p th<t ch<c h<""".split()
)
_SHORTEST_MUTATED = 5

# Words of English that are commoner are no names in small letters.
_USED_IN_WELSH = 5_000


def is_of_a_name(small: str) -> bool:
    """Say whether a word is a listed first name or surname."""
    return small in vocabulary().first_names or small in vocabulary().surnames


def is_first_name(small: str) -> bool:
    """Say whether a word is a listed first name, and none of the words of English that are written in Welsh, too."""
    known = vocabulary()
    return small in known.first_names and known.ranks.get(small, _USED_IN_WELSH) >= _USED_IN_WELSH


def may_be_somebody(small: str) -> bool:
    """Say whether a word is none of those that comments in English, and answers in Welsh beside them, are made of."""
    known = vocabulary()
    return small not in known.never_names and (small in known.first_names or small not in read_list("comment_words"))


@cache
def everyday() -> frozenset[str]:
    """Return the words of the list, and those that Welsh writes with a capital."""
    return frozenset(map(folded, read_list("welsh"))) | PROPER | MONTHS


@lru_cache(100_000)
def is_everyday(small: str) -> bool:
    """Say whether a word is on the list, as it stands there, mutated, or with what is joined to it."""
    word, apostrophe, joined = small.partition("'")
    if apostrophe and joined not in _JOINED:
        return False
    known = everyday()
    return word in known or (
        len(word) >= _SHORTEST_MUTATED
        and any(
            radical + word.removeprefix(mutated) in known for mutated, radical in _MUTATIONS if word.startswith(mutated)
        )
    )


def folded(word: str) -> str:
    """Return a word in small letters without the accents that many leave out."""
    small = word.lower().replace("’", "'")
    if small.isascii():
        return small
    return "".join(one for one in unicodedata.normalize("NFD", small) if not unicodedata.combining(one))
