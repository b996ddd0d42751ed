"""Whether keys are present, of the right form and in the right place alone. A finding never says what a key is."""

import stat
from collections.abc import Iterator
from pathlib import Path

from wordround.doctor.finding import Finding, attention, missing, ok
from wordround.settings import Settings

_BYTES = 32
_COPY = "Keep a copy where neither this machine's disk nor its backup is: without the key, files fed again are new."


def keys(settings: Settings) -> Iterator[Finding]:
    """Look at the key of the pseudonyms, and at every other key file."""
    folder = settings.home / "keys"
    path, given = folder / "pseudonym.key", settings.environment.key
    if given is not None:
        yield _form(given.get_secret_value(), "WORDROUND_KEY", "in the environment")
        if path.exists():
            says = "a key file lies there as well; the environment's key is used"
            yield attention("keys", path.name, says, "Remove the one that your comments were not loaded with.")
    elif path.exists():
        yield from _in_a_file(settings, path)
    elif any(settings.landing.glob("*/*/*.parquet")):
        says = "comments were landed with a key that is gone"
        yield missing("keys", path.name, says, "Restore it from its copy, or set WORDROUND_KEY, before the next run.")
    else:
        yield ok("keys", path.name, "there is none yet; the first run makes it")
    for other in sorted(folder.glob("*")) if folder.is_dir() else ():
        if other != path and other.is_file() and not other.name.startswith("."):
            yield _other(other)


def _in_a_file(settings: Settings, path: Path) -> Iterator[Finding]:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield missing("keys", path.name, "others may read it", f"chmod 600 {path}; it may be known, so rotate it")
    try:
        written = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        yield missing("keys", path.name, "cannot be read", f"Restore it from its copy. {_COPY}")
        return
    yield _form(written, path.name, "in a file of its own")
    if path.stat().st_dev == settings.home.stat().st_dev:
        says = "lies on the same file system as what it protects: who takes the disk or its backup has both"
        to_do = f"Give it as WORDROUND_KEY from a secret store, or leave `keys/` out of the backup. {_COPY}"
        yield attention("keys", path.name, says, to_do)


def _form(written: str, name: str, where: str) -> Finding:
    # One or, after a rotation, several: a chain.
    keys = written.replace(",", " ").split()
    try:
        is_key = bool(keys) and all(len(bytes.fromhex(key)) == _BYTES for key in keys)
    except ValueError:
        is_key = False
    if is_key:
        return ok("keys", name, f"is {where} and has the right form. {_COPY}")
    to_do = f"A key has {2 * _BYTES} hexadecimal digits. Restore it from its copy."
    return missing("keys", name, "is not a key", to_do)


def _other(path: Path) -> Finding:
    if path.stat().st_size == 0:
        return missing("keys", path.name, "is empty", "Restore it from its copy.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return missing("keys", path.name, "others may read it", f"chmod 600 {path}; it may be known, so rotate it")
    return ok("keys", path.name, "is its owner's alone")
