"""The menu: what a person's role includes, in the order in which people use it."""

from wordround.web.people import Person


def menu(person: Person) -> list[tuple[str, str]]:
    """Addresses and names of the pages that somebody may open."""
    pages = [("/", "Board"), ("/alerts", "Alerts"), ("/services", "Services")]
    if person.reads_comments:
        pages.append(("/search", "Search"))
    if person.has("coder", "analyst"):
        pages.append(("/coding", "Coding"))
    return pages
