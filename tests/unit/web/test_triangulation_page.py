"""Words beside scores: how far they go together, where they do not, and what rose on social media first."""

import re

import duckdb

from tests.fixtures.published import publish
from tests.fixtures.web import Site

# Of the crisis team nothing small, and of all others too little.
FEW = """
update marts.fct_triangulation_disagreements
set
    negative_count = if(service_id = 'crisis', 60, 2), words_count = 123,
    disagreement = if(month_code < '2026-06', 0.9, 0.4)
"""


def said(page: Site) -> str:
    return page.visitor("r", "readers").words("/triangulation")


def test_a_correlation_stands_with_its_interval_and_what_it_rests_on(page: Site) -> None:
    with duckdb.connect(str(page.settings.published / "wordround.duckdb"), read_only=True) as connection:
        query = "select rho, rho_low, rho_high, service_month_count from marts.fct_triangulation_pairs where rho > -1"
        ((rho, low, high, months),) = connection.execute(query).fetchall()
    found = said(page)
    assert f"{rho:.2f} {low:.2f} to {high:.2f} {months} months of" in found
    assert "Published elsewhere: .37 to .51 for reviews" in found


def test_pairs_of_which_nothing_can_be_said_are_named_with_the_reason(page: Site) -> None:
    found = said(page)
    assert "15 pairs of which nothing can be said" in found
    assert "Reviews beside stars of reviews: no month of a service with enough of both, and it takes 12." in found


def test_which_rose_first_is_said_with_bounds_and_doubt_as_doubt(page: Site) -> None:
    found = said(page)
    assert "on social media first, by 6 weeks (between 3 and 8)" in found
    assert "cannot be told where first (social media between 3 weeks after and 4 weeks before)" in found
    assert "in surveys alone" in found
    assert "1 theme of which it cannot be said Access to care: cannot be said: social media: not monitored" in found
    assert "1 other theme rose in neither" in found


def test_months_that_disagree_hide_what_is_small_and_stand_in_steps(page: Site) -> None:
    publish(page.settings.home, FEW)
    text = page.visitor("r", "readers").get("/triangulation").text
    table = text.split("Months of services, the latest first")[1].split("</table>")[0]
    services = set(re.findall(r'<a href="/services/(\w+)"', table))
    assert services == {"crisis"}
    # 60 of 123, in steps of five: 48.8 %.
    assert set(re.findall(r'data-label="Negative">([^<]+)<', table)) == {"50%"}
    assert set(re.findall(r'data-label="Worse by">([^<]+)<', table)) == {"words"}
    months = re.findall(r'data-label="Month">([^<]+)<', table)
    assert months[0] == "May 2026"
    assert len(months) == 8


def test_before_there_is_anything_it_says_what_it_takes(page: Site) -> None:
    tables = ("fct_triangulation_pairs", "fct_triangulation_disagreements", "fct_theme_leads")
    publish(page.settings.home, "; ".join(f"delete from marts.{table}" for table in tables))
    found = said(page)
    assert "it takes months that have closed" in found
    assert "No theme rose" in found
