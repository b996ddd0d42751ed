"""Services of a kind side by side: what is outside stands in a table, nobody in an order, and nothing small shows."""

import re

import duckdb

from tests.fixtures.published import publish
from tests.fixtures.web import Site, Visitor

# The five of the community differ by so much that none is outside: as published, the crisis team is.
OUTSIDE = """
update marts.fct_service_comparison set is_outside = true, is_beyond_near_limit = true, side_code = 'above'
where unit_id = 'crisis' and coalesce(theme_code, 'staff') = 'staff';
"""
TINY = """
update marts.fct_service_comparison
set numerator_count = 3, is_suppressed = true, is_outside = true, side_code = 'below'
where unit_id = 'perinatal'
"""


def reader(page: Site) -> Visitor:
    return page.visitor("r", "readers")


def rows_of(text: str, caption: str) -> list[list[str]]:
    """The cells of the table with this caption, as words."""
    (table,) = [each for each in re.findall(r"<table.*?</table>", text, re.S) if f">{caption}<" in each]
    body = table.split("<tbody>")[1]
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.S)
    ]


def published(page: Site, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(page.settings.published / "wordround.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_services_of_a_kind_stand_by_name_with_their_share_and_place(page: Site) -> None:
    publish(page.settings.home, OUTSIDE)
    found = rows_of(reader(page).get("/comparison").text, "Community team, by name")
    labels = [row[0] for row in found]
    assert labels == sorted(labels, key=str.casefold)
    assert len(labels) == 5
    (outside,) = published(
        page,
        "select unit_label from marts.fct_service_comparison "
        "where is_outside and level_code = 'service' and theme_code is null",
    )
    assert {row[0] for row in found if row[-1].startswith("outside")} == set(outside)
    # Comments in tens.
    assert all(row[1].replace(",", "").endswith("0") for row in found)


def test_what_is_outside_by_any_measure_stands_in_one_table_with_a_way_to_its_funnel(page: Site) -> None:
    publish(page.settings.home, OUTSIDE)
    text = reader(page).get("/comparison").text
    listed = {(row[0], row[2]) for row in rows_of(text, "By name; a reason to look, and no verdict")}
    expected = published(
        page,
        "select unit_label, coalesce('Criticism: ' || theme_label, 'Negative comments') "
        "from marts.fct_service_comparison left join marts.dim_themes using (theme_code) "
        "where is_outside and level_code = 'service' and not is_suppressed",
    )
    assert listed == set(expected)
    assert len(listed) == 2


def test_a_kind_with_few_services_has_no_funnel_and_says_why(page: Site) -> None:
    text = reader(page).get("/comparison").text
    wards = rows_of(text, "Inpatient ward, by name")
    assert all("fewer than 5 of this kind" in row[-1] for row in wards)
    assert text.count("<figure>") == 1


def test_it_says_what_may_not_be_concluded(page: Site) -> None:
    said = reader(page).words("/comparison")
    assert "This is no league table" in said
    assert "one in twenty lies there by chance" in said
    assert not re.search(r"\b(best|worst|rank|ranking|top|bottom)\b", said, re.IGNORECASE)


def test_a_share_that_rests_on_a_small_number_is_hidden_with_its_place(page: Site) -> None:
    publish(page.settings.home, OUTSIDE + TINY)
    text = reader(page).get("/comparison").text
    (row,) = [row for row in rows_of(text, "Community team, by name") if row[0].startswith("Perinatal")]
    assert (row[2], row[-1]) == ("hidden", "hidden")
    assert "Perinatal Mental Health" not in [
        each[0] for each in rows_of(text, "By name; a reason to look, and no verdict") if each[2] == "Negative comments"
    ]


def test_sites_and_themes_have_their_own_funnels_and_what_is_not_there_is_said(page: Site) -> None:
    visitor = reader(page)
    assert "Ash House (2 services)" in visitor.words("/comparison?level=site")
    assert "Criticise it" in visitor.words("/comparison?theme=staff")
    assert visitor.get("/comparison?level=ward").status_code == 404
    assert visitor.get("/comparison?theme=nothing").status_code == 404


def test_services_whose_kind_nobody_gave_are_named(page: Site) -> None:
    publish(
        page.settings.home, "update marts.dim_services set kind_label = null where service_id in ('camhs', 'memory')"
    )
    said = reader(page).words("/comparison")
    assert "Of 2 services nobody has said of what kind they are: Children and Young People's Service and Memory" in said


def test_before_a_month_has_closed_it_says_what_it_takes(page: Site) -> None:
    publish(
        page.settings.home, "delete from marts.fct_service_comparison; delete from marts.fct_service_comparison_sources"
    )
    assert "It takes a month that has closed" in reader(page).words("/comparison")
