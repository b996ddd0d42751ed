"""Who codes on the page as whom: a name of a sample is the login's that first coded under it, and one login has one.

So nobody sees what another has said before both have coded a comment, and nobody says it for them.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from wordround.errors import ReviewRefused
from wordround.records import store
from wordround.records.reviews import SETTLED
from wordround.records.tables import review_coders, review_codes
from wordround.settings import Settings


def logins(settings: Settings, sample_id: int) -> dict[str, str]:
    """The login that codes under each name of a sample which somebody has."""
    select = sa.select(review_coders.c.coder, review_coders.c.login).where(review_coders.c.sample_id == sample_id)
    with store.reading(settings) as connection:
        return {row.coder: row.login for row in connection.execute(select)}


def take(settings: Settings, sample_id: int, coder: str, login: str) -> None:
    """Let a login code under a name from now on. Raises ReviewRefused where another does, or it has another name."""
    is_either = sa.or_(review_coders.c.coder == coder, review_coders.c.login == login)
    select = sa.select(review_coders.c.coder, review_coders.c.login).where(
        review_coders.c.sample_id == sample_id, is_either
    )
    with store.writing(settings) as connection:
        held = [(row.coder, row.login) for row in connection.execute(select)]
        if not held:
            row = {"sample_id": sample_id, "coder": coder, "login": login, "at": datetime.now(UTC)}
            connection.execute(sa.insert(review_coders), row)
        elif held != [(coder, login)]:
            raise ReviewRefused("Somebody else codes under this name, or you code this sample under another.")


def release(settings: Settings, sample_id: int, coder: str, codes: int) -> None:
    """Let a name be nobody's again, and take away the codes that are under it, all or nothing.

    Who had the name, and what they said, is in no byte afterwards. Raises ReviewRefused where these are not so many
    codes, or a comment was settled that has one: that rests on it.
    """
    of_name = (review_coders.c.sample_id == sample_id) & (review_coders.c.coder == coder)
    coded = (review_codes.c.sample_id == sample_id) & (review_codes.c.coder == coder)
    settled = sa.select(review_codes.c.item).where(
        review_codes.c.sample_id == sample_id,
        review_codes.c.coder == SETTLED,
        review_codes.c.item.in_(sa.select(review_codes.c.item).where(coded)),
    )
    with store.writing(settings) as connection:
        if connection.execute(settled.limit(1)).first():
            raise ReviewRefused(f"Comments that {coder} coded were discussed and settled: the name stays as it is.")
        if connection.execute(sa.delete(review_codes).where(coded)).rowcount != codes:
            raise ReviewRefused(f"{coder} has coded more since you opened this page. Nothing was taken away.")
        connection.execute(sa.delete(review_coders).where(of_name))
    store.leave_no_trace(settings, review_codes, review_coders)
