"""Mails what a person asked for, through the server that the settings name."""

from __future__ import annotations

import logging
import smtplib
import ssl
import threading
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from dragoman.errors import SettingError
from dragoman.settings import Settings

SECONDS = 20
"""How long the server may take for one step."""

_PORTS = {"smtp": 587, "smtps": 465}
_HERE = ("localhost", "127.0.0.1", "::1")
"""Only a server of this machine is talked to without encryption, where it offers none."""
_log = logging.getLogger(__name__)


class Mailer:
    """Sends mail through one server; `host` is None where none is named, and then nothing can be sent."""

    def __init__(self, settings: Settings) -> None:
        self.address = settings.serve_address
        self.sender = settings.serve_mail_from
        parts = urlsplit(settings.serve_smtp)
        self.host = parts.hostname
        if not settings.serve_smtp:
            return
        if parts.scheme not in _PORTS or not self.host:
            raise SettingError(
                "DRAGOMAN_SERVE_SMTP is no address of a mail server; write smtps://user:password@host:465 or "
                "smtp://host:587."
            )
        if not (self.address.startswith(("https://", "http://")) and self.sender):
            raise SettingError(
                "DRAGOMAN_SERVE_SMTP needs DRAGOMAN_SERVE_ADDRESS, the desk's own address that links begin with, and "
                "DRAGOMAN_SERVE_MAIL_FROM, the sender."
            )
        self._secure = parts.scheme == "smtps"
        self._port = parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")

    @property
    def can_send(self) -> bool:
        """Whether a server is named."""
        return self.host is not None

    def send_reset(self, recipient: str, name: str, token: str) -> threading.Thread:
        """Mail the link for setting a password; it happens beside, so that nobody can tell from the time whether."""
        message = EmailMessage()
        message["Subject"] = "Your password at the desk"
        message["From"], message["To"] = self.sender, recipient
        message.set_content(
            f"Somebody asked for another password for the account {name}.\n\n"
            f"Set it within two hours at\n{self.address}/reset#token={token}\n\n"
            "If it was not you, nothing needs to be done."
        )
        sending = threading.Thread(target=self._send, args=(message,), daemon=True)
        sending.start()
        return sending

    def _send(self, message: EmailMessage) -> None:
        assert self.host is not None
        tls = ssl.create_default_context()
        try:
            if self._secure:
                with smtplib.SMTP_SSL(self.host, self._port, timeout=SECONDS, context=tls) as server:
                    self._deliver(server, message)
            else:
                with smtplib.SMTP(self.host, self._port, timeout=SECONDS) as server:
                    server.ehlo()
                    if server.has_extn("starttls"):
                        server.starttls(context=tls)
                    elif self.host not in _HERE:
                        raise smtplib.SMTPNotSupportedError("the server offers no encryption")
                    self._deliver(server, message)
        except (smtplib.SMTPException, OSError) as error:
            _log.warning("A mail could not be sent through %s: %s.", self.host, type(error).__name__)

    def _deliver(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        if self._user:
            server.login(self._user, self._password)
        server.send_message(message)
