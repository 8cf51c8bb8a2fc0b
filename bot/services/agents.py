"""Who is of the team: accounts, log-in, and the end of guessing."""

import hashlib
import secrets
import threading
import unicodedata
from collections import OrderedDict
from datetime import datetime, timedelta

from bot.domain.agents import Agent, AgentCredentials, AgentRole
from bot.domain.errors import AgentRefused, TooManyLoginAttempts
from bot.services.ports import Clock, PasswordHasher, UnitOfWork, Units

MIN_PASSWORD_LENGTH = 10
# Longer is no safer, and hashing it is work that a stranger can ask for.
MAX_PASSWORD_LENGTH = 256
MAX_NAME_LENGTH = 80
# RFC 5321, section 4.5.3.1.3, less the angle brackets.
MAX_EMAIL_LENGTH = 254
# A working day with its lunch; after it the agent logs in again.
SESSION_LENGTH = timedelta(hours=12)
# Five wrong passwords in a quarter of an hour, as OWASP's cheat sheet on authentication counts.
MAX_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
# What a flood of invented e-mails can make us remember.
MAX_REMEMBERED = 10_000


class AgentDetailsNotValid(AgentRefused):
    """A new account without a name, or with something that is no e-mail address."""

    code = "agent_details_not_valid"


class PasswordTooWeak(AgentRefused):
    """Fewer than `MIN_PASSWORD_LENGTH` or more than `MAX_PASSWORD_LENGTH` characters."""

    code = "password_too_weak"


class LoginAttempts:
    """Counts failed log-ins by e-mail and address, in this process's memory.

    A stranger's guess writes nothing to the database. An attempt counts as failed from its
    beginning, so that a hundred at the same time are no way around the limit.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, str], list[datetime]] = OrderedDict()

    def begin(self, email: str, address: str, now: datetime) -> None:
        """Count an attempt.

        Raises:
            TooManyLoginAttempts: `MAX_FAILURES` failed within `FAILURE_WINDOW`.
        """
        key = (email, address)
        with self._lock:
            recent = [at for at in self._failures.get(key, ()) if now - at < FAILURE_WINDOW]
            if len(recent) >= MAX_FAILURES:
                raise TooManyLoginAttempts
            self._failures[key] = [*recent, now]
            self._failures.move_to_end(key)
            if len(self._failures) > MAX_REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, email: str, address: str) -> None:
        """Forget the failures before a log-in that worked."""
        with self._lock:
            self._failures.pop((email, address), None)


class AgentAccounts:
    """Accounts and log-ins of the team."""

    def __init__(self, units: Units, clock: Clock, hasher: PasswordHasher) -> None:
        self._units = units
        self._clock = clock
        self._hasher = hasher
        self._attempts = LoginAttempts()

    def add(self, name: str, email: str, password: str, role: AgentRole = AgentRole.AGENT) -> Agent:
        """Open an account.

        Raises:
            AgentDetailsNotValid, PasswordTooWeak.
            AgentRefused: there is an account with this e-mail.
        """
        credentials = AgentCredentials(
            name=_checked_name(name),
            email=_checked_email(email),
            role=role,
            password_hash=self._hasher.hash(_checked_password(password)),
        )
        with self._units.writing() as unit:
            agent = unit.agents.add(credentials, self._clock.now())
            unit.commit()
            return agent

    def log_in(self, email: str, password: str, address: str = "") -> str:
        """Check a password and open a session; returns its token, which is stored nowhere.

        `address` is the network address of whoever tries.

        Raises:
            TooManyLoginAttempts: this e-mail failed too often from this address.
            AgentRefused: wrong e-mail or password, told apart neither by words nor by time.
        """
        email = _comparable(email)
        self._attempts.begin(email, address, self._clock.now())
        with self._units.reading() as unit:
            known = unit.agents.credentials(email) if _looks_like_email(email) else None
        password = _normal(password)[: MAX_PASSWORD_LENGTH + 1]
        if known is None:
            # As much work as for a known e-mail, so that time does not tell them apart.
            self._hasher.hash(password)
            raise AgentRefused
        agent, password_hash = known
        if not self._hasher.verify(password_hash, password):
            raise AgentRefused
        self._attempts.succeeded(email, address)
        renewed = self._hasher.hash(password) if self._hasher.is_outdated(password_hash) else None
        with self._units.writing() as unit:
            if renewed is not None:
                unit.agents.set_password_hash(agent.id, renewed)
            token = self._open_session(unit, agent)
            unit.commit()
        return token

    def agent_of(self, token: str) -> Agent:
        """Whose session this is.

        Raises:
            AgentRefused: no such session, or it has ended.
        """
        if not token:
            raise AgentRefused
        with self._units.reading() as unit:
            agent = unit.agents.agent_of_session(_fingerprint(token), self._clock.now())
        if agent is None:
            raise AgentRefused
        return agent

    def log_out(self, token: str) -> None:
        """End a session; nothing when there is none."""
        with self._units.writing() as unit:
            unit.agents.close_session(_fingerprint(token))
            unit.commit()

    def _open_session(self, unit: UnitOfWork, agent: Agent) -> str:
        token = secrets.token_urlsafe(32)
        now = self._clock.now()
        unit.agents.open_session(_fingerprint(token), agent.id, now, now + SESSION_LENGTH)
        return token


def _fingerprint(token: str) -> str:
    """What is stored of a token: it has 256 random bits, so a plain hash cannot be guessed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _comparable(email: str) -> str:
    return unicodedata.normalize("NFKC", email.strip()).casefold()


def _looks_like_email(email: str) -> bool:
    name, _, host = email.rpartition("@")
    is_one_word = email.isprintable() and " " not in email
    return bool(name) and bool(host) and is_one_word and len(email) <= MAX_EMAIL_LENGTH


def _normal(password: str) -> str:
    """The same password whether "ñ" was typed as one character (Windows) or two (some Macs)."""
    normal = unicodedata.normalize("NFC", password)
    return normal.encode("utf-8", "replace").decode()


def _checked_email(email: str) -> str:
    email = _comparable(email)
    if not _looks_like_email(email):
        raise AgentDetailsNotValid(f"not an e-mail address: {email!r}")
    return email


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise AgentDetailsNotValid(f"not a name: {name!r}")
    return name


def _checked_password(password: str) -> str:
    password = _normal(password)
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise PasswordTooWeak(
            f"a password has {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters"
        )
    return password
