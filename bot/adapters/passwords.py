"""Passwords hashed with Argon2id, two at a time."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# One hash takes 64 MiB and a core for some hundredths of a second: a crowd of log-ins must not
# take the memory or both cores from the customers.
AT_ONCE = 2


class Argon2Passwords:
    """See `bot.services.ports.PasswordHasher`; argon2-cffi's defaults follow RFC 9106."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        with self._turns:
            return self._hasher.hash(password)

    def verify(self, password_hash: str, password: str) -> bool:
        with self._turns:
            try:
                return self._hasher.verify(password_hash, password)
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)
