"""In which order services stand in a report: what needs a look first, and the alphabet only among equals."""

from wordround.published.figures import ServiceFigures

# Services of a later step stand below those of an earlier one.
CONCERN, WORSE, IMPROVED, USUAL, NOT_WATCHED = range(5)


def step(service: ServiceFigures) -> int:
    """Return how soon a service needs a look: an open concern, a theme that is criticised more, and so on."""
    if service.alert:
        return CONCERN if service.alert.direction == "concern" else IMPROVED
    if any(not move.is_good for move in service.moves):
        return WORSE
    return USUAL if service.is_monitored else NOT_WATCHED


def in_order(services: list[ServiceFigures]) -> list[ServiceFigures]:
    """Return the services by what needs a look."""
    return sorted(services, key=lambda service: (step(service), -size(service), service.label.casefold()))


def size(service: ServiceFigures) -> float:
    """Return how many comments a week an open change is about, or how sure a worse theme is; of shown figures."""
    alert, latest = service.alert, service.latest
    if alert is None:
        return max((move.distance for move in service.moves if not move.is_good), default=0.0)
    mean = alert.baseline_mean_value
    if latest is None or latest.value is None or mean is None or not service.usual[0].isdigit():
        return 0.0
    return abs(latest.value - mean) * int(service.usual.replace(",", ""))
