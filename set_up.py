"""Runs one command of the set-up, `python set_up.py COMMAND ...`, so that it works on a trust's network.

pip and uv both get the system's certificates (networks that inspect TLS sign with an authority of their own), and each
the index, proxy and certificates that only the other was told of. Where the command fails, the last line says in one
sentence what refused. Needs nothing but Python: it runs before anything is installed.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

READ_MORE = "docs/settings.md#setting-up-on-a-trusts-network"
# Where systems keep the certificates that they trust in one file: Debian and Ubuntu, Red Hat, SUSE, Alpine and macOS.
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
# Releases of pip that bring a reader of the system's own store, and the first that uses it unasked.
BRINGS_TRUSTSTORE, USES_TRUSTSTORE = (23, 3), (24, 2)

# What pip and uv print, and what it means; the first that is found is the cause of those that follow.
CAUSES = (
    (
        r"ensurepip is not\s+available|No module named '?(?:venv|ensurepip)\b",
        "this Python has no venv module: install it (on Debian and Ubuntu the package python3-venv), or name another "
        "Python with make PYTHON=python3.12",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|invalid peer certificate|UnknownIssuer",
        "the certificate of {index} is not trusted: add your network's certificate authority to this machine's store, "
        "or name its file in both PIP_CERT and SSL_CERT_FILE",
    ),
    (
        r"ProxyError|Cannot connect to proxy|Tunnel connection failed|tunnel error|proxy authentication|"
        r"407 Proxy Auth",
        "the proxy refused or does not answer: look at HTTPS_PROXY (http://user:password@server:port where it asks who "
        "you are), and name what needs no proxy in NO_PROXY",
    ),
    (
        r"DO NOT MATCH THE HASHES|Hash mismatch|hash mismatch",
        "{index} gives other files than those that were tested (their hashes differ): it must pass on the files of the "
        "public index unchanged",
    ),
    (
        r"HTTP error (?:40[13]|5\d\d)|40[13] (?:Client Error|Unauthorized|Forbidden)|\b5\d\d Server Error|"
        r"status code 40[13]|HTTP status (?:client|server) error",
        "{index} refused: it wants a user and password in its address, or does not answer for packages",
    ),
    (
        r"Failed to establish a new connection|Name or service not known|Connect(?:ion)?Timeout|Connection refused|"
        r"[Nn]ame resolution|NameResolutionError|dns error|timed out|Network is unreachable|error sending request|"
        r"ConnectError|Connection reset|Remote end closed",
        "{index} cannot be reached: name your network's proxy in HTTPS_PROXY, or its own index in PIP_INDEX_URL",
    ),
    (
        r"\(from versions: none\)",
        "{index} has nothing of the package that is named above: it does not answer for packages at its address, wants "
        "a user and password in it, or does not hold them all (requirements*.lock lists them)",
    ),
    (
        r"No matching distribution found|not found in the package registry|there is no version of|"
        r"not found in the provided package locations|no versions of",
        "{index} does not have the package that is named above: it must hold every file of requirements*.lock",
    ),
    (r"No space left on device|os error 28", "the disk is full: an environment takes 1.5 GB"),
)


def cause(printed: str, index: str | None = None) -> str | None:
    """Return what a failed pip, uv or venv means by what it printed, as the end of a sentence; None for anything else.

    Of the index only the server is named: its address can hold a password.
    """
    server = urlsplit(index).hostname if index else None
    where = f"the package index ({server})" if server else "the package index"
    return next((says.format(index=where) for pattern, says in CAUSES if re.search(pattern, printed)), None)


def environment(
    given: Mapping[str, str], configured: Mapping[str, str], pip_version: tuple[int, ...], bundle: str | None
) -> dict[str, str]:
    """Return the environment that the command gets: what is `given` stays, and each tool hears what the other was told.

    `configured`: pip's own settings, from its files or variables (`index-url`, `cert`, `proxy`). `bundle`: the file of
    the certificates that this system trusts, for releases of pip that cannot ask the system.
    """
    found = dict(given)

    def tell(name: str, value: str | None) -> None:
        if value and not found.get(name):
            found[name] = value

    own_index = given.get("UV_DEFAULT_INDEX") or given.get("UV_INDEX_URL")
    if own_index and "index-url" not in configured:
        tell("PIP_INDEX_URL", own_index)
    if not own_index:
        tell("UV_DEFAULT_INDEX", configured.get("index-url"))
    if not (given.get("HTTPS_PROXY") or given.get("https_proxy")):
        tell("HTTPS_PROXY", configured.get("proxy"))
    tell("UV_SYSTEM_CERTS", "true")
    tell("SSL_CERT_FILE", configured.get("cert"))
    if "cert" not in configured and pip_version < USES_TRUSTSTORE:
        if given.get("SSL_CERT_FILE") or pip_version < BRINGS_TRUSTSTORE:
            tell("PIP_CERT", given.get("SSL_CERT_FILE") or bundle)
        else:
            tell("PIP_USE_FEATURE", "truststore")
    return found


def main(command: list[str]) -> int:
    """Run the command and pass on what it prints. Returns its exit code."""
    python = Path(command[0]).with_name("python")
    configured, version = _of_pip(str(python)) if python.exists() and "venv" not in command else ({}, USES_TRUSTSTORE)
    bundle = next((path for path in BUNDLES if Path(path).is_file()), None)
    variables = environment(os.environ, configured, version, bundle)
    with subprocess.Popen(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        lines = []
        for line in process.stdout or ():
            lines.append(line)
            sys.stderr.write(line)
    if process.returncode:
        why = cause("".join(lines), configured.get("index-url") or variables.get("UV_DEFAULT_INDEX"))
        sys.stderr.write(f"\nSet-up stopped: {why or 'the reason stands above'}. More: {READ_MORE}.\n")
    return process.returncode


def _of_pip(python: str) -> tuple[dict[str, str], tuple[int, ...]]:
    """Return pip's settings by their bare name, an environment variable before a file, and its version."""
    listed = _printed(python, "-m", "pip", "config", "list")
    found: dict[str, str] = {}
    order = {"global": 0, "install": 1, ":env:": 2}
    rows = [re.fullmatch(r"(global|install|:env:)\.([\w-]+)=(.*)", line) for line in listed.splitlines()]
    for row in sorted((row for row in rows if row), key=lambda row: order[row[1]]):
        found[row[2]] = str(ast.literal_eval(row[3]))
    version = re.match(r"pip (\d+)\.(\d+)", _printed(python, "-m", "pip", "--version"))
    return found, tuple(map(int, version.groups())) if version else USES_TRUSTSTORE


def _printed(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
