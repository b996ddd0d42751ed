"""How people log in: what a proxy has to prove, where the page listens, how long a session is good, what is counted."""

import grp
import json
import os
import socket
import stat
import time
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest
from fastapi.testclient import TestClient
from itsdangerous import TimestampSigner
from pydantic import SecretStr, ValidationError

from tests.fixtures.provider import free_port
from tests.fixtures.published import publish, settings_for
from tests.fixtures.web import ADDRESS, SECRET, groups_as_toml, served, web_settings, words
from wordround.errors import SettingsInvalid
from wordround.settings import Settings
from wordround.web import sessions
from wordround.web.application import application
from wordround.web.listening import listening
from wordround.web.login.oidc import own_page
from wordround.web.login.proxy import SECRET_HEADER
from wordround.web.rates import Rate
from wordround.web_access import Web

ISSUER = "https://login.fernvale.example/realms/staff"


def oidc_settings(home: Path, **web: object) -> Settings:
    block = {"login": "oidc", "oidc": {"issuer": ISSUER, "client_id": "wordround"}} | web
    settings = web_settings(home, **block)
    environment = settings.environment.model_copy(update={"oidc_secret": SecretStr(SECRET)})
    return settings.model_copy(update={"environment": environment})


def session(settings: Settings, groups: list[str], hours: float = 1, **more: object) -> str:
    """A cookie as the page signs one after a login."""
    who = {"name": "m.farrow", "groups": groups, "id": "1", "until": int(time.time() + hours * 3600)} | more
    signer = TimestampSigner(sessions.key(settings))
    return signer.sign(b64encode(json.dumps({"who": who, "form": "t"}).encode())).decode()


def visitor(settings: Settings, cookie: str) -> TestClient:
    client = TestClient(application(settings), ADDRESS, follow_redirects=False)
    client.cookies.set(sessions.cookie(is_https=True), cookie)
    return client


class TestSessions:
    def test_a_session_ends_by_its_hours_however_fresh_its_signature_is(self, tmp_path: Path) -> None:
        settings = oidc_settings(tmp_path)
        assert visitor(settings, session(settings, ["readers"])).get("/account").status_code == 200
        assert visitor(settings, session(settings, ["readers"], hours=-0.001)).get("/account").status_code == 303

    def test_using_it_does_not_make_it_longer(self, tmp_path: Path) -> None:
        settings = oidc_settings(tmp_path)
        client = visitor(settings, session(settings, ["readers"], form=""))
        first = client.get("/account")
        for cookie in first.headers.get_list("set-cookie"):
            signed = cookie.partition("=")[2].partition(";")[0]
            held = json.loads(b64decode(TimestampSigner(sessions.key(settings)).unsign(signed.encode())))
            assert held["who"]["until"] <= time.time() + 3600

    def test_a_role_that_the_settings_take_away_is_gone_with_them(self, tmp_path: Path) -> None:
        settings = oidc_settings(tmp_path)
        cookie = session(settings, ["analysts"])
        assert "Analyst" in words(visitor(settings, cookie).get("/account"))
        fewer = oidc_settings(tmp_path, groups=[{"name": "readers", "roles": ["reader"]}])
        refused = visitor(fewer, cookie).get("/account")
        assert "Analyst" not in words(refused) and "You have no access yet" in words(refused)
        assert visitor(fewer, cookie).get("/").status_code == 403

    def test_another_key_ends_every_session(self, tmp_path: Path) -> None:
        settings = oidc_settings(tmp_path)
        cookie = session(settings, ["analysts"])
        (tmp_path / "keys" / "web.key").unlink()
        assert visitor(settings, cookie).get("/account").status_code == 303

    def test_the_key_is_its_owners_alone_and_long(self, tmp_path: Path) -> None:
        settings = oidc_settings(tmp_path)
        made = sessions.key(settings)
        path = tmp_path / "keys" / "web.key"
        assert len(made) == 64 and sessions.key(settings) == made and stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
        with pytest.raises(SettingsInvalid, match="others may read this key"):
            sessions.key(settings)
        for lost in ("", "short", "x" * 64):
            environment = settings.environment.model_copy(update={"web_key": SecretStr(lost)})
            with pytest.raises(SettingsInvalid, match="WORDROUND_WEB_KEY"):
                application(settings.model_copy(update={"environment": environment}))

    def test_the_cookie_is_this_hosts_alone_and_no_script_reads_it(self, tmp_path: Path) -> None:
        settings = oidc_settings(tmp_path)
        client = visitor(settings, session(settings, ["readers"]))
        [cookie] = client.post("/logout", data={"form_token": "t"}).headers.get_list("set-cookie")
        name, *attributes = (part.strip().lower() for part in cookie.split(";"))
        assert name.startswith("__host-wordround=")
        assert {"path=/", "httponly", "samesite=lax", "secure"} <= set(attributes)
        assert not any(each.startswith("domain") for each in attributes)

    def test_only_a_form_of_the_session_logs_out_and_copies_of_its_cookie_are_worth_nothing(
        self, tmp_path: Path
    ) -> None:
        settings = oidc_settings(tmp_path)
        cookie = session(settings, ["readers"])
        client = visitor(settings, cookie)
        assert client.get("/logout").status_code == 405
        assert client.post("/logout", data={"form_token": "guessed"}).status_code == 403
        assert client.get("/account").status_code == 200
        client.post("/logout", data={"form_token": "t"})
        client.cookies.clear()
        client.cookies.set(sessions.cookie(is_https=True), cookie)
        assert client.get("/account").status_code == 303
        assert client.post("/logout", data={}).headers["location"] == "/logged-out"


