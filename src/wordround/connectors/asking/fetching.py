"""Fetching: one request at a time, at the pace that the source allows, until it answers or patience ends.

Temporary failures (a busy or broken server, a cut connection, half an answer) are tried again with growing pauses.
Others (a wrong key, a closed door) become a named error with the source's own words. Redirects are not followed: an API
that redirects wants somebody to sign in. No part of a request is logged, because addresses hold keys.
"""

import json
import logging
import os
import random
import re
import ssl
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from wordround import __version__
from wordround.connectors.asking.accounts import QueryAccount
from wordround.connectors.asking.bodies import PACKINGS, Clock, read_body, too_slow
from wordround.connectors.asking.contract import Answer, Connector, Request
from wordround.connectors.asking.depth import json_is_deeper, xml_is_deeper
from wordround.connectors.asking.dialects import Dialect
from wordround.errors import (
    AnswerBeyondLimits,
    AnswerUnreadable,
    BudgetSpent,
    CertificateNotTrusted,
    EnvironmentInvalid,
    SettingsInvalid,
    SourceBusy,
    SourceDown,
    SourceRefused,
)
from wordround.folders import documentation
from wordround.plain_text import one_line

Judgement = TypeVar("Judgement")

USER_AGENT = f"wordround/{__version__} (NHS patient feedback)"
ATTEMPTS = 6
TIMEOUT = httpx.Timeout(30.0, connect=10.0)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
# How JSON writes half a character, and the halves of whole ones.
_HALF_A_CHARACTER = b"\\ud"
# Headers that say how the body was sent.
_OF_PACKING = ("content-encoding", "content-length", "transfer-encoding")
_TEMPORARY = frozenset({408, 425, 500, 502, 503, 504, 507, 520, 521, 522, 523, 524, 529})
_MOST_WORDS, _MOST_WORDS_READ = 200, 2_000
# What could name somebody in a server's words: handles, addresses, long numbers, keys.
_IDENTIFYING = re.compile(r"\S*@\S+|https?://\S+|\b[\w-]*\d[\w-]{7,}\b")

# httpx logs every address, and addresses hold keys and ids.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


# What no authority could put right (X509_V_ERR_...): a certificate that has expired, is another host's or address's.
_FAULTS_OF_SERVERS = frozenset({10, 62, 64})


def trusted_certificates() -> ssl.SSLContext:
    """Return the authorities that are trusted: those of SSL_CERT_FILE, else certifi's, and those of this machine.

    Raises EnvironmentInvalid where that file or folder cannot be read.
    """
    try:
        context = httpx.create_ssl_context()
    except OSError as error:  # of ssl too
        name = "SSL_CERT_FILE" if os.environ.get("SSL_CERT_FILE") else "SSL_CERT_DIR"
        why = f"{os.environ.get(name)} holds no certificates that can be read ({error.strerror or 'no PEM'})"
        raise EnvironmentInvalid([(name, f"{why}; {documentation('settings.md#certificates')}")]) from None
    context.load_default_certs()
    return context


