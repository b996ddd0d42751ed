"""The menu: what a person's role includes, in the order in which people use it."""

from wordround.web.people import SENDS_FILES, Person


def menu(person: Person) -> list[tuple[str, str]]:
    """Addresses and names of the pages that somebody may open."""
    if not person.roles:
        return []
    pages = [("/", "Board"), ("/alerts", "Alerts"), ("/services", "Services"), ("/themes", "Themes")]
    pages.append(("/conversations", "Conversations"))
    pages.append(("/comparison", "Side by side"))
    if person.reads_comments:
        pages.append(("/search", "Search"))
    if person.has("coder", "analyst"):
        pages.append(("/coding", "Coding"))
    if person.has(*SENDS_FILES):
        pages.append(("/upload", "Send a file"))
    if person.has("analyst", "approver", "lead"):
        pages.append(("/reports", "Reports"))
    pages += [("/done", "You said, we did"), ("/sources", "Sources"), ("/quality", "Quality")]
    if person.has("governance"):
        pages.append(("/governance", "Governance"))
    return pages
