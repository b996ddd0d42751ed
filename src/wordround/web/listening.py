"""Where the page listens: at a port of this machine's own address, or at a socket that only its proxy may open.

Whoever is elsewhere comes through a proxy with a certificate. In a container, whose own address nobody else reaches,
it listens on all of the container's addresses where it is told to, and people log in.
"""

import os
import shutil
import socket
import stat
from contextlib import suppress
from pathlib import Path

from wordround.errors import SettingsInvalid
from wordround.settings import Settings

LOOPBACK, EVERY_ADDRESS = "127.0.0.1", "0.0.0.0"  # noqa: S104  asked for by name, and only with a login
_WAITING = 256  # connections that nobody has taken yet


def listening(settings: Settings, port: int | None = None, *, on_all_addresses: bool = False) -> socket.socket:
    """A socket that takes connections already. port: in place of that of the settings. Raises SettingsInvalid."""
    path = settings.web.proxy.socket if settings.web.login == "proxy" else None
    if on_all_addresses and settings.web.login == "off":
        raise SettingsInvalid(
            "--all-addresses: [web] login is off, and whoever reached the page could do everything. Set login to "
            '"oidc" or "proxy"; without a login the page is for this machine alone.'
        )
    if on_all_addresses and path is not None:
        raise SettingsInvalid(f"--all-addresses: the page listens on [web.proxy] socket ({path}) and on no address.")
    if path is not None and port is not None:
        raise SettingsInvalid(f"--port: the page listens on [web.proxy] socket ({path}) and on no port.")
    if path is not None:
        made = _of_path(path, settings.web.proxy.socket_group)
    else:
        made = _of_port(EVERY_ADDRESS if on_all_addresses else LOOPBACK, port or settings.web.port)
    made.listen(_WAITING)
    return made


def _of_port(address: str, port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((address, port))
    except OSError as error:
        made.close()
        raise SettingsInvalid(
            f"[web] port: nothing can listen on {port} ({error.strerror}). Is the page running already? `--port` "
            "and the setting name another."
        ) from error
    return made


def _of_path(path: Path, group: str | None) -> socket.socket:
    """Bound where nobody could listen in its place: others must not write to its folder, nor open it."""
    if not path.is_absolute():
        raise SettingsInvalid(f"[web.proxy] socket: give its whole path, such as /run/wordround/page.sock, not {path}.")
    try:
        if path.parent.stat().st_mode & stat.S_IWOTH:
            raise SettingsInvalid(
                f"[web.proxy] socket: everybody may write to {path.parent}, and could answer in place of the page. Use "
                "a folder that only its owner may write to."
            )
        _remove_stale(path)
        made = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            made.bind(str(path))
        finally:
            os.umask(before)
        if group:
            shutil.chown(path, group=group)
            path.chmod(0o660)
    except (OSError, LookupError) as error:
        raise SettingsInvalid(f"[web.proxy] socket: {path} cannot be made ({error}).") from error
    return made


def _remove_stale(path: Path) -> None:
    """Remove what a page that was killed has left. Raises OSError where something answers there, or it is no socket."""
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise OSError("it is there, and no socket")
        with socket.socket(socket.AF_UNIX) as asked:
            if asked.connect_ex(str(path)) == 0:
                raise OSError("something answers there already")
        path.unlink()