class TestOidc:
    @pytest.mark.parametrize(
        "to",
        [
            "https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil.example", "//[",
            "javascript:alert(1)", "/a\r\nSet-Cookie: x=1", "evil", "", "/login", "/login?to=/login", "/login/back?x",
            "/logout", "/" + "a" * 1_000, "/\u202e",
        ],
    )  # fmt: skip
    def test_nobody_is_sent_to_another_site_or_round_in_circles(self, to: str) -> None:
        assert own_page(to) == "/"

    @pytest.mark.parametrize("to", ["/", "/alerts?show=all&service=a%20b", "/services/kestrel", "/search?q=//x"])
    def test_pages_of_ours_are_where_the_login_leads(self, to: str) -> None:
        assert own_page(to) == to

    def test_a_provider_that_cannot_be_reached_stops_nobody_who_is_logged_in(self, tmp_path: Path) -> None:
        settings = oidc_settings(tmp_path, oidc={"issuer": "http://127.0.0.1:9", "client_id": "wordround"})
        client = visitor(settings, session(settings, ["readers"]))
        assert client.get("/account").status_code == 200
        stopped = client.get("/login?to=/services")
        assert stopped.status_code == 503 and "cannot be reached" in words(stopped)
        assert client.post("/logout", data={"form_token": "t"}).headers["location"] == "/logged-out"

    def test_without_the_secret_the_page_does_not_start(self, tmp_path: Path) -> None:
        for secret in (None, SecretStr("")):
            settings = oidc_settings(tmp_path)
            environment = settings.environment.model_copy(update={"oidc_secret": secret})
            with pytest.raises(SettingsInvalid, match="WORDROUND_OIDC_SECRET"):
                application(settings.model_copy(update={"environment": environment}))

    def test_who_tries_to_log_in_without_end_is_told_to_wait_and_others_are_not(self, tmp_path: Path) -> None:
        client = TestClient(application(oidc_settings(tmp_path)), ADDRESS, follow_redirects=False)
        tries = [
            client.get("/login/back", headers={"X-Forwarded-For": "203.0.113.7, 198.51.100.1"}).status_code
            for _ in range(62)
        ]
        assert tries[:60] == [403] * 60 and tries[60:] == [429, 429]
        waits = client.get("/login/back")
        assert waits.status_code == 429 and waits.headers["Retry-After"] == "60" and "Wait a minute" in words(waits)


