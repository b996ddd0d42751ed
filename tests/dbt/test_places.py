"""Places: however a ward is spelled it is one service, and what was merged is listed."""

from datetime import date

from small_warehouse import Answer, SmallWarehouse

from wordround.build import dbt as marts
from wordround.settings import Settings

MONDAY = date(2026, 1, 5)


def test_spellings_of_a_ward_are_one_service_and_are_listed(settings: Settings) -> None:
    warehouse = SmallWarehouse(settings)
    spellings = ["Ward 4", "Ward 4", "ward 4", "WARD 4", "Ward 4.", "Ward4", "Ward-4", "Ward 14", "KESTREL WARD.", None]
    warehouse.load([Answer(f"c{n}", MONDAY, f"Fine {n}", 0.5, location=one) for n, one in enumerate(spellings)])
    marts.build(settings)
    services = {row["service_label"]: row for row in warehouse.table("marts.dim_services")}
    ward = services["Ward 4"]
    assert ward["comment_count"] == 7
    assert ward["place_spellings"] == "Ward 4 | WARD 4 | Ward 4. | Ward-4 | Ward4 | ward 4"
    assert (services["Ward 14"]["comment_count"], services["Ward 14"]["place_spellings"]) == (1, None)
    assert services["Kestrel Ward"]["comment_count"] == 1, "an alias of the register is found in every spelling"
    assert services["Service not given"]["comment_count"] == 1
    comments = warehouse.table("marts.fct_comments", "comment_id, service_id")
    assert len({row["service_id"] for row in comments}) == 4
