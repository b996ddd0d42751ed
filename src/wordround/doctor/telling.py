"""Who is told of alerts: whether subscriptions name what there is, channels have an address, and digests arrive.

No address of a channel is ever shown: who has it can post there.
"""

import stat
from collections.abc import Iterator, Mapping

from pydantic import SecretStr

from wordround.alerts import channels
from wordround.doctor.finding import Finding, attention, missing, ok
from wordround.errors import RecordsFailed, RegistryInvalid, SettingsInvalid, StorageFailed
from wordround.folders import documentation
from wordround.records import deliveries
from wordround.registers.frames import frames, themes
from wordround.registers.services import named_services
from wordround.settings import Settings, Subscription


def subscriptions(settings: Settings) -> Iterator[Finding]:
    """Look at each subscription, at the addresses of channels, and at the digests that did not go out."""
    subscribed = settings.alerts.subscriptions
    if subscribed:
        yield from _names(subscribed)
    if any(one.channel for one in subscribed):
        yield from _channels(settings)
    yield from _file(settings)
    yield from _deliveries(settings)


def _names(subscribed: tuple[Subscription, ...]) -> Iterator[Finding]:
    try:
        services = {service.service_id for service in named_services()}
        codes = {str(theme["theme_code"]) for theme in themes(frames())}
    except RegistryInvalid:
        return  # the doctor says so where it looks at the registers
    for one in subscribed:
        unknown = sorted({*one.services} - services) + sorted({*one.themes} - codes)
        if unknown:
            says = f"nothing is called {', '.join(unknown)}, so nobody is told of it"
            to_do = "Name services by their id in services.csv, and themes by their code."
            yield attention("alerts", one.name, says, to_do)


def _channels(settings: Settings) -> Iterator[Finding]:
    to_do = f"Set it in WORDROUND_CHANNELS or the file that WORDROUND_CHANNELS_FILE names: {_where()}."
    try:
        known: Mapping[str, SecretStr] = channels.addresses(settings)
    except SettingsInvalid as error:
        yield missing("alerts", "channels", str(error), to_do)
        return
    for name in sorted({one.channel for one in settings.alerts.subscriptions if one.channel}):
        address = known.get(name)
        wrong = "has no address" if address is None else channels.problem(address)
        if wrong:
            yield missing("alerts", f"channel {name}", wrong, to_do)
        else:
            yield ok("alerts", f"channel {name}", "has an address that can be used")


def _file(settings: Settings) -> Iterator[Finding]:
    path = settings.environment.channels_file
    if path is not None and path.expanduser().is_file():
        mode = stat.S_IMODE(path.expanduser().stat().st_mode)
        if mode & 0o077:
            says = "others may read it, and post to every channel in it"
            yield missing("alerts", "WORDROUND_CHANNELS_FILE", says, "chmod 600 the file that it names.")


def _deliveries(settings: Settings) -> Iterator[Finding]:
    try:
        unsent = deliveries.unsent(settings)
    except (RecordsFailed, StorageFailed, SettingsInvalid):
        return  # the doctor says so where it looks at the records
    for step in unsent:
        says = f"the digest of {step.at:%d %B %Y} did not go out: {step.reason or 'its process ended meanwhile'}"
        to_do = "Put the cause right; the next run of watch_trends tries again."
        yield attention("alerts", f"{step.subscriber} ({step.way})", says, to_do)


def _where() -> str:
    return documentation("settings.md#channels")
