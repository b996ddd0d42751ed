"""A certificate that is not trusted is said in these words, at once, with what to set."""

import ssl
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
from wordround.errors import CertificateNotTrusted, SourceDown


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The file of a certificate that nobody has signed but itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def server(certificate):
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
