"""A certificate that is not trusted is said in these words, at once, with what to set."""

import ssl
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from wordround.connectors import registry
from wordround.connectors.asking.accounts import QueryAccount
from wordround.connectors.asking.contract import Request
from wordround.connectors.asking.fetching import Fetcher
from wordround.connectors.blocks import Query
from wordround.errors import CertificateNotTrusted, EnvironmentInvalid, SourceDown


def make(folder, address="127.0.0.1", days=(-1, 1)):
    """Write a certificate that nobody has signed but itself, with its key; return its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def server(certificate):
    with serving(certificate) as address:
        yield address


@contextmanager
def serving(certificate):
    """Yield the address of a server that shows this certificate and answers with an empty list."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_):
            """Say nothing."""

    there = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    there.socket = context.wrap_socket(there.socket, server_side=True)
    Thread(target=there.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"https://127.0.0.1:{there.server_port}"
    there.shutdown()
    there.server_close()


def fetch(address):
    block = registry.blocks()["mastodon"].model_validate({"instances": [address]})
    connector = registry.connector("mastodon")(block, "XFV", {})
    account, rested = QueryAccount(Query(id="q", hashtags=("nhs",))), []
    with Fetcher(connector, sleep=rested.append) as fetcher:
        try:
            return fetcher.fetch(Request(f"{address}/api/v1/timelines/tag/nhs"), account).content
        finally:
            assert (account.requests, rested) == (1, [])


def test_a_certificate_that_is_not_trusted_is_said_at_once_with_what_to_set(server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(CertificateNotTrusted) as refused:
        fetch(server)
    assert "certificate of 127.0.0.1 is not trusted (self-signed certificate)" in str(refused.value)
    assert "SSL_CERT_FILE" in str(refused.value)
    assert isinstance(refused.value, SourceDown)


def test_it_is_trusted_once_its_authority_is_named(server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(server) == []


@pytest.mark.parametrize(
    ("more", "reason"), [({"days": (-9, -1)}, "has expired"), ({"address": "127.0.0.9"}, "not valid for '127.0.0.1'")]
)
def test_a_certificate_that_no_authority_could_put_right_is_for_its_server_to_mend(more, reason, tmp_path, monkeypatch):
    made = make(tmp_path, **more)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    with serving(made) as address, pytest.raises(CertificateNotTrusted, match=reason) as refused:
        fetch(address)
    assert "whoever runs this server" in str(refused.value)
    assert "SSL_CERT_FILE" not in str(refused.value)


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_file_of_authorities_that_cannot_be_read_is_named(content, tmp_path, monkeypatch):
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(EnvironmentInvalid, match=r"SSL_CERT_FILE.*authority\.pem holds no certificates"):
        fetch("https://127.0.0.1:1")
