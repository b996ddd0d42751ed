"""The stand-in against the real Bluesky server: asked alike, both answer alike."""

import itertools
from datetime import UTC, datetime

import httpx
import pytest

from tests.live.bluesky_server import PASSWORD, POST, facet, quoting, reply_to
from wordround.demo.standins.bluesky import LOGIN, Bluesky
from wordround.demo.standins.bluesky import PASSWORD as STANDIN_PASSWORD
from wordround.demo.standins.world import Post

pytestmark = pytest.mark.live

SIGN_IN, SEARCH, POSTS = "com.atproto.server.createSession", "app.bsky.feed.searchPosts", "app.bsky.feed.getPosts"
UNKNOWN = f"at://did:plc:{'a' * 24}/{POST}/3k00000000000"
# Says nothing that its place does not say; the SDK writes it, most apps do not.
OF_THE_SDK = {
    "app.bsky.richtext.facet",
    "app.bsky.richtext.facet#byteSlice",
    "app.bsky.feed.post#replyRef",
    "com.atproto.repo.strongRef",
}
LIMITS = ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "ratelimit-policy", "retry-after")


class Server:
    """The real one or the stand-in, with a session."""

    def __init__(self, address: str, login: str, password: str) -> None:
        self.http = httpx.Client(base_url=f"{address}/xrpc/", timeout=30)
        self.login, self.password = login, password
        signed_in = self.sign_in(identifier=login, password=password)
        self.session = signed_in.json()

    def sign_in(self, **given: str) -> httpx.Response:
        return self.http.post(SIGN_IN, json=given)

    def get(self, method: str, token: str | None = None, **params) -> httpx.Response:
        authorization = f"Bearer {self.session['accessJwt']}" if token is None else token
        return self.http.get(method, params=params, headers={"Authorization": authorization} if authorization else {})


@pytest.fixture(scope="module")
def both(address, person):
    """The stand-in and the real server, with the same posts, and the uris of those."""
    ann, private, now, tag = person(), person(), datetime.now(UTC), "FernvaleStandIn"
    link = "https://blog.example.co.uk/a"
    first = ann.post("Kind nurses", tag)
    ann.post(f"Read {link}", tags=[tag], langs=None, facets=[facet(5, len(link), "link", uri=link)])
    ann.post("And the food", tag, **reply_to(first))
    ann.post("Look at this", tag, **quoting(first))
    gone = ann.post("Deleted", tag)
    ann.post("Look at that", tag, **quoting(gone))
    ann.client.delete_post(gone.uri)
    private.label("!no-unauthenticated")
    private.post("For members", tag)
    real = Server(address, ann.handle, PASSWORD)
    ann.waits_for(tag, 6)
    world = [
        Post("a", f"Kind nurses #{tag}", now),
        Post("b", f"Read {link}", now, links=(link,), language="", extra={"tags": [tag]}),
        Post("c", f"And the food #{tag}", now, reply_to="a"),
        Post("d", f"Look at this #{tag}", now, quote_of="a"),
        Post("e", f"Look at that #{tag}", now, quote_of="z"),
        Post("f", f"For members #{tag}", now, author="ben", is_opted_out=True),
    ]
    with Bluesky(world) as standin:
        standin.wall = None
        yield Server(standin.address, LOGIN, STANDIN_PASSWORD), real, tag


def shape(value, name=""):
    """Return the fields of an answer, their types, and the values of those that do not depend on who and when."""
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if key != "newFieldOfTomorrow"}
        return {key: shape(one, key) for key, one in sorted(kept.items()) if key != "$type" or one not in OF_THE_SDK}
    if isinstance(value, list):
        return [shape(one, name) for one in value]
    return value if name in ("$type", "val", "tag", "text", "active", "blockedBy") else type(value).__name__


def test_a_session_has_the_same_fields_and_a_limit_of_its_own(both):
    standin, real, _ = both
    assert shape(standin.session) == shape(real.session)
    answers = [server.sign_in(identifier=server.login, password=server.password) for server in (standin, real)]
    assert [answer.headers["ratelimit-policy"] for answer in answers] == ["30;w=300", "30;w=300"]
    answers = [server.get(SEARCH, q="x") for server in (standin, real)]
    assert [answer.headers["ratelimit-policy"] for answer in answers] == ["3000;w=300", "3000;w=300"]


def test_a_post_of_every_kind_has_the_same_fields(both):
    standin, real, tag = both
    shown = [server.get(SEARCH, q=f"#{tag}", tag=tag, limit=100).json() for server in (standin, real)]
    mine, theirs = ({view["record"]["text"]: view for view in each["posts"]} for each in shown)
    assert mine.keys() == theirs.keys()
    assert len(mine) == 6
    for text, view in mine.items():
        assert shape(view) == shape(theirs[text])
    assert [each.keys() for each in shown] == [{"posts"}, {"posts"}]
    pages = [server.get(SEARCH, q=f"#{tag}", limit=4).json() for server in (standin, real)]
    assert [each.keys() for each in pages] == [{"posts", "cursor"}, {"posts", "cursor"}]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        (SEARCH, {}),
        (SEARCH, {"q": ""}),
        (SEARCH, {"q": "x", "limit": 0}),
        (SEARCH, {"q": "x", "limit": 101}),
        (SEARCH, {"q": "x", "limit": "many"}),
        (SEARCH, {"q": "x", "cursor": "nonsense"}),
        (SEARCH, {"q": "x", "since": "last week"}),
        (SEARCH, {"q": '"nobody says this"'}),
        (POSTS, {}),
        (POSTS, {"uris": [UNKNOWN]}),
        (POSTS, {"uris": [UNKNOWN, "not a uri"]}),
        (POSTS, {"uris": [UNKNOWN] * 26}),
        ("app.bsky.feed.noSuchThing", {}),
    ],
    ids=str,
)
def test_what_is_asked_wrongly_is_refused_in_the_same_words(both, method, params):
    standin, real, _ = both
    mine, theirs = standin.get(method, **params), real.get(method, **params)
    assert (mine.status_code, mine.json()) == (theirs.status_code, theirs.json())
    assert _limits(mine) == _limits(theirs)


def _limits(answer):
    return {name for name in LIMITS if name in answer.headers}


@pytest.mark.parametrize("token", ["", "Bearer a.b.c", "Bearer refresh", "Basic YTpi"])
def test_who_is_not_signed_in_is_refused_in_the_same_words(both, token):
    answers = [server.get(SEARCH, token.replace("refresh", server.session["refreshJwt"]), q="x") for server in both[:2]]
    mine, theirs = ((answer.status_code, answer.json(), _limits(answer)) for answer in answers)
    assert mine == theirs


def test_a_wrong_sign_in_is_refused_in_the_same_words(both):
    for name, given in itertools.product(("own", "nobody.test"), ({"password": "wrong"}, {})):
        answers = [server.sign_in(identifier=server.login if name == "own" else name, **given) for server in both[:2]]
        mine, theirs = ((answer.status_code, answer.json()) for answer in answers)
        assert mine == theirs
