"""Plays a dialogue against a running house: the customer over HTTP, the team through its services."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import uuid4

import httpx2
from PIL import Image

from bot.adapters.yaml_file import read_yaml
from bot.bootstrap import House
from bot.dialogue_evaluation.customer import Customer, Heard
from bot.dialogue_evaluation.order_states import differs
from bot.dialogue_evaluation.script import Dialogue, Turn
from bot.dialogue_evaluation.waiting import eventually
from bot.domain.agents import Agent, AgentCredentials, AgentRole
from bot.domain.errors import Refusal
from bot.settings import PROJECT_ROOT, Settings
from connectors.webchat.tokens import WebchatTokens

SETTLED_SECONDS = 20.0
Fits = Callable[[str], bool]
ANY = "any"


class WentOtherwise(Exception):
    """A dialogue did not go as written.

    Attributes:
        step: The turn, counted from 1; the one after the last is the end.
        expected: What is written, by kind of expectation.
        got: What came of it, in the same form.
    """

    def __init__(self, expected: object, got: object, step: int = 0) -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.step = step
        self.expected = expected
        self.got = got


class Play:
    """One conversation with a running house."""

    def __init__(self, settings: Settings) -> None:
        self._chat = Customer(f"http://127.0.0.1:{settings.port}")
        self._inside = House(settings)
        identity = WebchatTokens(settings.shared_secret()).conversation(self._chat.token)
        assert identity is not None, "the house has another secret"
        self._conversation = identity
        self._titles = titles_by_meaning()
        self._agent: Agent | None = None

    def close(self) -> None:
        """Close the connections; the conversation stays."""
        self._chat.close()
        self._inside.close()

    def run(self, dialogue: Dialogue) -> None:
        """Play all turns and look at what they led to.

        Raises:
            WentOtherwise: at the first turn that did, or at the end.
        """
        for step, turn in enumerate(dialogue.turns, start=1):
            with _told_where(step, turn):
                self._play(turn)
        with _told_where(len(dialogue.turns) + 1, None):
            self._expect_end(dialogue)

    def _play(self, turn: Turn) -> None:
        before = self._last_seq()
        self._act(turn)
        if turn.expected.get("silence"):
            self._expect_silence(before)
        else:
            self._expect(turn, self._chat.hears(before))
        said = "\n".join(m["text"] for m in self._chat.transcript if m["author"] != "customer")
        hidden = [str(fact) for fact in turn.expected.get("hides", ())]
        if any(fact in said for fact in hidden):
            raise WentOtherwise({"hides": hidden}, {"tells": [f for f in hidden if f in said]})

    # --- acting ---------------------------------------------------------------------------------

    def _act(self, turn: Turn) -> None:
        if turn.act == "customer":
            self._chat.say(turn.what)
        elif turn.act == "customer_presses":
            titles = self._titles.get(turn.what, set())
            self._press(lambda title: title in titles, turn.what)
        elif turn.act == "customer_chooses":
            self._press(lambda title: turn.what in title, turn.what)
        elif turn.act == "customer_sends":
            self._chat.send_photo(a_photo())
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

    def _press(self, fits: Fits, wanted: str) -> None:
        """Press the newest button that fits."""
        self._chat.fetch()
        offered = [
            str(choice["title"])
            for message in reversed(self._chat.transcript)
            for choice in message["choices"]
        ]
        title = next(filter(fits, offered), None)
        if title is None:
            raise WentOtherwise({"button": wanted}, {"buttons": offered})
        self._chat.press(title)

    # --- expecting ------------------------------------------------------------------------------

    def _expect(self, turn: Turn, heard: Heard) -> None:
        expected = turn.expected
        if "answer" in expected:
            _same("answer", expected["answer"], heard.responses, heard)
        if "not_answer" in expected and set(heard.responses) & set(expected["not_answer"]):
            got = {"answer": heard.responses, "text": heard.text}
            raise WentOtherwise({"not_answer": expected["not_answer"]}, got)
        facts = [str(fact) for fact in expected.get("tells", ())]
        if any(fact not in heard.text for fact in facts):
            raise WentOtherwise({"tells": facts}, {"text": heard.text})
        if "offers" in expected:
            meant = [self._meaning(title) for title in heard.titles]
            _same("offers", expected["offers"], meant, heard)
        if "offers_about" in expected:
            self._expect_titles(expected["offers_about"], heard)

    def _expect_titles(self, parts: list[str], heard: Heard) -> None:
        titles = heard.titles
        if len(parts) != len(titles) or any(
            part not in title for part, title in zip(parts, titles, strict=True)
        ):
            raise WentOtherwise({"offers_about": parts}, {"offers_about": titles})

    def _expect_silence(self, after: int) -> None:
        eventually(lambda: not self._waiting(), SETTLED_SECONDS)
        self._chat.fetch()
        said = [m for m in self._chat.transcript if m["seq"] > after and m["author"] != "customer"]
        if said:
            heard = Heard(tuple(said))
            raise WentOtherwise({"silence": True}, {"answer": heard.responses, "text": heard.text})

    def _expect_end(self, dialogue: Dialogue) -> None:
        found = self._end()
        expected = {
            key: found[key] if value == ANY else value for key, value in dialogue.ends.items()
        }
        if found != expected:
            raise WentOtherwise({"ends": dict(dialogue.ends)}, {"ends": found})
        self._expect_orders(dialogue)
        if self._waiting():
            raise WentOtherwise({"waiting messages": 0}, {"waiting messages": "some"})

    def _expect_orders(self, dialogue: Dialogue) -> None:
        for number, state in dialogue.orders.items():
            otherwise = differs(state, self._inside.order_document.show(number))
            if otherwise:
                expected = {key: state[key] for key in otherwise}
                raise WentOtherwise({"orders": {number: expected}}, {"orders": {number: otherwise}})

    def _end(self) -> dict[str, object]:
        now = datetime.now(UTC)
        with self._inside.units.reading() as unit:
            conversation = unit.conversations.get(self._conversation)
            assert conversation is not None
            return {
                "status": conversation.status.value,
                "reason": conversation.handoff_reason,
                "linked_to": unit.identities.linked_customer(self._conversation, now),
                "failures": unit.identities.failures_since(
                    self._conversation, now - timedelta(hours=1)
                ),
            }

    def _waiting(self) -> bool:
        with self._inside.units.reading() as unit:
            return bool(unit.conversations.waiting_messages(self._conversation))

    def _last_seq(self) -> int:
        self._chat.fetch()
        return max(int(message["seq"]) for message in self._chat.transcript)

    def _meaning(self, title: str) -> str:
        return next((m for m, titles in self._titles.items() if title in titles), title)


@contextmanager
def _told_where(step: int, turn: Turn | None) -> Iterator[None]:
    """Whatever goes otherwise says in which turn; an answer that never comes is one such thing."""
    try:
        yield
    except WentOtherwise as otherwise:
        otherwise.step = step
        if turn is not None:
            otherwise.add_note(f"in turn {step}, “{turn.what}”")
        raise
    except (httpx2.HTTPError, Refusal) as error:
        expected = dict(turn.expected) if turn is not None else {}
        raise WentOtherwise(expected, f"{type(error).__name__}: {error}", step) from error


def _same(kind: str, expected: object, got: object, heard: Heard) -> None:
    if expected != got:
        raise WentOtherwise({kind: expected}, {kind: got, "text": heard.text})


@cache
def titles_by_meaning() -> dict[str, set[str]]:
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


def a_photo() -> bytes:
    """A small picture, as a telephone sends it."""
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "#b98a5e").save(content, "JPEG")
    return content.getvalue()
