"""Countries: what is a code or a name of one, and what is none."""

import pycountry
import pytest

from wordround.countries import code_of, label_of

EVERY = {country.alpha_2: country for country in pycountry.countries}


def test_codes_are_those_of_the_standard_and_no_others() -> None:
    letters = [chr(first) + chr(second) for first in range(65, 91) for second in range(65, 91)]
    assert {code for code in letters if code_of(code)} - {"UK"} == EVERY.keys()
    assert {code_of(code) for code in letters} - {None} == EVERY.keys()


def test_a_country_is_known_by_each_of_its_codes() -> None:
    for code, country in EVERY.items():
        assert code_of(code.lower()) == code_of(country.alpha_3) == code_of(country.numeric) == code
        assert code_of(label_of(code)) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (" united\u00a0kingdom ", "GB"), ("UK", "GB"), ("Wales", "GB"), ("GB-SCT", "GB"), ("USA", "US"),
        ("United States of America", "US"), ("Türkiye", "TR"), ("Turkey", "TR"), ("Côte d’Ivoire", "CI"),
        ("Ireland", "IE"), ("NO", "NO"), ("Georgia", "GE"),
    ],
)  # fmt: skip
def test_names_as_people_and_programs_write_them(written: str, code: str) -> None:
    assert code_of(written) == code


@pytest.mark.parametrize(
    "written",
    [None, "", " ", "-", "XX", "EU", "Europe", "World", "de-AT", "en-GB", "Fernvale", "London", "I live in France",
     "44", "SUN", "Soviet Union", "GB" * 100],
)  # fmt: skip
def test_what_is_no_country_has_no_code(written: str | None) -> None:
    assert code_of(written) is None
