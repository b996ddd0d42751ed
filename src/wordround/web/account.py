"""The account: who somebody is here, what they may see and do, and whom to ask for more."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from wordround.errors import WordroundError
from wordround.web.people import MEANING, Person
from wordround.web.visits import rendered
from wordround.web_access import ROLES


def page(request: Request, person: Person, status: int = 200) -> HTMLResponse:
    """The page of an account, also of one that has no role."""
    settings = request.app.state.settings
    labels = _labels(request)
    services = sorted(labels.get(each, each) for each in person.services)
    may = [(each, MEANING[each]) for each in ROLES if each in person.roles]
    title = "Your account" if person.roles else "You have no access yet"
    made = rendered(
        request, settings, person, "account.html.j2", title=title, may=may, services=services,
        contact=settings.web.contact or "whoever runs Wordround at your trust",
    )  # fmt: skip
    return HTMLResponse(made, status)


def _labels(request: Request) -> dict[str, str]:
    """What services are called, where anything is published."""
    try:
        with request.app.state.publications.newest() as (build, _):
            return {service.service_id: service.label for service in build.services}
    except WordroundError:
        return {}
