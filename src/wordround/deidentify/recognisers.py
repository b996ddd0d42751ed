"""Every recogniser, in groups by what a text must hold before it is asked."""

from collections.abc import Callable, Iterable

from wordround.deidentify import (
    age,
    bank_account,
    date_of_birth,
    dated_event,
    driving_licence,
    email,
    handle,
    home_place,
    hospital_number,
    house_name,
    ip_address,
    national_insurance,
    nhs_number,
    organisation,
    passport,
    phone,
    postcode,
    reference_number,
    spelt_number,
    street_address,
    vehicle,
    web_address,
)
from wordround.deidentify.names import initials, introduced, person
from wordround.deidentify.screen import DIGITS, MARKS, NAMES, PLACES, TIMES, WORKPLACES
from wordround.deidentify.spans import Span

Finder = Callable[[str], Iterable[Span | tuple[Span, float]]]

GROUPS: dict[str, tuple[Finder, ...]] = {
    MARKS: (email.find, web_address.find, handle.find),
    DIGITS: (
        ip_address.find,
        nhs_number.find,
        phone.find,
        spelt_number.find,
        national_insurance.find,
        postcode.find,
        hospital_number.find,
        passport.find,
        driving_licence.find,
        vehicle.find,
        bank_account.find,
        reference_number.find,
    ),
    PLACES: (street_address.find, house_name.find, home_place.find),
    WORKPLACES: (organisation.find,),
    TIMES: (age.find, date_of_birth.find, dated_event.find),
    NAMES: (introduced.find, person.find, initials.find),
}
