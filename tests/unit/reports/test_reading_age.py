"""Plain English: who is 9 to 11 years old can read what stands in every report, by formulas that others made.

Two that count letters, words and sentences, and need no list of words: the Automated Readability Index and
Coleman-Liau. Both give a school grade; five more years are the age at which it is reached.
"""

import textstat

from tests.fixtures.fixed_text import TEMPLATES, sentences

YOUNGEST, OLDEST = 9, 11
# Of fewer sentences a formula says little.
FEWEST_SENTENCES = 8
PAGES = [each for each in sorted(TEMPLATES.glob("*.html.j2")) if len(sentences(each)) >= FEWEST_SENTENCES]


def reading_age(text: str) -> float:
    grades = (textstat.automated_readability_index(text), textstat.coleman_liau_index(text))
    return 5 + sum(grades) / len(grades)


def test_the_fixed_text_of_all_pages_can_be_read_at_nine_to_eleven() -> None:
    every = [sentence for page in sorted(TEMPLATES.glob("*.html.j2")) for sentence in sentences(page)]
    assert len(every) > 60
    assert YOUNGEST <= reading_age(" ".join(every)) <= OLDEST


def test_no_page_asks_for_more_than_eleven() -> None:
    assert {"notes.html.j2", "service.html.j2", "report.html.j2"} <= {page.name for page in PAGES}
    ages = {page.name: round(reading_age(" ".join(sentences(page))), 1) for page in PAGES}
    assert {name: age for name, age in ages.items() if age > OLDEST} == {}


def test_the_formulas_tell_hard_words_from_easy_ones() -> None:
    hard = (
        "Statistically significant deterioration necessitates multidisciplinary investigation of contributory factors."
    )
    assert reading_age("The ward was too loud at night. People could not sleep.") < OLDEST < reading_age(hard)