class TestRate:
    def test_each_client_and_all_together_have_a_limit_that_passes(self) -> None:
        now = [0.0]
        rate = Rate(each=2, together=5, seconds=60, clock=lambda: now[0])
        assert [rate.takes("a") for _ in range(3)] == [True, True, False]
        assert [rate.takes(name) for name in "bbcd"] == [True, True, True, False]
        now[0] = 60
        assert rate.takes("a") and rate.takes("d")

    def test_a_flood_of_clients_is_held_in_bounds(self) -> None:
        rate = Rate(each=2, together=100_000, clock=lambda: 0.0)
        for number in range(20_000):
            rate.takes(str(number))
        assert len(rate._clients) <= 10_000


class TestOff:
    def test_without_a_login_the_page_is_for_this_machine_and_an_invented_trust(self, tmp_path: Path) -> None:
        publish(tmp_path)
        assert TestClient(application(settings_for(tmp_path)), "http://127.0.0.1:8790").get("/").status_code == 200
        elsewhere = settings_for(tmp_path, web={"address": ADDRESS})
        with pytest.raises(SettingsInvalid, match="address is https://wordround"):
            application(elsewhere)
        real = settings_for(tmp_path, trust={"name": "A real trust", "code": "RXX"})
        with pytest.raises(SettingsInvalid, match="every account of this machine"):
            application(real)

    def test_an_address_elsewhere_has_a_certificate(self) -> None:
        assert Web(address="http://127.0.0.1:8790").address
        for address in ("http://wordround.example", "http://127.0.0.1.evil.example", "http://localhost@evil.example"):
            with pytest.raises(ValidationError, match="https"):
                Web(address=address)


