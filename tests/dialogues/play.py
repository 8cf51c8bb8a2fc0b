"""Plays a dialogue against the running house: the customer over HTTP, the team through its services."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from PIL import Image

from bot.adapters.yaml_file import read_yaml
from bot.bootstrap import House
from bot.domain.agents import Agent, AgentCredentials, AgentRole
from bot.settings import PROJECT_ROOT
from tests.chat_client import ChatClient, Heard, Said
from tests.dialogues.script import Dialogue, Turn
from tests.polling import eventually
from tests.running_house import RunningHouse

SETTLED_SECONDS = 20.0
Fits = Callable[[str], bool]
ANY = "any"


class Play:
    """One conversation."""

    def __init__(self, house: RunningHouse) -> None:
        self._chat = ChatClient(house.address)
        self._inside = house.house()
        self._conversation = house.conversation_of(self._chat.token)
        self._titles = _titles_by_meaning()
        self._agent: Agent | None = None

    def close(self) -> None:
        """Close the connections; the conversation stays."""
        self._chat.close()
        self._inside.close()

    def run(self, dialogue: Dialogue) -> None:
        """Play all turns and look at what they led to."""
        for turn in dialogue.turns:
            with _told_where(turn):
                before = self._last_seq()
                self._act(turn)
                if turn.expected.get("silence"):
                    self._expect_silence(before)
                else:
                    self._expect(turn, self._chat.hears(before))
                hidden = turn.expected.get("hides", ())
                said = [m["text"] for m in self._chat.transcript if m["author"] != "customer"]
                assert [fact for fact in hidden if fact in "\n".join(said)] == []
        self._expect_end(dialogue)

    # --- acting ---------------------------------------------------------------------------------

    def _act(self, turn: Turn) -> None:
        if turn.act == "customer":
            self._chat.say(turn.what)
        elif turn.act == "customer_presses":
            self._chat.press(self._offered(self._titles[turn.what]))
        elif turn.act == "customer_chooses":
            self._chat.press(self._offered_about(turn.what))
        elif turn.act == "customer_sends":
            self._chat.send_photo(_photo())
        else:
            self._team_acts(turn.what)

    def _team_acts(self, what: str) -> None:
        handoff = self._inside.handoff
        agent = self._agent = self._agent or _new_agent(self._inside)
        if what == "takes":
            handoff.take(self._conversation, agent)
        elif what == "gives back":
            handoff.give_back(self._conversation, agent)
        elif what == "closes":
            handoff.close(self._conversation, agent)
        else:
            handoff.reply(self._conversation, agent, what)

    def _offered(self, titles: set[str]) -> str:
        return self._newest_button(lambda title: title in titles, sorted(titles))

    def _offered_about(self, words: str) -> str:
        return self._newest_button(lambda title: words in title, [words])

    def _newest_button(self, fits: Fits, wanted: list[str]) -> str:
        self._chat.fetch()
        for message in reversed(self._chat.transcript):
            for choice in message["choices"]:
                if fits(choice["title"]):
                    return str(choice["title"])
        raise AssertionError(f"no button offers {wanted}")

    # --- expecting ------------------------------------------------------------------------------

    def _expect(self, turn: Turn, heard: Heard) -> None:
        expected = turn.expected
        if "answer" in expected:
            assert heard.responses == expected["answer"], heard.text
        if "not_answer" in expected:
            assert not set(heard.responses) & set(expected["not_answer"]), heard.text
        for fact in expected.get("tells", ()):
            assert str(fact) in heard.text
        if "offers" in expected:
            meant = [self._meaning(title) for title in heard.titles]
            assert meant == expected["offers"], heard.titles
        if "offers_about" in expected:
            for words, title in zip(expected["offers_about"], heard.titles, strict=True):
                assert words in title

    def _expect_silence(self, after: int) -> None:
        eventually(lambda: not self._waiting(), SETTLED_SECONDS)
        self._chat.fetch()
        assert [m for m in self._chat.transcript if m["seq"] > after and _is_said(m)] == []

    def _expect_end(self, dialogue: Dialogue) -> None:
        assert not self._waiting()
        now = datetime.now(UTC)
        with self._inside.units.reading() as unit:
            conversation = unit.conversations.get(self._conversation)
            assert conversation is not None
            found = {
                "status": conversation.status.value,
                "reason": conversation.handoff_reason,
                "linked_to": unit.identities.linked_customer(self._conversation, now),
                "failures": unit.identities.failures_since(
                    self._conversation, now - timedelta(hours=1)
                ),
            }
        expected = {
            key: found[key] if value == ANY else value for key, value in dialogue.ends.items()
        }
        assert found == expected

    def _waiting(self) -> bool:
        with self._inside.units.reading() as unit:
            return bool(unit.conversations.waiting_messages(self._conversation))

    def _last_seq(self) -> int:
        self._chat.fetch()
        return max(message["seq"] for message in self._chat.transcript)

    def _meaning(self, title: str) -> str:
        return next((m for m, titles in self._titles.items() if title in titles), title)


@contextmanager
def _told_where(turn: Turn) -> Iterator[None]:
    """A failure says in which turn."""
    try:
        yield
    except (AssertionError, TimeoutError) as error:
        error.add_note(f"in the turn “{turn.what}”")
        raise


def _is_said(message: Said) -> bool:
    return message["author"] != "customer"


def _titles_by_meaning() -> dict[str, set[str]]:
    """The words of each button of `domain.yml`, by its payload."""
    domain = read_yaml(PROJECT_ROOT / "domain.yml")
    titles: dict[str, set[str]] = {}
    for variants in domain["responses"].values():
        for button in (button for variant in variants for button in variant.get("buttons", [])):
            titles.setdefault(button["payload"], set()).add(button["title"])
    return titles


def _new_agent(house: House) -> Agent:
    account = AgentCredentials(
        "Marta Ruiz", f"{uuid4().hex}@example.com", AgentRole.AGENT, "no password"
    )
    with house.units.writing() as unit:
        agent = unit.agents.add(account, house.clock.now())
        unit.commit()
        return agent


def _photo() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "#b98a5e").save(content, "JPEG")
    return content.getvalue()
