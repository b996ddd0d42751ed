"""Who codes a sample on the page under which of its names, and what they see of the others' codes.

A name is the login's that first codes under it, and a login has one. A name under which a sheet brought codes goes on
in its sheet: nobody knows here whose it is.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from wordround.coding import work
from wordround.errors import ReviewRefused
from wordround.records import review_coders, roles
from wordround.records.reviews import CodedItem, Sample
from wordround.settings import Settings


class NotYours(ReviewRefused):
    """Somebody may not code under a name, or not see a comment of a sample. Nothing was written."""


@dataclass(frozen=True)
class Coders:
    """The names of a sample. `held`: the login of each that somebody has; `codes`: how many comments each has coded."""

    sample: Sample
    held: Mapping[str, str]
    codes: Mapping[str, int]

    @property
    def free(self) -> list[str]:
        """The names that anybody may begin."""
        return [name for name in self.sample.coders if name not in self.held and not self.codes.get(name)]

    @property
    def in_sheets(self) -> list[str]:
        """The names under which sheets brought codes, and that nobody has here."""
        return [name for name in self.sample.coders if name not in self.held and self.codes.get(name)]

    def of(self, login: str) -> str | None:
        """The name that a login has."""
        return next((name for name, holder in self.held.items() if holder == login), None)

    def may_code(self, login: str) -> bool:
        """Whether a login has a name, or there is one to begin."""
        return self.of(login) is not None or bool(self.free)

    def own(self, login: str, named: str) -> str:
        """The name, as it was drawn, under which a login may code. Raises NotYours."""
        mine = self.of(login)
        if mine not in (None, named):
            raise NotYours(f"You code this sample as {mine}.")
        if named in self.held and mine is None:
            raise NotYours(f"Somebody else codes as {named}: nobody sees what another says before both have.")
        if mine is None and named not in self.free:
            raise NotYours(
                f"Codes of {named} came in by a sheet: that name goes on in its sheet, and cannot go on here. Choose "
                "another name, or ask an analyst to draw a sample for you."
            )
        return named

    def sees(self, login: str, coded: CodedItem, *, may_see_all: bool) -> bool:
        """Whether a login may see what was said of a comment: who codes the sample, once they have coded it.

        may_see_all: also where they have no name in it.
        """
        mine = self.of(login)
        return may_see_all if mine is None else mine in coded.codes


def coders(settings: Settings, sample: Sample) -> Coders:
    """Return who codes a sample."""
    counts = Counter(name for each in work.codes_of(settings, sample).values() for name in each.codes)
    return Coders(sample, review_coders.logins(settings, sample.sample_id), counts)


def name_of(sample: Sample, written: str) -> str:
    """Return a name of a sample as it was drawn. Raises ReviewRefused."""
    found = next((name for name in sample.coders if roles.is_same(name, written)), None)
    if found is None:
        raise ReviewRefused("Nobody codes this sample under that name.")
    return found


def release(settings: Settings, sample: Sample, name: str, login: str, *, codes: int, may_release_all: bool) -> None:
    """Let anybody take a name again, and take away what was coded under it, as nobody else could answer for that.

    codes: how many comments were coded under it when somebody decided on this. may_release_all: also a name of another,
    and with codes. Raises NotYours, ReviewRefused.
    """
    now = coders(settings, sample)
    coded = [each for each in work.codes_of(settings, sample).values() if name in each.codes]
    if name not in now.held:
        raise ReviewRefused(f"Nobody has the name {name}.")
    if not may_release_all and (now.held[name] != login or coded):
        raise NotYours("You give a name back as long as nothing is coded under it. After that an analyst does.")
    review_coders.release(settings, sample.sample_id, name, codes)
