"""The trust's own services, and accounts of organisations, as the seeds in `dbt/seeds/reference/` name them.

From `services.csv` come every name that a comment may use for a trust, a site or a service (these names stay in
comments: they are what the comment is about) and what each service is called; from `organisation_accounts.csv`, which
organisation a handle belongs to. No account of a person stands in either, and nothing is guessed from a name.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, wraps
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from wordround.errors import RegistryInvalid
from wordround.folders import reference
from wordround.registers.own_files import rows
from wordround.understand.service_mentions import NamedService

SERVICES = "services.csv"
ORGANISATION_ACCOUNTS = "organisation_accounts.csv"

_NAMED_IN = ("trust_label", "site_label", "service_label", "aliases")
# An alias of one short word ("heron") would also keep a person's name.
_SHORTEST_SINGLE_WORD = 4
_GENERIC = re.compile(
    r"\b(?:NHS|Trust|Foundation|Mental|Health|Healthcare|Care|Community|Partnership|Hospitals?|University|Teaching|Acute"
    r"|Ambulance|Children'?s|Women'?s|Integrated|Services?|and (?=Mental|Community|Health))\b|\("
)


# Whose account: the source's short name and the handle as `normalised_handle` has it.
Account = tuple[str, str]

_PROFILE = re.compile(r"^https?://(?:www\.)?(?P<host>[\w.-]+)/(?P<path>[^?#]+)", re.IGNORECASE)
_FORMS = {
    "bluesky": re.compile(r"did:[a-z]+:[\w.:%-]+|(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*"),
    "mastodon": re.compile(r"[a-z0-9_](?:[\w.-]*\w)?@(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*", re.ASCII),
    "x": re.compile(r"[a-z0-9_]{1,15}"),
}


class Organisation(NamedTuple):
    """Whose account it is that is no service's own, and whether the trust itself speaks there."""

    label: str
    is_own_trust: bool


Read = TypeVar("Read", covariant=True)


class Register(Protocol[Read]):
    """What reads a register: the file of this path, or the one in force. Raises RegistryInvalid."""

    def __call__(self, path: Path | None = None) -> Read: ...


def _register(name: str) -> Callable[[Callable[[Path], Read]], Register[Read]]:
    """Read the file of this name that is in force where no path is given, and each file once a process."""

    def of(read: Callable[[Path], Read]) -> Register[Read]:
        once = cache(read)

        @wraps(read)
        def register(path: Path | None = None) -> Read:
            return once(path or reference(name))

        return register

    return of


@_register(SERVICES)
def exempt_names(path: Path) -> tuple[str, ...]:
    """Return the names of trusts, sites and services, with their aliases, and what trusts are called for short."""
    return tuple(sorted({name for row in rows(path) for name in (*_names(row), *_short(row))}))


def _short(row: dict[str, str]) -> Iterable[str]:
    """Yield what people call a trust: its name up to the first word that every trust could have."""
    name = (_GENERIC.split(row.get("trust_label") or "")[0]).strip(" ,&-")
    if len(name) >= _SHORTEST_SINGLE_WORD:
        yield name


def _names(row: dict[str, str]) -> Iterable[str]:
    for column in _NAMED_IN:
        for name in (row.get(column) or "").split("|"):
            name = name.strip()
            if " " in name or len(name) >= _SHORTEST_SINGLE_WORD:
                yield name


@_register(SERVICES)
def named_services(path: Path) -> tuple[NamedService, ...]:
    """Return each service with what people call it: label, aliases and hashtags. Sites are no services."""
    return tuple(
        NamedService(row["service_id"], (row["service_label"], *_parts(row, "aliases")), _parts(row, "hashtags"))
        for row in rows(path)
    )


@_register(SERVICES)
def registered_codes(path: Path) -> frozenset[str]:
    """Return the codes of the trusts and sites of the registry."""
    return frozenset(code for row in rows(path) for name in ("trust_code", "ods_code") for code in _parts(row, name))


