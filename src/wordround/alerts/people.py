"""Who acts on an alert, as the records may hold it: a role or initials, or the login of the machine."""

from dataclasses import dataclass
from getpass import getuser

from wordround.errors import ActionRefused
from wordround.records import roles
from wordround.registers.role_words import names_nobody


@dataclass(frozen=True)
class Who:
    """Who acts. A login (`is_login`) stays in the records; a role may be published."""

    name: str
    is_login: bool = False


def somebody(by: str | None) -> Who:
    """Who acts: the role or initials given, else the login of the machine. Raises ActionRefused for a name."""
    return Who(getuser(), is_login=True) if by is None else Who(role_of(by, "--by"))


def role_of(given: str, option: str) -> str:
    """A role or initials as they are stored. Raises ActionRefused where it may be somebody's name or address."""
    role = roles.tidy(given)
    if role is None or not names_nobody(role):
        raise ActionRefused(
            f"give a role or initials of at most {roles.LONGEST_ROLE} characters, such as 'quality lead' or "
            "'KL', and no name or address. Initials are two to four capitals, and none that are a name too ('JO').",
            option,
        )
    return role
