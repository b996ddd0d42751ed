"""The menu: what a person's role includes, in the order in which people use it."""

from wordround.web.people import Person


def menu(person: Person) -> list[tuple[str, str]]:
    """Addresses and names of the pages that somebody may open."""
    reports = [("/reports", "Reports")] if person.has("analyst", "approver", "lead") else []
    return [
        ("/", "Board"),
        ("/alerts", "Alerts"),
        ("/services", "Services"),
        ("/themes", "Themes"),
        *reports,
        ("/done", "You said, we did"),
        ("/sources", "Sources"),
        ("/quality", "Quality"),
    ]