@_register(SERVICES)
def own_places(path: Path) -> tuple[str, ...]:
    """Return the labels of the trusts and sites of the registry."""
    return tuple(sorted({row[label] for row in rows(path) for label in ("trust_label", "site_label")}))


def _parts(row: dict[str, str], column: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (row.get(column) or "").split("|") if part.strip())


@_register(SERVICES)
def registered_accounts(path: Path) -> dict[Account, tuple[str, ...]]:
    """Return whose account is which: (source, normalised handle) -> ids of the services that share it.

    Raises RegistryInvalid for an account that is not `source:handle`, or no handle of that source.
    """
    found: dict[Account, list[str]] = {}
    for number, row in enumerate(rows(path), start=2):
        for written in _parts(row, "accounts"):
            source, _, handle = written.partition(":")
            account = _account(source, handle, f"{path}: row {number}: column accounts")
            found.setdefault(account, []).append(row["service_id"])
    return {account: tuple(ids) for account, ids in found.items()}


@_register(ORGANISATION_ACCOUNTS)
def organisation_accounts(path: Path) -> dict[Account, Organisation]:
    """Return the accounts of organisations that are no service's own. Raises RegistryInvalid as registered_accounts."""
    return {
        _account(row["source"], row["account"], f"{path}: row {number}: column account"): Organisation(
            row["organisation_label"], row["is_own_trust"].strip().lower() == "true"
        )
        for number, row in enumerate(rows(path), start=2)
    }


def mentioned_services(source: str, handles: Iterable[str]) -> list[str]:
    """Return those of the handles that are a service's own, as `source:handle`, in order and once each."""
    known = ((source, normalised_handle(source, handle)) for handle in handles)
    return list(
        dict.fromkeys(
            f"{source}:{handle}" for _, handle in known if handle and (source, handle) in registered_accounts()
        )
    )


def organisation_of(source: str, handle: str | None, instance: str | None = None) -> str | None:
    """Return whose account it is: the label of an organisation, or the id of a service; None where none has it."""
    normalised = normalised_handle(source, handle, instance) if handle else None
    if normalised is None:
        return None
    account = (source, normalised)
    if organisation := organisation_accounts().get(account):
        return organisation.label
    # Of an account that services share the first that is registered speaks.
    return next(iter(registered_accounts().get(account, ())), None)


def is_own_account(source: str, handle: str | None) -> bool:
    """Whether the trust itself speaks there, as the register of organisations says; a service's account is none."""
    normalised = normalised_handle(source, handle) if handle else None
    organisation = organisation_accounts().get((source, normalised)) if normalised else None
    return organisation is not None and organisation.is_own_trust


def normalised_handle(source: str, handle: str, instance: str | None = None) -> str | None:
    """Return a handle as registries are compared by, None where it cannot be one of that source.

    Small letters, without a leading `@`; the address of a profile becomes its handle. Mastodon: `name@instance`, where
    `instance` is the server that gave a name without one (it leaves its own out). Bluesky: the domain, with
    `.bsky.social` where there is none; a did is kept as it is.
    """
    written = handle.strip()
    if profile := _PROFILE.match(written):
        name = profile["path"].removeprefix("profile/").removeprefix("users/").split("/")[0]
        is_local = source == "mastodon" and "@" not in name.lstrip("@")
        written = f"{name}@{profile['host']}" if is_local else name
    if not written.startswith("did:"):
        written = written.removeprefix("acct:").removeprefix("at://").removeprefix("@").casefold()
    if source == "bluesky" and written and "." not in written and not written.startswith("did:"):
        written += ".bsky.social"
    if source == "mastodon" and instance and "@" not in written:
        written += f"@{instance.casefold()}"
    form = _FORMS.get(source)
    return written if written and (form is None or form.fullmatch(written)) else None


def _account(source: str, handle: str, where: str) -> Account:
    source = source.strip()
    normalised = normalised_handle(source, handle)
    if not source or normalised is None:
        raise RegistryInvalid(
            f"{where}: is no account. Write it as bluesky:ward.example, mastodon:@ward@server.example or x:@ward."
        )
    return source, normalised
