"""Countries of a conversation as they may be shown: those that enough contributions declare, the others together."""

from collections.abc import Sequence

from wordround.countries import label_of
from wordround.published.conversations import CountryCount
from wordround.published.disclosure import HIDDEN
from wordround.published.shown_counts import Line, Shown

NOT_DECLARED = "not_declared"


def lines(countries: Sequence[CountryCount], shown: Shown) -> list[Line]:
    """Return a line for each country that is shown, then the others without their names, then what declares none.

    None at all where no source declares a country. A country that few write from, or of few posts, would tell who
    somebody is.
    """
    counts = {each.country_code: each.contribution_count for each in countries}
    declared = [code for code in counts if code != NOT_DECLARED]
    if not declared:
        return []
    hidden = shown.hidden(counts, "countries", {each.country_code: each.writer_count for each in countries})
    found = [Line(label_of(code), shown.of(code, counts[code], hidden)) for code in declared if code not in hidden]
    if others := [code for code in declared if code in hidden]:
        shown.count += len(others)
        found.append(Line("Other countries", HIDDEN))
    if NOT_DECLARED in counts:
        found.append(Line("No country is declared", shown.of(NOT_DECLARED, counts[NOT_DECLARED], hidden)))
    return found