class TestProxy:
    def test_a_socket_is_opened_by_its_owner_alone_and_answers_there_and_nowhere_else(self, tmp_path: Path) -> None:
        publish(tmp_path)
        folder = tmp_path / "run"
        folder.mkdir(mode=0o700)
        place = folder / "page.sock"
        web = f'login = "proxy"\naddress = "{ADDRESS}"\n{groups_as_toml()}[web.proxy]\nsocket = "{place}"\n'
        stale = socket.socket(socket.AF_UNIX)
        stale.bind(str(place))
        stale.close()  # as a page that was stopped leaves it
        with served(tmp_path, web) as process:
            assert stat.S_IMODE(place.stat().st_mode) == 0o600
            tables = Path(f"/proc/{process.pid}/net/tcp").read_text() if Path("/proc").exists() else ""
            held = {str(each.readlink()) for each in Path(f"/proc/{process.pid}/fd").iterdir()} if tables else set()
            assert not [line for line in tables.splitlines() if f"socket:[{line.split()[9]}]" in held]
            with httpx.Client(transport=httpx.HTTPTransport(uds=str(place)), base_url="http://localhost") as client:
                said = {"X-Forwarded-User": "zoë", "X-Forwarded-Groups": "readers"}
                found = client.get("/account", headers={name: value.encode() for name, value in said.items()})
                assert found.status_code == 200 and "zoë" in found.text
                assert client.get("/account").status_code == 403

    def test_who_comes_by_the_network_is_nobody_where_people_come_through_the_socket(self, tmp_path: Path) -> None:
        settings = web_settings(tmp_path, proxy={"socket": str(tmp_path / "s.sock")})
        client = TestClient(application(settings), ADDRESS)
        said = {"X-Forwarded-User": "boss", "X-Forwarded-Groups": "analysts", SECRET_HEADER: SECRET}
        assert client.get("/account", headers=said).status_code == 403

    def test_a_group_may_open_the_socket_where_the_settings_say_which(self, tmp_path: Path) -> None:
        group = os.getegid()
        name = grp.getgrgid(group).gr_name
        place = tmp_path / "page.sock"
        with listening(web_settings(tmp_path, proxy={"socket": str(place), "socket_group": name})):
            assert stat.S_IMODE(place.stat().st_mode) == 0o660 and place.stat().st_gid == group

    def test_a_place_that_is_not_safe_or_taken_is_refused_and_says_why(self, tmp_path: Path) -> None:
        def refused(place: str, why: str, port: int | None = None, **more: str) -> None:
            with pytest.raises(SettingsInvalid, match=why):
                listening(web_settings(tmp_path, proxy={"socket": place, **more}), port)

        (tmp_path / "open").mkdir()
        (tmp_path / "open").chmod(0o777)
        refused(str(tmp_path / "open" / "page.sock"), "everybody may write to")
        refused("page.sock", "give its whole path")
        refused(str(tmp_path / "nowhere" / "page.sock"), "cannot be made")
        refused(str(tmp_path / "page.sock"), "on no port", port=8790)
        refused(str(tmp_path / "group.sock"), "cannot be made", socket_group="no-such-group")
        (tmp_path / "file.sock").write_text("kept")
        refused(str(tmp_path / "file.sock"), "no socket")
        assert (tmp_path / "file.sock").read_text() == "kept"
        with listening(web_settings(tmp_path, proxy={"socket": str(tmp_path / "taken.sock")})) as taken:
            assert taken.getsockname() == str(tmp_path / "taken.sock")
            refused(str(tmp_path / "taken.sock"), "answers there already")

    def test_a_port_is_one_of_this_machine_and_one_that_is_taken_is_named(self, tmp_path: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with pytest.raises(SettingsInvalid, match=f"nothing can listen on {port}"):
                listening(web_settings(tmp_path), port)
        with listening(web_settings(tmp_path), port) as made:
            assert made.getsockname() == ("127.0.0.1", port)

    def test_it_listens_on_all_addresses_by_name_only_and_never_without_a_login(self, tmp_path: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with listening(web_settings(tmp_path), port, on_all_addresses=True) as made:
            assert made.getsockname() == ("0.0.0.0", port)
        with pytest.raises(SettingsInvalid, match="login is off"):
            listening(settings_for(tmp_path), port, on_all_addresses=True)
        with pytest.raises(SettingsInvalid, match="on no address"):
            listening(web_settings(tmp_path, proxy={"socket": str(tmp_path / "p.sock")}), on_all_addresses=True)


def _open(port: int, sends: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=30)
    made.sendall(sends)
    return made


def _status(port: int) -> int:
    return httpx.get(f"http://127.0.0.1:{port}/assets/page.css", timeout=30).status_code


class TestFloods:
    def test_a_flood_is_turned_away_costs_no_memory_and_is_over_when_it_ends(self, tmp_path: Path) -> None:
        publish(tmp_path)
        port = free_port()
        with served(tmp_path, f'login = "off"\nport = {port}\n') as process:
            assert _status(port) == 200
            # What is read of a publication ahead of its first visitor is no flood.
            for page in ("", "themes"):
                assert httpx.get(f"http://127.0.0.1:{port}/{page}", timeout=120).status_code == 200
            before = psutil.Process(process.pid).memory_info().rss
            # Whoever never ends a request holds a place, of which there are so many.
            held = [_open(port, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n") for _ in range(205)]
            assert _status(port) == 503
            for each in held:
                each.close()
            assert next(status for _ in range(100) if (status := _status(port)) == 200 or time.sleep(0.05))
            # Headers without end are not collected.
            with _open(port, b"GET / HTTP/1.1\r\n") as endless:
                with suppress(OSError):
                    for _ in range(300):
                        endless.sendall(b"X-A: " + b"a" * 100_000 + b"\r\n")
                assert psutil.Process(process.pid).memory_info().rss - before < 20_000_000
            assert _status(port) == 200
