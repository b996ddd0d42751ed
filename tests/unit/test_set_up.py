"""The set-up on a trust's network: what pip and uv hear of it, and the sentence about what refused."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import set_up

ROOT = Path(set_up.__file__).parent
RETRYING = (
    "WARNING: Retrying (Retry(total=0, connect=None, read=None)) after connection broken by '{}': /simple/idna/\n"
)
NOTHING_FOUND = (
    "ERROR: Could not find a version that satisfies the requirement idna (from versions: none)\n"
    "ERROR: No matching distribution found for idna\n"
)
# What pip 23.2 and uv 0.13 print, recorded on a network of each kind.
RECORDED = {
    "pip, TLS inspected": (
        RETRYING.format(
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable "
            "to get local issuer certificate (_ssl.c:1006)'))"
        )
        + NOTHING_FOUND,
        "certificate",
    ),
    "uv, TLS inspected": (
        "error: Failed to fetch: https://index.example/simple/idna/\n"
        "  cause: error sending request for url (https://index.example/simple/idna/)\n  cause: client error (Connect)\n"
        "  cause: invalid peer certificate: UnknownIssuer\n",
        "certificate",
    ),
    "pip, proxy refuses": (
        RETRYING.format("ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 403 Forbidden'))")
        + NOTHING_FOUND,
        "proxy",
    ),
    "pip, no such proxy": (
        RETRYING.format(
            "ProxyError('Cannot connect to proxy.', NewConnectionError('<HTTPSConnection object at 0x7f>: Failed to "
            "establish a new connection: [Errno 111] Connection refused'))"
        )
        + NOTHING_FOUND,
        "proxy",
    ),
    "uv, proxy refuses": (
        "error: Request failed after 3 retries in 5.5s\n  cause: Failed to fetch: https://index.example/simple/idna/\n"
        "  cause: client error (Connect)\n  cause: tunnel error: unsuccessful\n",
        "proxy",
    ),
    "uv, proxy asks who it is": (
        "  cause: client error (Connect)\n  cause: tunnel error: proxy authorization required\n",
        "proxy",
    ),
    "uv, no such proxy": (
        "  cause: error sending request for url (https://index.example/simple/idna/)\n"
        "  cause: tunnel error: failed to create underlying connection\n  cause: Connection refused (os error 111)\n",
        "proxy",
    ),
    "pip, no such server": (
        RETRYING.format(
            "NewConnectionError('<HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -2] "
            "Name or service not known')"
        )
        + NOTHING_FOUND,
        "cannot be reached",
    ),
    "uv, no such server": (
        "error: Request failed after 3 retries in 10.5s\n  cause: client error (Connect)\n  cause: dns error\n"
        "  cause: failed to lookup address information: Name or service not known\n",
        "cannot be reached",
    ),
    "uv, server does not answer": (
        "error: Failed to fetch: https://localhost/simple/idna/\n  cause: operation timed out\n",
        "cannot be reached",
    ),
    "uv, the index refuses": (
        "error: No solution found when resolving dependencies\n  cause: Because idna was not found in the package "
        "registry and you require idna, we can conclude that your requirements are unsatisfiable.\n\nhint: An index "
        "(http://localhost/403/simple) returned a 403 Forbidden error.\n",
        "refused",
    ),
    "uv, the index is ill": (
        "  cause: HTTP status server error (503 Service Unavailable) for url (http://localhost/503/simple/idna/)\n",
        "refused",
    ),
    "pip, nothing at the index": (NOTHING_FOUND, "has nothing of the package"),
    "pip, not that version": (
        "ERROR: Could not find a version that satisfies the requirement idna==99.9 (from versions: 3.18, 3.19)\n"
        "ERROR: No matching distribution found for idna==99.9\n",
        "does not have the package",
    ),
    "uv, not that version": (
        "error: No solution found when resolving dependencies\n  cause: Because there is no version of idna==99.9 and "
        "you require idna==99.9, we can conclude that your requirements are unsatisfiable.\n",
        "does not have the package",
    ),
    "pip, another file": (
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package "
        "versions, please update the hashes.\n        Expected sha256 00\n             Got        94\n",
        "hashes differ",
    ),
    "uv, another file": (
        "error: Failed to download `idna==3.10`\n  cause: Hash mismatch for `idna==3.10`\n",
        "hashes differ",
    ),
    "Debian without python3-venv": (
        "The virtual environment was not created successfully because ensurepip is not\navailable.  On Debian/Ubuntu "
        "systems, you need to install the python3-venv\npackage using the following command.\n",
        "venv module",
    ),
    "Python without venv": ("/usr/bin/python3: No module named venv\n", "venv module"),
    "no room": ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n", "disk"),
}


@pytest.mark.parametrize("case", RECORDED)
def test_what_refused_is_said_in_one_sentence(case: str) -> None:
    printed, says = RECORDED[case]
    sentence = set_up.cause(printed)
    assert sentence is not None and says in sentence
    assert "\n" not in sentence


def test_what_nobody_foresaw_is_not_explained() -> None:
    assert set_up.cause("error: the moon is full\n") is None


def test_of_the_index_only_the_server_is_named() -> None:
    says = set_up.cause(NOTHING_FOUND, "https://robot:geheim@index.fernvale.example/simple")
    assert says is not None and "(index.fernvale.example)" in says
    assert "geheim" not in says and "robot" not in says


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((23, 2), {"PIP_CERT": "/bundle.crt"}),
        ((24, 0), {"PIP_USE_FEATURE": "truststore"}),
        ((24, 2), {}),
        ((26, 3), {}),
    ],
)
def test_every_pip_trusts_what_the_system_trusts(version: tuple[int, int], expected: dict[str, str]) -> None:
    found = set_up.environment({}, {}, version, "/bundle.crt")
    assert found == {"UV_SYSTEM_CERTS": "true", **expected}


def test_uv_hears_what_pip_was_told() -> None:
    configured = {"index-url": "https://index/simple", "cert": "/own.crt", "proxy": "http://proxy:3128"}
    found = set_up.environment({}, configured, (23, 2), "/bundle.crt")
    assert found == {
        "UV_DEFAULT_INDEX": "https://index/simple",
        "HTTPS_PROXY": "http://proxy:3128",
        "SSL_CERT_FILE": "/own.crt",
        "UV_SYSTEM_CERTS": "true",
    }


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_pip_hears_what_uv_was_told(name: str) -> None:
    given = {name: "https://index/simple", "SSL_CERT_FILE": "/own.crt"}
    found = set_up.environment(given, {}, (23, 2), "/bundle.crt")
    assert found == {
        **given,
        "PIP_INDEX_URL": "https://index/simple",
        "PIP_CERT": "/own.crt",
        "UV_SYSTEM_CERTS": "true",
    }


def test_what_somebody_set_stays() -> None:
    given = {
        "PIP_INDEX_URL": "https://one/simple", "UV_DEFAULT_INDEX": "https://two/simple", "UV_SYSTEM_CERTS": "false",
        "PIP_CERT": "/one.crt", "SSL_CERT_FILE": "/two.crt", "https_proxy": "http://three:1",
    }  # fmt: skip
    configured = {"index-url": "https://one/simple", "cert": "/one.crt", "proxy": "http://other:1"}
    assert set_up.environment(given, configured, (23, 2), "/bundle.crt") == given


def test_a_command_that_fails_ends_with_the_sentence_and_its_exit_code() -> None:
    program = "import sys; print('invalid peer certificate: UnknownIssuer'); sys.exit(7)"
    done = subprocess.run(
        [sys.executable, ROOT / "set_up.py", sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "PIP_INDEX_URL": "https://robot:geheim@index.fernvale.example/simple"},
    )
    assert done.returncode == 7
    last = done.stderr.splitlines()[-1]
    assert re.fullmatch(r"Set-up stopped: the certificate of the package index \(index.fernvale.example\) .*\.", last)
    assert "docs/settings.md" in last and "geheim" not in last


def test_make_installs_nothing_without_it() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    installing = [line for line in lines if re.search(r"(?:pip install|pip compile|-m venv)\b", line)]
    assert len(installing) >= 6
    assert [line for line in installing if "$(SET_UP)" not in line] == []
