"""How a form reached the trust: the modes of collection of the Friends and Family Test.

The modes are those that NHS England publishes beside a trust's figures: `Mode SMS`, `Mode Electronic Discharge`,
`Mode Electronic Home`, `Mode Paper Discharge`, `Mode Paper Home`, `Mode Telephone`, `Mode Online`, `Mode Other`
(nhsengland/fft_pipeline, src/fft/config.py, June 2026). A wording that fits two of them, such as "Paper", is none: the
layout's `mode_words` say which it is, and nothing is guessed.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from wordround.connectors.fft import CollectionMode
from wordround.connectors.files.cells import Cell, is_error, value_in
from wordround.connectors.files.no_answer import bare_words, is_no_answer

Words = Mapping[str, CollectionMode]
NO_WORDS: Words = MappingProxyType({})

# Compared as `bare_words`, so without case, spaces and punctuation.
_MODES: Mapping[str, CollectionMode] = {
    "sms": "sms",
    "text": "sms",
    "textmessage": "sms",
    "smstext": "sms",
    "smstextmessage": "sms",
    "smstextsmartphoneapp": "sms",
    "smartphoneapp": "sms",
    "electronicdischarge": "electronic_discharge",
    "electronicatdischarge": "electronic_discharge",
    "electronictabletkioskatpointofdischarge": "electronic_discharge",
    "tabletkioskatpointofdischarge": "electronic_discharge",
    "electronichome": "electronic_home",
    "electronicathome": "electronic_home",
    "electronictabletkioskathome": "electronic_home",
    "tabletathome": "electronic_home",
    "paperdischarge": "paper_discharge",
    "paperatdischarge": "paper_discharge",
    "paperpostcardgivenatpointofdischarge": "paper_discharge",
    "postcardatdischarge": "paper_discharge",
    "paperhome": "paper_home",
    "paperathome": "paper_home",
    "papersurveysenttothepatientshome": "paper_home",
    "postalsurvey": "paper_home",
    "telephone": "telephone",
    "phone": "telephone",
    "telephonecall": "telephone",
    "phonecall": "telephone",
    "telephonesurveyoncepatientishome": "telephone",
    "online": "online",
    "onlinesurvey": "online",
    "onlinesurveyoncepatientishome": "online",
    "web": "online",
    "website": "online",
    "other": "other",
}  # fmt: skip


class Mode(NamedTuple):
    """The meaning of a cell: a mode of collection, or whether it holds a wording that says none."""

    mode: CollectionMode | None
    is_unknown: bool = False


def read_mode(cell: Cell, words: Words = NO_WORDS) -> Mode:
    """Return the mode that a cell names; a blank cell names none and is not unknown either.

    words: what a layout makes of its own wordings, keyed by `bare_words`.
    """
    if cell is None:
        return Mode(None)
    if is_error(cell):
        return Mode(None, is_unknown=True)
    wording = value_in(cell)
    bare = bare_words(wording)
    if (mode := words.get(bare) or _MODES.get(bare)) is not None:
        return Mode(mode)
    return Mode(None, is_unknown=not is_no_answer(wording))


def mode_words(words: Mapping[str, CollectionMode]) -> Words:
    """Return the wordings of a layout in the form in which cells are compared with them."""
    return {bare_words(word): mode for word, mode in words.items()}
