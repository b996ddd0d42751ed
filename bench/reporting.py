"""How long a report takes: forty services and sixty weeks, as page, text and PDF.

`python bench/reporting.py [services]`, from the root of the clone.

The published warehouse is that of the tests, with its eight services laid beside themselves under other names.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from wordround import reports

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.fixtures.published import publish, settings_for

OF_SERVICES = (
    "dim_services", "fct_service_weeks", "fct_service_theme_weeks", "fct_control_chart_points", "fct_alerts",
    "fct_comments",
)  # fmt: skip


def beside(copy: int) -> str:
    """SQL that lays every service beside itself once more."""
    label = f", service_label || ' {copy}' as service_label"
    return "".join(
        f"insert into marts.{table} by name select * replace (split_part(service_id, '~', 1) || '~{copy}' as service_id"
        f"{label if table == 'dim_services' else ''}) from marts.{table} where not contains(service_id, '~');"
        for table in OF_SERVICES
    )


def main(services: int) -> dict[str, float]:
    """Render a report of so many services, print what it took and return what is to be compared."""
    figures = {}
    for with_pdf in (False, True):
        with TemporaryDirectory() as folder:
            publish(Path(folder), "".join(beside(copy) for copy in range(1, services // 8)))
            settings = settings_for(Path(folder), report={"pdf": with_pdf})
            wall, processor = time.perf_counter(), time.process_time()
            made = reports.render(settings)
            sizes = {path.name: f"{path.stat().st_size / 1e6:.2f} MB" for path in sorted(made.folder.iterdir())}
            kind = "with PDF" if with_pdf else "without PDF"
            spent = time.perf_counter() - wall
            print(
                f"{made.services} services, {kind}: {spent:.1f} s "
                f"({time.process_time() - processor:.1f} s of processor); {sizes}"
            )
            figures[f"report on {made.services} services {kind}, s"] = spent
    return figures


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
