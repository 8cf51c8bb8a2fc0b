"""Who is let in as an agent, and who is not."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from bot.adapters.database.unit_of_work import SqlUnits
from bot.adapters.passwords import Argon2Passwords
from bot.domain.agents import AgentRole
from bot.domain.errors import AgentRefused, TooManyLoginAttempts
from bot.services.agents import (
    FAILURE_WINDOW,
    MAX_FAILURES,
    SESSION_LENGTH,
    AgentAccounts,
    AgentDetailsNotValid,
    LoginAttempts,
    PasswordTooWeak,
)
from tests.fakes.desk_house import PASSWORD, FixedClock, quick_hasher

EMAIL = "marta@example.com"


class CountingHasher:
    """Tells how much work was done; a hash is the password turned around."""

    def __init__(self) -> None:
        self.work = 0

    def hash(self, password: str) -> str:
        self.work += 1
        return password[::-1]

    def verify(self, password_hash: str, password: str) -> bool:
        self.work += 1
        return password_hash == password[::-1]

    def is_outdated(self, password_hash: str) -> bool:
        return False


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def accounts(units: SqlUnits, clock: FixedClock) -> AgentAccounts:
    accounts = AgentAccounts(units, clock, quick_hasher())
    accounts.add("Marta Ruiz", EMAIL, PASSWORD, AgentRole.AGENT)
    return accounts


def fail(accounts: AgentAccounts, times: int, address: str = "") -> None:
    for _ in range(times):
        with pytest.raises(AgentRefused):
            accounts.log_in(EMAIL, "not the password", address)


# --- accounts -----------------------------------------------------------------------------------


def test_an_agent_logs_in_and_is_known_by_the_token(accounts: AgentAccounts) -> None:
    agent = accounts.agent_of(accounts.log_in(EMAIL, PASSWORD))
    assert (agent.name, agent.first_name, agent.role) == ("Marta Ruiz", "Marta", AgentRole.AGENT)


@pytest.mark.parametrize("email", ["MARTA@Example.COM", f"  {EMAIL} "])
def test_an_e_mail_is_the_same_in_any_case(accounts: AgentAccounts, email: str) -> None:
    assert accounts.log_in(email, PASSWORD)


@pytest.mark.parametrize("password", ["", "123456789", "x" * 257])
def test_a_password_that_is_too_short_or_endless_opens_no_account(
    accounts: AgentAccounts, password: str
) -> None:
    with pytest.raises(PasswordTooWeak):
        accounts.add("Ana", "ana@example.com", password)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("", "ana@example.com"),
        ("   ", "ana@example.com"),
        ("Ana\x00", "ana@example.com"),
        ("A" * 81, "ana@example.com"),
        ("Ana", ""),
        ("Ana", "ana"),
        ("Ana", "@example.com"),
        ("Ana", "ana gil@example.com"),
        ("Ana", "ana@example.com\x00"),
        ("Ana", "a" * 250 + "@example.com"),
    ],
)
def test_an_account_has_a_name_and_an_e_mail(
    accounts: AgentAccounts, name: str, email: str
) -> None:
    with pytest.raises(AgentDetailsNotValid):
        accounts.add(name, email, PASSWORD)


def test_two_accounts_do_not_share_an_e_mail(accounts: AgentAccounts) -> None:
    with pytest.raises(AgentRefused):
        accounts.add("Another", EMAIL.upper(), PASSWORD)


def test_a_password_is_the_same_however_the_keyboard_writes_its_accents(
    accounts: AgentAccounts,
) -> None:
    accounts.add("Ana", "ana@example.com", "contrase\u00f1a larga")
    assert accounts.log_in("ana@example.com", "contrasen\u0303a larga")


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "not the password"),
        (EMAIL, ""),
        (EMAIL, PASSWORD + "x"),
        (EMAIL, PASSWORD + " " * 300),
        (EMAIL, "\ud800"),
        ("nobody@example.com", PASSWORD),
        ("", ""),
        ("\x00", "\x00"),
        ("marta\x00@example.com", PASSWORD),
        ("\ud800@example.com", PASSWORD),
    ],
)
def test_wrong_data_are_refused_alike(accounts: AgentAccounts, email: str, password: str) -> None:
    with pytest.raises(AgentRefused) as refused:
        accounts.log_in(email, password)
    assert refused.value.code == "agent_refused"


def test_an_unknown_e_mail_costs_as_much_work_as_a_wrong_password(units: SqlUnits) -> None:
    hasher = CountingHasher()
    accounts = AgentAccounts(units, FixedClock(), hasher)
    accounts.add("Marta Ruiz", EMAIL, PASSWORD)

    def work_for(email: str) -> int:
        before = hasher.work
        with pytest.raises(AgentRefused):
            accounts.log_in(email, "not the password")
        return hasher.work - before

    assert work_for(EMAIL) == work_for("nobody@example.com")


def test_after_five_failures_even_the_right_password_waits(accounts: AgentAccounts) -> None:
    fail(accounts, MAX_FAILURES)
    with pytest.raises(TooManyLoginAttempts):
        accounts.log_in(EMAIL, PASSWORD)


def test_log_in_opens_again_after_a_quarter_of_an_hour(
    accounts: AgentAccounts, clock: FixedClock
) -> None:
    fail(accounts, MAX_FAILURES)
    clock.move(FAILURE_WINDOW)
    assert accounts.log_in(EMAIL, PASSWORD)


def test_a_stranger_elsewhere_does_not_lock_an_agent_out(accounts: AgentAccounts) -> None:
    fail(accounts, MAX_FAILURES, "203.0.113.9")
    assert accounts.log_in(EMAIL, PASSWORD, "192.0.2.1")


def test_a_success_forgets_the_failures_before_it(accounts: AgentAccounts) -> None:
    fail(accounts, MAX_FAILURES - 1)
    accounts.log_in(EMAIL, PASSWORD)
    fail(accounts, MAX_FAILURES - 1)
    assert accounts.log_in(EMAIL, PASSWORD)


def test_attempts_at_the_same_time_count_before_they_are_decided(clock: FixedClock) -> None:
    attempts = LoginAttempts()
    for _ in range(MAX_FAILURES):
        attempts.begin(EMAIL, "", clock.now())  # still being checked
    with pytest.raises(TooManyLoginAttempts):
        attempts.begin(EMAIL, "", clock.now())


# --- sessions -----------------------------------------------------------------------------------


def test_a_session_ends_after_twelve_hours(accounts: AgentAccounts, clock: FixedClock) -> None:
    token = accounts.log_in(EMAIL, PASSWORD)
    clock.move(SESSION_LENGTH - timedelta(seconds=1))
    assert accounts.agent_of(token)
    clock.move(timedelta(seconds=1))
    with pytest.raises(AgentRefused):
        accounts.agent_of(token)


def test_logging_out_ends_this_session_and_no_other(accounts: AgentAccounts) -> None:
    here, elsewhere = accounts.log_in(EMAIL, PASSWORD), accounts.log_in(EMAIL, PASSWORD)
    accounts.log_out(here)
    assert accounts.agent_of(elsewhere)
    with pytest.raises(AgentRefused):
        accounts.agent_of(here)


@pytest.mark.parametrize("token", ["", "made-up", "\x00", "\ud800", "x" * 10_000])
def test_a_made_up_token_is_nobody(accounts: AgentAccounts, token: str) -> None:
    with pytest.raises(AgentRefused):
        accounts.agent_of(token)
    accounts.log_out(token)


# --- hashes -------------------------------------------------------------------------------------


def test_a_hash_of_older_parameters_is_renewed_at_log_in(units: SqlUnits) -> None:
    older = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    newer = Argon2Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    AgentAccounts(units, FixedClock(), older).add("Marta Ruiz", EMAIL, PASSWORD)

    def is_outdated() -> bool:
        with units.reading() as unit:
            known = unit.agents.credentials(EMAIL)
        assert known is not None
        return newer.is_outdated(known[1])

    assert is_outdated()
    accounts = AgentAccounts(units, FixedClock(), newer)
    accounts.log_in(EMAIL, PASSWORD)
    assert not is_outdated()
    assert accounts.log_in(EMAIL, PASSWORD)


def test_neither_passwords_nor_tokens_are_stored(accounts: AgentAccounts, units: SqlUnits) -> None:
    token = accounts.log_in(EMAIL, PASSWORD)
    with units.reading() as unit:
        known = unit.agents.credentials(EMAIL)
        assert unit.agents.agent_of_session(token, FixedClock().now()) is None
    assert known is not None
    assert PASSWORD not in known[1]


@pytest.mark.parametrize("stored", ["", "plain text", "$argon2id$broken"])
def test_a_broken_hash_fits_no_password(stored: str) -> None:
    assert not quick_hasher().verify(stored, PASSWORD)