def host_of(request: Request) -> str:
    """Return the server of a request, with its port where it names one."""
    parts = urlsplit(request.url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _distrust(error: BaseException | None) -> str:
    """Return why a certificate is not trusted, in OpenSSL's words, and what to do; empty where that did not fail."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            reason = (error.verify_message or "it could not be verified").rstrip(".")
            if error.verify_code in _FAULTS_OF_SERVERS:
                return f"({reason}). That is for whoever runs this server to mend; look at this machine's clock too."
            return (
                f"({reason}). Where the trust's network inspects what is encrypted, ask for the file of its "
                f"certificate authority and name it in SSL_CERT_FILE ({documentation('settings.md#certificates')})."
            )
        error = error.__cause__ or error.__context__
    return ""


def _of_whole_characters(content: Any) -> Any:
    """Return parsed JSON whose texts can be stored: of what escapes can write and no encoding can, U+FFFD is left."""
    written = json.dumps(content, ensure_ascii=False).encode("utf-16", "surrogatepass")
    return json.loads(written.decode("utf-16", "replace"))


class Fetcher:
    """Fetches for one connector in one run; requests and costs go to the account that comes with each call."""

    def __init__(
        self,
        connector: Connector,
        client: httpx.Client | None = None,
        sleep: Callable[[float], None] | None = None,
        spent_today: float = 0.0,
        record: Callable[[float], None] | None = None,
        shown: Callable[[str], str] = str,
    ) -> None:
        """`spent_today`: cost of the day so far, in the source's own unit; `record` takes each further amount.

        `shown` takes what a server says of itself (a reason, a host), which may name anybody, and returns it without.
        """
        self._connector, self._sleep = connector, sleep
        headers = {"User-Agent": USER_AGENT}
        self._client = client or httpx.Client(timeout=TIMEOUT, headers=headers, verify=trusted_certificates())
        self._headers: dict[str, str] | None = None
        self._record, self._reserved, self._shown = record, 0.0, shown
        self._limits = connector.block.limits
        self._clock = Clock(self._limits.seconds)
        self._failure = ""
        self.doubted: set[str] = set()  # servers that did not answer at all: the next request to one is tried once
        self._attempts = ATTEMPTS
        self._spent, self._last = spent_today, 0.0
        self._pause_first = 0.0

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def fetch(self, request: Request, account: QueryAccount) -> Answer:
        """Return the answer. Raises SourceRefused, SourceBusy, SourceDown, AnswerUnreadable or BudgetSpent."""
        is_signed_in_again = False
        headers = self._signed_in(account)
        host = host_of(request)
        self._attempts = 1 if host in self.doubted else ATTEMPTS
        for attempt in range(ATTEMPTS):
            request = self._affordable(request)
            response = self._send(request, headers, account)
            if response is None or response.status_code in _TEMPORARY:
                self._wait(response, attempt, account, SourceDown)
            elif self._is_busy(response):
                self._wait(response, attempt, account, SourceBusy)
            elif self._is_over(response) and not is_signed_in_again:
                is_signed_in_again, self._headers = True, None
                headers = self._signed_in(account)
            elif (answer := self._read(request, response)) is not None:
                self._pause_first = self._connector.dialect.pause(response.headers, datetime.now(UTC))
                self._reserve(request, response, account)
                self.doubted.discard(host)
                return answer
            else:
                self._reserve(request, response, account)
                self._wait(None, attempt, account, AnswerUnreadable)
        raise SourceRefused(f"{self._name}: the session ends as soon as it begins. Look at the credentials.")

    def settle(self, items: float, account: QueryAccount) -> None:
        """Correct the amount reserved for the last answer to the cost of so many rows."""
        self._charge(self._connector.price.per_item * items - self._reserved, account)
        self._reserved = 0.0

    def _reserve(self, request: Request, response: httpx.Response, account: QueryAccount) -> None:
        """Charge an answer at the most that it can cost: an answer that cannot be read is paid for too."""
        if response.is_success:
            self._reserved = self._connector.price.per_item * request.most_items
            self._charge(self._reserved, account)

    def _charge(self, amount: float, account: QueryAccount) -> None:
        self._spent += amount
        account.spent += amount
        if self._record and amount:
            self._record(amount)

    @property
    def _name(self) -> str:
        return self._connector.name

    def _signed_in(self, account: QueryAccount) -> dict[str, str]:
        if self._headers is None:
            session, request = None, self._connector.sign_in()
            if request is not None:
                self._headers = {}  # a sign-in does not need to be signed in
                try:
                    session = self.fetch(request._replace(most_items=0), account).content
                finally:
                    self._headers = None
                # Signing in has a rate limit of its own.
                self._pause_first = 0.0
            try:
                self._headers = self._connector.headers(session)
            except (KeyError, TypeError, AttributeError):
                raise AnswerUnreadable(f"{self._name}: opened a session without saying its key.") from None
        return self._headers

    def _affordable(self, request: Request) -> Request:
        """Return the request, or one for as many rows as the rest of the budget pays for. Raises BudgetSpent."""
        price, budget = self._connector.price, self._connector.block.budget
        most = price.per_request + price.per_item * request.most_items
        if budget is None or not most or self._spent + most <= budget + 1e-9:
            return request
        left = budget + 1e-9 - self._spent - price.per_request
        if price.per_item and (fewer := self._connector.for_fewer(request, left / price.per_item)):
            return fewer
        if not self._spent:
            raise SettingsInvalid(
                f"[sources.{self._name}] budget: {budget:g} {price.unit} a day pay for no request at all. Raise it: "
                f"{documentation(f'sources/{self._name}.md')} says what one costs."
            )
        raise BudgetSpent(
            f"{self._name}: the next request could cost {most:g} {price.unit}; {self._spent:g} of a day's budget of "
            f"{budget:g} are spent. It goes on tomorrow, or raise [sources.{self._name}] budget."
        )

    def _send(self, request: Request, headers: dict[str, str], account: QueryAccount) -> httpx.Response | None:
        pause = max(self._pause_first, self._connector.seconds_between - (time.monotonic() - self._last))
        self._pause_first = 0.0
        if pause > 0:
            self._rest(pause, account, SourceBusy)
        self._last = time.monotonic()
        account.requests += 1
        self._charge(self._connector.price.per_request, account)
        built = self._built(request, headers)
        with self._clock:
            try:
                response = self._client.send(built, stream=True)
                with closing(response):
                    body = read_body(self._name, response, self._limits, self._clock)
            except (httpx.TransportError, httpx.DecodingError) as error:
                if self._clock.is_over:
                    raise too_slow(self._name, self._limits) from None
                # Its message may hold the address, which may hold a key.
                host = urlsplit(request.url).hostname
                if reason := _distrust(error):
                    raise CertificateNotTrusted(
                        f"{self._name}: the certificate of {host} is not trusted {reason}"
                    ) from None
                self._failure = f" ({type(error).__name__} at {host})"
                return None
        unpacked = {name: value for name, value in response.headers.items() if name not in _OF_PACKING}
        return httpx.Response(response.status_code, headers=unpacked, content=body, request=built)

    def _built(self, request: Request, headers: dict[str, str]) -> httpx.Request:
        """Return a request as it is sent. Raises AnswerUnreadable where what it repeats of an answer cannot be sent.

        SettingsInvalid where that is a credential.
        """
        try:
            return self._client.build_request(
                "POST" if request.form is not None or request.json is not None else "GET",
                request.url,
                params=dict(request.params) or None,
                data=request.form,
                json=request.json,
                headers={"Accept-Encoding": PACKINGS, **headers, **request.headers},
                extensions={"trace": self._clock.watch},
            )
        except (httpx.InvalidURL, ValueError):  # its words may hold the key
            if odd := sorted(name for name, secret in self._connector.secrets.items() if not secret.isascii()):
                raise SettingsInvalid(
                    f"{self._name}: {odd[0]} holds a letter that no request can carry. Copy it again: "
                    f"{documentation(f'sources/{self._name}.md')} says where it is kept."
                ) from None
            raise AnswerUnreadable(
                f"{self._name}: gave an address or a key that no request can hold. Please report this."
            ) from None

    def _read(self, request: Request, response: httpx.Response) -> Answer | None:
        """Return the answer, or None for half of one. Raises SourceRefused or BudgetSpent."""
        status, kind = response.status_code, response.headers.get("content-type", "")
        if status == 304:
            return Answer(None, response.headers, is_unchanged=True)
        if status in (404, 410) and (request.may_be_missing or self._connector.is_not_found_an_answer()):
            return Answer(None, response.headers)
        if response.is_redirect:
            host = self._host_of(response.headers.get("location", ""))
            raise self._refusal(status, f"it redirects to {host}, as for somebody who is not signed in")
        if status >= 400:
            content = self._parsed(response)
            if self._judged(self._connector.is_answer, status, content):
                return Answer(content, response.headers)
            words = self._judged(self._connector.words_of, content) or response.reason_phrase
            if self._judged(self._connector.is_out_of_budget, status, content):
                raise BudgetSpent(f"{self._name}: {self._clean(words)} (HTTP {status}). It goes on tomorrow.")
            raise self._refusal(status, words)
        if request.is_text:
            if xml_is_deeper(response.content, self._limits.depth):
                raise self._too_deep()
            return Answer(response.content, response.headers)
        if "html" in kind:
            raise self._refusal(status, "it answers with a web page, as for somebody who is not signed in")
        content = self._parsed(response)
        return None if content is None else Answer(content, response.headers)

    def _is_busy(self, response: httpx.Response) -> bool:
        status = response.status_code
        if status not in (400, 403, 429):
            return False
        content = self._parsed(response)
        if self._judged(self._connector.is_out_of_budget, status, content):
            return False
        return status == 429 or bool(self._judged(self._connector.is_busy, status, content))

    def _is_over(self, response: httpx.Response) -> bool:
        """Whether a session that was opened has ended."""
        return (
            response.status_code in (400, 401)
            and self._headers is not None
            and bool(self._headers)
            and self._connector.sign_in() is not None
            and bool(self._judged(self._connector.is_session_over, response.status_code, self._parsed(response)))
        )

    def _judged(self, judge: Callable[..., Judgement], *about: Any) -> Judgement | None:
        """Return what a connector says of a refusal; None where that is of no form that it knows."""
        try:
            return judge(*about)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError):
            return None

    def _refusal(self, status: int, words: str) -> SourceRefused:
        todo = "Look at its credentials" if status in (401, 403) or status < 400 else "Look at its settings"
        refused = SourceRefused(
            f"{self._name}: refused, in its own words: {self._clean(words)} (HTTP {status}). "
            f"What it gave before is kept. {todo}: {documentation(f'sources/{self._name}.md')}"
        )
        refused.is_everywhere = status in (401, 403) or status < 400
        return refused

    def _clean(self, words: str) -> str:
        for secret in filter(None, self._connector.secrets.values()):
            words = words.replace(secret, "***")
        return self._shown(one_line(_IDENTIFYING.sub("...", words[:_MOST_WORDS_READ]))[:_MOST_WORDS]) or "nothing"

    def _host_of(self, address: str) -> str:
        """Return the host of an address as it may be shown; the address may be no address at all."""
        with suppress(ValueError):
            return self._shown(urlsplit(address).hostname or "") or "another page"
        return "another page"

    def _wait(
        self, response: httpx.Response | None, attempt: int, account: QueryAccount, error: type[Exception]
    ) -> None:
        """Rest before the next attempt. Raises `error` after the last one."""
        wait = None
        if response is not None:
            # The reset of a rate limit does not say when a broken server will be mended.
            is_broken = response.status_code in _TEMPORARY
            dialect = Dialect() if is_broken else self._connector.dialect
            wait = dialect.seconds_until_more(response.headers, datetime.now(UTC))
        if attempt >= self._attempts - 1:
            status = f" with HTTP {response.status_code}" if response is not None else self._failure
            failure = error(
                f"{self._name}: did not answer{status} as it should, {attempt + 1} times. What it gave before is "
                "kept; the next run asks for the rest."
            )
            if isinstance(failure, SourceDown):
                failure.is_unreachable = response is None
            raise failure
        account.retries += 1
        grown = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)
        self._rest(wait or grown * random.uniform(0.5, 1), account, error)  # noqa: S311 - no secret

    def _rest(self, seconds: float, account: QueryAccount, error: type[Exception]) -> None:
        if seconds > self._connector.block.patience_seconds:
            raise error(
                f"{self._name}: wants us to wait {seconds:.0f} seconds, longer than [sources.{self._name}] "
                "patience_seconds. What it gave before is kept; the next run asks for the rest."
            )
        account.waited_seconds += seconds
        (self._sleep or time.sleep)(seconds)

    def _parsed(self, response: httpx.Response) -> Any:
        """Return the JSON of an answer; None where it is cut or no JSON. Raises AnswerBeyondLimits."""
        try:
            content = response.json()
        except RecursionError:
            raise self._too_deep() from None
        except ValueError:
            return None
        if json_is_deeper(content, self._limits.depth):
            raise self._too_deep()
        return _of_whole_characters(content) if _HALF_A_CHARACTER in response.content.lower() else content

    def _too_deep(self) -> AnswerBeyondLimits:
        return AnswerBeyondLimits(
            f"{self._name}: an answer is nested deeper than {self._limits.depth} levels (limits.depth). It was left "
            "out. Please report this if the source is in order."
        )
