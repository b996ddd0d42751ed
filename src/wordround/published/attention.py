"""In which order services stand in a report: what needs a look first, and the alphabet only among equals."""

from wordround.published.figures import ServiceFigures

# Services of a later step stand below those of an earlier one.
CONCERN, FADING, WATCHED, WORSE, IMPROVED, USUAL, NOT_WATCHED = range(7)


def step(service: ServiceFigures) -> int:
    """Return how soon a service needs a look: an alert, a voice that fades, what is watched, a worse theme."""
    alert = service.alert
    if alert and alert.direction == "concern":
        return CONCERN if alert.tier_code == "alert" else WATCHED
    if service.watch and service.watch.is_fading:
        return FADING
    if alert:
        return IMPROVED
    if any(not move.is_good for move in service.moves):
        return WORSE
    return USUAL if service.is_watched else NOT_WATCHED


def in_order(services: list[ServiceFigures]) -> list[ServiceFigures]:
    """Return the services by what needs a look."""
    return sorted(services, key=lambda service: (step(service), -size(service), service.label.casefold()))


def size(service: ServiceFigures) -> float:
    """Return how many comments a week an open change is about, or how sure a worse theme is; of shown figures."""
    alert, latest = service.alert, service.latest
    if alert is None:
        return max((move.distance for move in service.moves if not move.is_good), default=0.0)
    if latest is None or latest.value is None or not service.usual[0].isdigit():
        return 0.0
    return abs(latest.value - alert.expected_share) * int(service.usual.replace(",", ""))
