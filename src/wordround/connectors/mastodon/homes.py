"""The home of a post: the server on which it was written, and how that server is asked whether it is still there.

Servers that speak Mastodon's API give their posts addresses in forms of their own. Some end with the id by which the
server knows the post; the others lead to the post itself (ActivityPub). Pure.
"""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

# Mastodon and GoToSocial; Mastodon's addresses by number; Pixelfed; Sharkey and others of Misskey's family.
_WITH_ID = re.compile(r"/(?:statuses|p/[^/?#]+|notes)/(\w+)(?:/activity)?$")
# Akkoma, Pleroma, Friendica: an id that is not the API's.
_WITHOUT_ID = re.compile(r"/(?:objects|activities|display)/[\w-]+$")
# Mastodon until 2016, and what it still shows of then.
_TAG = re.compile(r"tag:([\w.-]+),\d{4}(?:-\d\d){0,2}:objectId=(\d+):objectType=Status")


class Home(NamedTuple):
    """`address` of a server; `own_id`: its id of the post, None where the post is asked for by its own address."""

    address: str
    own_id: str | None


def home_of(uri: str) -> Home | None:
    """Return the home of a post by its address; None where the address is of a form that nobody could be asked by."""
    if old := _TAG.fullmatch(uri):
        return Home(f"https://{old[1]}", old[2])
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    address = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.query or parts.fragment:
        return None
    if found := _WITH_ID.search(parts.path):
        return Home(address, found[1])
    return Home(address, None) if _WITHOUT_ID.search(parts.path) else None
