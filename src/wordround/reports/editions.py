"""Editions of the report: the whole trust, and, of a week, one for each lead of `[[report.leads]]` on their services.

A lead's edition is the same report on fewer services: the same figures, hidden by the same rule, since what is hidden
is hidden in the marts. What is trust-wide (social media, the rate card) stays so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from wordround.plain_text import label as as_label
from wordround.published.reading import Published
from wordround.settings import ReportLead, Settings

Value = TypeVar("Value")


@dataclass(frozen=True)
class Edition:
    """One edition: its name for people and for folders, both empty for the whole trust, and who gets it."""

    title: str
    name: str
    recipients: tuple[str, ...]


def whole_trust(settings: Settings) -> Edition:
    """Return the edition of the whole trust."""
    return Edition("", "", settings.report.recipients)


def of_leads(settings: Settings) -> list[tuple[Edition, ReportLead]]:
    """Return an edition for each lead of the settings."""
    return [(Edition(each.name, each.folder_name, each.recipients), each) for each in settings.report.leads]


def recipients(settings: Settings, name: str) -> tuple[str, ...] | None:
    """Return who gets the edition of this name; None where no lead of the settings has it any more."""
    known = [whole_trust(settings), *(edition for edition, _ in of_leads(settings))]
    return next((edition.recipients for edition in known if edition.name == name), None)


def unknown_services(published: Published, lead: ReportLead) -> list[str]:
    """Return what a lead's block names as services and nobody has written about."""
    return [each for each in lead.services if not _ids(published, (each,))]


def narrowed(published: Published, lead: ReportLead) -> Published:
    """Return what is published on the services of one lead."""
    ids = _ids(published, lead.services)

    def of_lead(by_service: Mapping[str, Value]) -> dict[str, Value]:
        return {service: value for service, value in by_service.items() if service in ids}

    return replace(
        published,
        services=[each for each in published.services if each.service_id in ids],
        service_weeks=of_lead(published.service_weeks),
        points=of_lead(published.points),
        themes=of_lead(published.themes),
        week_themes=of_lead(published.week_themes),
        comments=[each for each in published.comments if each.service_id in ids],
        alerts=[each for each in published.alerts if each.service_id in ids],
        examples=of_lead(published.examples),
    )


def _ids(published: Published, named: tuple[str, ...]) -> set[str]:
    """The services that are meant, by id or by name."""
    wanted = {each.casefold() for each in named}
    return {
        each.service_id
        for each in published.services
        if each.service_id.casefold() in wanted or as_label(each.service_label).casefold() in wanted
    }
