"""The menu: what a person's role includes, in the order in which people use it."""

from wordround.web.people import Person


def menu(person: Person) -> list[tuple[str, str]]:
    """Addresses and names of the pages that somebody may open."""
    return [("/", "Board"), ("/alerts", "Alerts"), ("/services", "Services"), ("/themes", "Themes")]
