"""Registers and code frames: whether the trust's own can be read, and whether invented services are still in force."""

from collections.abc import Iterator

from wordround.doctor.finding import Finding, attention, missing, ok
from wordround.errors import RegistryInvalid
from wordround.folders import OWN_REFERENCE, documentation, own_folder, reference
from wordround.governance import FICTIONAL_TRUST
from wordround.registers import frames
from wordround.registers.own_files import fictional_rows, own_files, problem
from wordround.settings import Settings
from wordround.understand.themes import Codebook, CodebookInvalid

_INVENTED = {
    "services.csv": "Put the trust's own services",
    "organisation_accounts.csv": "Put the trust's own accounts, or the first row alone where it has none,",
}


def registers(settings: Settings) -> Iterator[Finding]:
    """Look at each file that a trust may have its own of."""
    own = own_files()
    for name in OWN_REFERENCE:
        if wrong := problem(name) or _codebook_problem(name):
            yield missing("settings", name, wrong, "Correct it, or take it out of the folder: the one brought follows.")
        elif name in _INVENTED and (invented := fictional_rows(name)):
            yield _invented(settings, name, invented)
        elif name in own:
            yield ok("settings", name, f"is the trust's own, in {own_folder()}")
    yield from _code_frames()


def _code_frames() -> Iterator[Finding]:
    """Look at the frames that dbt does not read: lived experience and the trust's own."""
    for code in (frames.LIVED_EXPERIENCE, frames.OWN):
        _, cues = frames.FILES[code]
        try:
            frames.frame(code)
        except RegistryInvalid as error:
            yield missing("settings", cues, str(error), "Correct it, and ask `wordround frames check`.")


def _codebook_problem(name: str) -> str | None:
    """Return what is wrong with the cues, whose columns are there, and would end `understand`."""
    if name != "theme_cues.csv":
        return None
    try:
        Codebook.read(reference(name))
    except CodebookInvalid as error:
        return str(error)
    return None


def _invented(settings: Settings, name: str, numbers: list[int]) -> Finding:
    some = ", ".join(map(str, numbers[:3])) + (" and more" if len(numbers) > 3 else "")
    to_do = f"{_INVENTED[name]} into {own_folder() / name} ({documentation('settings.md#the-trusts-own-folder')})."
    if settings.trust.code == FICTIONAL_TRUST:
        says = f"names what is invented, which is right for the demo alone: row {some}"
        return attention("settings", name, says, to_do)
    return missing("settings", name, f"still names what is invented: row {some}", to_do)
