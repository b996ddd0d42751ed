"""Sends one finished message through the trust's mail server (SMTP).

All recipients or none: one that the server refuses stops the message for everybody, so that sending again cannot reach
somebody twice. A password is never given to a server over a connection that is not encrypted. No state is kept; the
caller records what was sent.
"""

import hashlib
import ipaddress
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from wordround.errors import MailRefused
from wordround.settings import Settings

TIMEOUT_SECONDS = 30


def compose(
    settings: Settings, recipients: tuple[str, ...], subject: str, plain: str, html: str, key: str
) -> EmailMessage:
    """A message with a plain-text part and an HTML part.

    key: what the message is about. The same key gives the same Message-ID, so that a message that is sent again after
    a lost answer is recognised by mail systems as the one they have.
    """
    domain = domain_of(settings.report.sender)
    message = EmailMessage()
    try:
        message["From"] = settings.report.sender
        message["To"] = ", ".join(recipients)
        message["Subject"] = " ".join(subject.split())
    except ValueError as error:
        raise MailRefused("[report] sender or a recipient in the settings is not an e-mail address.") from error
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    message["List-Id"] = f"Wordround <wordround.{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    return message


def domain_of(sender: str) -> str:
    """The domain of an address; localhost where it has none."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return domain if domain and all(c.isascii() and (c.isalnum() or c in ".-") for c in domain) else "localhost"


def deliver(settings: Settings, message: EmailMessage) -> None:
    """Hand the message to the server.

    Raises MailRefused with the server's own words when it cannot be reached or does not take the message for every
    recipient. A server that falls silent after the text was sent may have taken it; the caller may send it again.
    """
    if not settings.mail.host:
        raise MailRefused("No mail server is set: name it as host under [mail] in wordround.toml.")
    server = f"{settings.mail.host}:{settings.mail.port}"
    sender = parseaddr(str(message["From"]))[1]
    recipients = [address.addr_spec for address in message["To"].addresses]
    try:
        with smtplib.SMTP(
            settings.mail.host, settings.mail.port, local_hostname=domain_of(sender), timeout=TIMEOUT_SECONDS
        ) as connection:
            _introduce(settings, connection)
            _hand_over(connection, sender, recipients, message)
    except smtplib.SMTPResponseException as error:
        raise MailRefused(f"{server} refused the message: {_words(error.smtp_code, error.smtp_error)}") from error
    except UnicodeError as error:
        raise MailRefused("An address in the settings holds letters that this mail server does not take.") from error
    except smtplib.SMTPException as error:
        raise MailRefused(f"{server} did not take the message: {_plain(str(error))}") from error
    except ssl.SSLError as error:
        raise MailRefused(f"{server}: no trusted encryption ({_plain(error.reason or str(error))}).") from error
    except OSError as error:
        why = error.strerror or str(error) or "no answer"
        raise MailRefused(f"{server} cannot be reached ({_plain(why)}). [mail] in the settings names it.") from error


def _introduce(settings: Settings, connection: smtplib.SMTP) -> None:
    """Encrypt and log in, as far as the settings ask for it."""
    if settings.mail.starttls:
        connection.starttls(context=ssl.create_default_context())
    user, password = settings.environment.smtp_user, settings.environment.smtp_password
    if not user:
        return
    if not settings.mail.starttls and not _is_this_machine(settings.mail.host):
        raise MailRefused("The password would cross the network unencrypted. Set [mail] starttls = true.")
    connection.login(user, password.get_secret_value() if password else "")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _hand_over(connection: smtplib.SMTP, sender: str, recipients: list[str], message: EmailMessage) -> None:
    """One transaction. `smtplib.send_message` would send to those who were accepted and leave out the others."""
    connection.ehlo_or_helo_if_needed()
    refusals = []
    _accepted(connection.mail(sender))
    for recipient in recipients:
        code, words = connection.rcpt(recipient)
        if code not in (250, 251):
            refusals.append(f"{recipient}: {_words(code, words)}")
    if refusals:
        connection.rset()
        raise MailRefused(
            f"The mail server refused {len(refusals)} of {len(recipients)} recipients, so nobody was sent anything: "
            f"{'; '.join(refusals)}. Correct the recipients in the settings."
        )
    _accepted(connection.data(message.as_bytes(policy=message.policy.clone(linesep="\r\n", cte_type="7bit"))))


def _accepted(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if code // 100 != 2:
        raise smtplib.SMTPResponseException(code, words)


def _words(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {_plain(text)}".strip()


def _plain(text: str) -> str:
    """A server's words on one line, without control characters, not longer than a log line should be."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
