"""Who visits, and what they may see and do: by the groups that the login names, never by who they are.

`MEANING` says what each role may. Nobody has one that the settings do not give to a group of theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wordround.published.comment_search import Reach
from wordround.web_access import ROLES, Group, Role

MEANING: dict[Role, str] = {
    "reader": "Figures, charts and alerts of all services, with small numbers hidden.",
    "lead": "As a reader, and the comments of your own services; act on their alerts.",
    "analyst": "Figures, charts, search and the comments of all services; act on every alert.",
    "coder": "As a reader, and the comments of samples that you code.",
    "approver": "As a reader, and approve or reject reports.",
    "governance": "As a reader, and the log of comments that were read, and on what authority.",
}

# Who may send files.
SENDS_FILES: tuple[Role, ...] = ("analyst",)


@dataclass(frozen=True)
class Person:
    """Who visits. `name`: their login; `services`: ids that they lead; `known_as`: what alerts are assigned to."""

    name: str
    roles: frozenset[Role] = frozenset()
    services: frozenset[str] = frozenset()
    known_as: frozenset[str] = frozenset()
    groups: tuple[str, ...] = field(default=(), compare=False)

    def has(self, *roles: Role) -> bool:
        """Whether they have one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def reads_all_comments(self) -> bool:
        """Whether the comments of every service may be shown."""
        return self.has("analyst")

    @property
    def reads_comments(self) -> bool:
        """Whether the comments of any service may be shown."""
        return self.has("analyst", "lead")

    def reads_comments_of(self, service_id: str | None) -> bool:
        """Whether the comments of a service may be shown; None: of all services together."""
        return self.reads_all_comments or (self.has("lead") and service_id in self.services)

    @property
    def reach(self) -> Reach:
        """Whose comments may be shown: to an analyst all, to a lead those of own services that are no posts."""
        if self.reads_all_comments:
            return Reach(None, with_posts=True)
        return Reach(tuple(sorted(self.services)) if self.has("lead") else (), with_posts=False)

    def acts_on(self, service_id: str | None) -> bool:
        """Whether they may act on an alert of a service; None: of all services together."""
        return self.reads_comments_of(service_id)

    def leads(self, service_id: str | None) -> bool:
        """Whether a service is one that they lead."""
        return service_id in self.services


def person(name: str, groups: Iterable[str], known: Iterable[Group]) -> Person:
    """Who logged in, and what the groups of the settings give them; other groups give nothing."""
    theirs = set(groups)
    of_theirs = [group for group in known if group.name in theirs]
    return Person(
        name,
        roles=frozenset(role for group in of_theirs for role in group.roles),
        services=frozenset(service for group in of_theirs for service in group.services),
        known_as=frozenset(group.known_as for group in of_theirs if group.known_as),
        groups=tuple(sorted(group.name for group in of_theirs)),
    )


def whoever_sits_here(name: str) -> Person:
    """Whoever sits at this machine, where nobody logs in: may do everything."""
    return Person(name, roles=frozenset(ROLES))
