"""What concerns several trusts on one installation: folders that are no trust's, and what two of them share."""

import stat
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256

from wordround import trusts
from wordround.doctor.finding import Finding, attention, missing, ok
from wordround.errors import TrustUnusable
from wordround.folders import documentation

# What would bring one trust's comments, records or people together with another's.
_OF_ONE_ALONE = ("WORDROUND_KEY", "WORDROUND_VAULT_KEY", "WORDROUND_RECORDS_URL", "WORDROUND_WEB_KEY")
_KEY_FILES = ("pseudonym.key", "vault.key")
_PAGE = "several_trusts.md"


def between_trusts() -> Iterator[Finding]:
    """Look at the folders of the trusts, and whether two have one code, key or database of records."""
    usable, wrong = trusts.usable()
    for name, says in wrong.items():
        subject = name if trusts.is_name(name) else trusts.ALL
        yield missing("trusts", subject, says, f"Correct it, or take the folder away: {documentation(_PAGE)}.")
    if not usable:
        yield missing("trusts", trusts.ALL, "its folder holds no trust", f"Lay one: {documentation(_PAGE)}.")
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in usable:
        yield from _open_to_others(name)
        for what, value in _of_one_alone(name):
            shared[what, sha256(value.encode()).hexdigest()].append(name)
    found = {what: names for (what, _), names in shared.items() if len(names) > 1}
    for what, names in found.items():
        to_do = f"Give each its own: {documentation(_PAGE)}."
        yield missing("trusts", ", ".join(names), f"have the same {what}", to_do)
    if usable and not wrong and not found:
        yield ok("trusts", ", ".join(usable), "each has a code, keys and a home of its own")


def _of_one_alone(name: str) -> Iterator[tuple[str, str]]:
    """What no other trust may have, with its value; no finding holds that."""
    try:
        told = trusts.variables(name)
        settings = tomllib.loads(trusts.settings_of(name).read_text(encoding="utf-8-sig"))
    except (TrustUnusable, OSError, ValueError):
        return  # it was usable a moment ago: the next examination names it
    yield from ((variable, told[variable].strip()) for variable in _OF_ONE_ALONE if told.get(variable, "").strip())
    code = settings.get("trust", {}).get("code")
    if isinstance(code, str):
        yield "code in [trust]", code
    for file in _KEY_FILES:
        path = trusts.home_of(name) / "keys" / file
        if path.is_file():
            yield f"key file {file}", path.read_text(encoding="ascii", errors="replace").strip()


def _open_to_others(name: str) -> Iterator[Finding]:
    own = trusts.settings_of(name).parent
    secrets = own / ".env"
    if secrets.is_file() and stat.S_IMODE(secrets.stat().st_mode) & 0o077:
        yield missing("trusts", name, "others may read its .env", f"chmod 600 {secrets}; renew what it holds")
    if stat.S_IMODE(own.stat().st_mode) & 0o022:
        says = "others may write into its folder, and so put other settings in place"
        yield attention("trusts", name, says, f"chmod go-w {own}")
