"""What the desk is made of; the composition root fills it in."""

from dataclasses import dataclass

from bot.adapters.attachments import AttachmentStore
from bot.adapters.changes import Changes
from bot.domain.carriers import Carriers
from bot.services.agents import AgentAccounts
from bot.services.casefile import CaseFile
from bot.services.documents import Documents
from bot.services.handoff import Handoff
from bot.services.queue import Queue


@dataclass(frozen=True, slots=True)
class DeskServices:
    """Everything the desk's routes call. `secure` when the world reaches us by https."""

    accounts: AgentAccounts
    queue: Queue
    cases: CaseFile
    handoff: Handoff
    changes: Changes
    carriers: Carriers
    photos: AttachmentStore
    documents: Documents
    shop_name: str
    secure: bool
