"""Registers and code frames: whether the trust's own can be read, and whether invented services are still in force."""

from collections.abc import Iterator

from wordround.doctor.finding import Finding, attention, missing, ok
from wordround.errors import RegistryInvalid
from wordround.folders import OWN_REFERENCE, RETIRED_CODE_FRAMES, documentation, own_folder
from wordround.governance import FICTIONAL_TRUST
from wordround.registers import frames
from wordround.registers.own_files import fictional_rows, own_files, problem
from wordround.settings import Settings

_INVENTED = {
    "services.csv": "Put the trust's own services",
    "organisation_accounts.csv": "Put the trust's own accounts, or the first row alone where it has none,",
}


def registers(settings: Settings) -> Iterator[Finding]:
    """Look at each file that a trust may have its own of."""
    own = own_files()
    for name in OWN_REFERENCE:
        if wrong := problem(name):
            yield missing("settings", name, wrong, "Correct it, or take it out of the folder: the one brought follows.")
        elif name in _INVENTED and (invented := fictional_rows(name)):
            yield _invented(settings, name, invented)
        elif name in own:
            yield ok("settings", name, f"is the trust's own, in {own_folder()}")
    yield from _code_frames()


def _code_frames() -> Iterator[Finding]:
    """Look at the trust's own code frames: the cues of one that cannot be read would end `understand`."""
    for code, (headings, cues) in frames.FILES.items():
        if not any((own_folder() / name).is_file() for name in (headings, cues)):
            continue
        try:
            frames.frame(code)
        except RegistryInvalid as error:
            yield missing("settings", cues, str(error), "Correct it, and ask `wordround frames check`.")
    headings, cues = frames.FILES[frames.PATIENT_EXPERIENCE]
    for name in RETIRED_CODE_FRAMES:
        if (own_folder() / name).is_file():
            to_do = (
                f"Bring what the trust changed into its own {headings} and {cues}, which name the heading that a cue "
                f"speaks for ({documentation('code_frames.md')}), then delete it."
            )
            yield attention("settings", name, f"is in {own_folder()} and is not read any more", to_do)


def _invented(settings: Settings, name: str, numbers: list[int]) -> Finding:
    some = ", ".join(map(str, numbers[:3])) + (" and more" if len(numbers) > 3 else "")
    to_do = f"{_INVENTED[name]} into {own_folder() / name} ({documentation('settings.md#the-trusts-own-folder')})."
    if settings.trust.code == FICTIONAL_TRUST:
        says = f"names what is invented, which is right for the demo alone: row {some}"
        return attention("settings", name, says, to_do)
    return missing("settings", name, f"still names what is invented: row {some}", to_do)
