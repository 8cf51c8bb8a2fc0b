"""The team's accounts and log-ins in SQL."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.adapters.database.tables import AgentRow, AgentSessionRow
from bot.domain.agents import Agent, AgentCredentials, AgentRole
from bot.domain.errors import AgentRefused


class SqlAgentBook:
    """See `bot.services.ports.AgentBook`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, agent: AgentCredentials, now: datetime) -> Agent:
        row = AgentRow(
            name=agent.name,
            email=agent.email,
            password_hash=agent.password_hash,
            role=agent.role.value,
            active=True,
            created_at=now,
        )
        self._session.add(row)
        try:
            self._session.flush()
        except IntegrityError:
            raise AgentRefused(f"there is an agent with the e-mail {agent.email}") from None
        return _agent(row)

    def get(self, agent_id: int) -> Agent | None:
        row = self._session.get(AgentRow, agent_id)
        return _agent(row) if row and row.active else None

    def credentials(self, email: str) -> tuple[Agent, str] | None:
        row = self._session.scalar(
            select(AgentRow).where(AgentRow.email == email, AgentRow.active.is_(True))
        )
        return (_agent(row), row.password_hash) if row else None

    def all(self) -> tuple[Agent, ...]:
        return tuple(
            _agent(row) for row in self._session.scalars(select(AgentRow).order_by(AgentRow.name))
        )

    def set_password_hash(self, agent_id: int, password_hash: str) -> None:
        self._session.execute(
            update(AgentRow).where(AgentRow.id == agent_id).values(password_hash=password_hash)
        )

    def open_session(self, token_hash: str, agent_id: int, now: datetime, until: datetime) -> None:
        self._session.execute(
            delete(AgentSessionRow).where(
                AgentSessionRow.agent_id == agent_id, AgentSessionRow.expires_at <= now
            )
        )
        self._session.add(
            AgentSessionRow(
                token_hash=token_hash, agent_id=agent_id, created_at=now, expires_at=until
            )
        )
        self._session.flush()

    def agent_of_session(self, token_hash: str, now: datetime) -> Agent | None:
        row = self._session.scalar(
            select(AgentRow)
            .join(AgentSessionRow, AgentSessionRow.agent_id == AgentRow.id)
            .where(
                AgentSessionRow.token_hash == token_hash,
                AgentSessionRow.expires_at > now,
                AgentRow.active.is_(True),
            )
        )
        return _agent(row) if row else None

    def close_session(self, token_hash: str) -> None:
        self._session.execute(
            delete(AgentSessionRow).where(AgentSessionRow.token_hash == token_hash)
        )


def _agent(row: AgentRow) -> Agent:
    return Agent(row.id, row.name, row.email, AgentRole(row.role))
