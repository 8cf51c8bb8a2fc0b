"""The people of the team."""

from dataclasses import dataclass, field
from enum import StrEnum


class AgentRole(StrEnum):
    """What an agent may do."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Agent:
    """A member of the team, as colleagues and customers see them."""

    id: int
    name: str
    email: str
    role: AgentRole

    @property
    def first_name(self) -> str:
        """How a customer is told who writes: "Marta", not "Marta Ruiz Olmo"."""
        return self.name.split()[0]


@dataclass(frozen=True, slots=True)
class AgentCredentials:
    """A new account; the password is hashed already."""

    name: str
    email: str
    role: AgentRole
    password_hash: str = field(repr=False)
