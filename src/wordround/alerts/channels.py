"""Channels: webhooks of Teams, Slack-compatible and other services, through apprise.

An address is a secret, for who has it can post there: it comes from the environment or a private file, and is in no
error, log or record. Of what a server says, the number of its answer alone is passed on.
"""

import logging
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

from pydantic import SecretStr

from wordround.errors import SettingsInvalid
from wordround.folders import documentation
from wordround.settings import Settings

# Seconds before a server that is busy or in trouble is asked once more.
WAITS = (2.0, 8.0)

NO_ANSWER = "it did not answer"

_NAME = re.compile(r"[a-z0-9_-]{1,40}")
_ANSWER = re.compile(r"error=(\d{3})")
_NOT_REACHED = re.compile(r"NewConnectionError|ConnectTimeout|NameResolutionError|ProxyError|SSLError")
_NOT_TRUSTED = "CERTIFICATE_VERIFY_FAILED"
_TOO_MANY = 429


class NotDelivered(Exception):
    """A channel did not take a message. `reason` may be shown; with NO_ANSWER it may have arrived all the same."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def addresses(settings: Settings) -> Mapping[str, SecretStr]:
    """The address of each channel, those of the environment first. Raises SettingsInvalid, without an address."""
    environment = settings.environment
    found: dict[str, SecretStr] = {}
    if environment.channels_file is not None:
        try:
            lines = environment.channels_file.expanduser().read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "is not text in UTF-8"
            raise SettingsInvalid(f"WORDROUND_CHANNELS_FILE: cannot be read ({why}).") from None
        named = ((number, line.strip()) for number, line in enumerate(lines, 1))
        found |= _pairs((f"line {number}", line) for number, line in named if line and not line.startswith("#"))
    if environment.channels is not None:
        written = environment.channels.get_secret_value().split()
        found |= _pairs((f"entry {number}", entry) for number, entry in enumerate(written, 1))
    return found


def _pairs(entries: Iterator[tuple[str, str]]) -> dict[str, SecretStr]:
    found = {}
    for place, entry in entries:
        name, sign, address = (part.strip() for part in entry.partition("="))
        if not sign or not _NAME.fullmatch(name) or not address:
            raise SettingsInvalid(
                f"WORDROUND_CHANNELS, {place}: is not name=address. A name has small letters, digits, - and _."
            )
        found[name] = SecretStr(address)
    return found


def problem(address: SecretStr) -> str | None:
    """Why an address cannot be used, in words that do not show it; None where it can."""
    try:
        with _quiet():
            _service(address)
    except NotDelivered as refusal:
        return refusal.reason
    return None


def send(address: SecretStr, title: str, body: str) -> None:
    """Post a message. A server that is busy or in trouble is asked again. Raises NotDelivered."""
    for wait in (*WAITS, None):
        with _quiet() as messages, _certificates():
            try:
                is_taken = _service(address).notify(title=title, body=body)
            except (OSError, ValueError, TypeError):
                raise NotDelivered("its address cannot be used") from None
            if is_taken:
                return
        answer = next((int(match[1]) for match in map(_ANSWER.search, messages) if match), None)
        if answer is None:
            raise NotDelivered(_without_answer(" ".join(messages)))
        if wait is None or not (answer == _TOO_MANY or answer >= 500):
            raise NotDelivered(f"it answered {answer}")
        time.sleep(wait)


def _without_answer(messages: str) -> str:
    if _NOT_TRUSTED in messages:
        return f"its certificate is not trusted ({documentation('settings.md#certificates')})"
    return "it could not be reached" if _NOT_REACHED.search(messages) else NO_ANSWER


def _service(address: SecretStr) -> Any:
    """The service of an address. Raises NotDelivered where none has this form, or it would not be encrypted."""
    from apprise import Apprise, AppriseAsset, PersistentStoreMode

    # Pictures and links would be fetched from elsewhere by whoever reads the message, and a redirect leads elsewhere.
    asset = AppriseAsset(
        app_id="Wordround", app_desc="Wordround", app_url="", image_url_mask="", image_url_logo="",
        http_redirects=False, storage_mode=PersistentStoreMode.MEMORY, async_mode=False,
    )  # fmt: skip
    service = Apprise.instantiate(address.get_secret_value(), asset=asset, suppress_exceptions=True)
    if service is None:
        raise NotDelivered(f"its address has no form that is known ({documentation('settings.md#channels')})")
    scheme = address.get_secret_value().partition("://")[0].lower()
    safe = service.secure_protocol or ()
    is_encrypted = scheme == "https" or scheme in ((safe,) if isinstance(safe, str) else safe)
    if not (is_encrypted and service.verify_certificate) and not _is_this_machine(str(service.host or "")):
        raise NotDelivered("its address would cross the network unencrypted or unchecked")
    service.redirects = False
    return service


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _quiet() -> Iterator[list[str]]:
    """Keep what apprise logs, addresses among it, from every other log; yield its messages."""
    messages: list[str] = []

    class _Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage())

    names = ("apprise", "requests", "urllib3", "requests_oauthlib", "oauthlib")
    loggers = [logging.getLogger(name) for name in names]
    before = [(each.handlers, each.propagate, each.level) for each in loggers]
    for each in loggers:
        each.handlers, each.propagate = [_Kept()], False
        each.setLevel(logging.DEBUG)
    try:
        yield messages
    finally:
        for each, (handlers, propagate, level) in zip(loggers, before, strict=True):
            each.handlers, each.propagate = handlers, propagate
            each.setLevel(level)


@contextmanager
def _certificates() -> Iterator[None]:
    """Let apprise trust the authorities that sources are asked with, where the trust has its own."""
    name, own = "REQUESTS_CA_BUNDLE", os.environ.get("SSL_CERT_FILE")
    if not own or name in os.environ:
        yield
        return
    os.environ[name] = own
    try:
        yield
    finally:
        os.environ.pop(name, None)
