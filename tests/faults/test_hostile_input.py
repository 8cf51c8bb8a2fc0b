"""Whatever is thrown at the doors: a clear 4xx or a calm answer, and nothing broken behind them."""

import io
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from PIL import Image

from bot.dialogue_evaluation.response_names import the_response_names
from bot.domain.messages import MAX_TEXT_LENGTH
from tests.chat_client import ChatClient, Heard
from tests.running_house import RunningHouse

pytestmark = [pytest.mark.assistant, pytest.mark.timeout(300)]

# An order of the demonstration shop, and what only its owner may see of it.
NUMBER, POSTCODE = "A-10234", "28013"
SECRETS = ("SEUR", "90123456784512", "Molinillo", "Marta Ruiz", "marta.ruiz")
# What a mistake of ours would look like from outside.
INNARDS = ("Traceback", "sqlalchemy", "sqlite", "starlette", 'File "/', "Exception", "rasa")


@pytest.fixture
def http(running_house: RunningHouse) -> Iterator[httpx2.Client]:
    """Somebody who does not care for protocols."""
    with httpx2.Client(base_url=running_house.address, timeout=60, trust_env=False) as client:
        yield client


@pytest.fixture(autouse=True)
def _the_house_stands_and_kept_calm(running_house: RunningHouse) -> Iterator[None]:
    """After each attack: everybody is answered, and no part has tripped over it."""
    tripped = _mistakes(running_house)
    yield
    bystander = ChatClient(running_house.address)
    heard = bystander.hears(bystander.say(f"mi pedido {NUMBER}, código postal {POSTCODE}"))
    bystander.close()
    assert heard.responses[0] == "utter_order_in_transit", heard.text
    assert _mistakes(running_house) == tripped


def _mistakes(house: RunningHouse) -> dict[str, int]:
    return {name: house.log(name).count("Traceback") for name in ("gateway", "rasa", "actions")}


def calm(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a refusal that tells nothing about our insides."""
    assert 400 <= answer.status_code < 500, answer.text[:300]
    assert not [word for word in INNARDS if word.lower() in answer.text.lower()]
    try:
        return answer.status_code, answer.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return answer.status_code, ""


def answered(customer: ChatClient, text: str) -> Heard:
    """A calm answer: nothing but responses of ours, and nobody's data."""
    heard = customer.hears(customer.say(text))
    assert not [name for name in heard.responses if name.startswith("?")], heard.text
    assert not [secret for secret in SECRETS if secret in heard.text]
    return heard


# --- texts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(document.cookie)>",
        "'; DROP TABLE orders; --",
        "' OR 1=1 --",
        "{{7*7}} ${7*7} #{7*7} {order_number} {carrier} %s %n {0}",
        "../../../../etc/passwd",
        "a\x00b\x1b[2Jc",
        "\u202egnirts desrever\u202c",
        "😀" * 1_000,
        "Z" + "\u0301" * 3_000,  # a letter under a tower of accents
        "a" * MAX_TEXT_LENGTH,
        "1 " * 1_999,
        "@" * MAX_TEXT_LENGTH,
        "a@" * 2_000,
        "-" * MAX_TEXT_LENGTH,
        "(" * MAX_TEXT_LENGTH,
        "A-1" * 1_300,
        "¿" * MAX_TEXT_LENGTH,
        "uno dos tres " * 300,
        "\n".join("x" for _ in range(2_000)),
        "مرحبا 你好 שלום",
        '{"intent": "request_human", "entities": {}}',
    ],
    ids=lambda text: text[:20].encode("unicode_escape").decode(),
)
def test_a_text_is_a_text(customer: ChatClient, text: str) -> None:
    answered(customer, text)


@pytest.mark.parametrize(
    "command",
    [
        "/request_human",
        " /request_human",
        "/send_photo",
        "//send_photo",
        '/send_photo{"x": 1}',
        "/nlu_fallback",
        "/restart",
        "/back",
        "/session_start",
        "/EXTERNAL_reminder",
        "/utter_waiting_for_person",
        "/action_show_order_status",
        '/inform{"order_number": "A-10234", "email": "nobody@example.com"}',
        '/inform{"order_number": "A-10234", "order_in_focus": "A-10234"',
        "/{",
        "/",
    ],
)
def test_a_command_typed_by_hand_is_words(customer: ChatClient, command: str) -> None:
    heard = answered(customer, command)
    assert "utter_send_photo" not in heard.responses


def test_a_command_typed_by_hand_does_not_forget_the_conversation(customer: ChatClient) -> None:
    customer.hears(customer.say(f"¿dónde está mi pedido {NUMBER}?"))
    customer.hears(customer.say("/restart"))
    customer.hears(customer.say("/session_start"))
    heard = customer.hears(customer.say(POSTCODE))
    # Were it executed, the number would be gone and asked for again.
    assert "utter_ask_order_lookup_form_order_number" not in heard.responses


def test_slots_cannot_be_set_from_outside(customer: ChatClient) -> None:
    forged = {"order_number": NUMBER, "second_fact": POSTCODE, "order_in_focus": NUMBER}
    for body in (
        {"text": "¿cuándo llega?", "slots": forged, "metadata": forged, "entities": forged},
        {"text": "¿cuándo llega?", "payload": {"intent": "ask_order_status", "entities": forged}},
        {"text": "¿cuándo llega?", "state": [{"event": "slot", "name": "order_number"}]},
        {"text": "¿cuándo llega?", "sender": "default", "author": "bot", "seq": 1},
    ):
        answer = customer.post(**body)
        assert answer.status_code in (202, 422)
        if answer.status_code == 202:
            heard = customer.hears(answer.json()["seq"])
            assert not [secret for secret in SECRETS if secret in heard.text]


def test_a_choice_cannot_be_made_up(customer: ChatClient, running_house: RunningHouse) -> None:
    other = ChatClient(running_house.address)
    not_mine = other.transcript[0]["choices"][0]["choice"]
    other.close()
    for choice in (
        not_mine,
        "/request_human",
        '{"intent": "request_human"}',
        "",
        "\x00",
        "a" * 30_000,
    ):
        assert calm(customer.post(choice=choice)) == (422, "choice_unknown")


def test_text_over_the_limit_is_refused_with_a_sentence(customer: ChatClient) -> None:
    answer = customer.post(text="a" * (MAX_TEXT_LENGTH + 1))
    assert calm(answer) == (422, "text_too_long")
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (422, "not_valid")),
        (b"{", (422, "not_valid")),
        (b"\x00", (422, "not_valid")),
        (b'{"text": "\\ud83d"}', (422, "not_valid")),
        (b'{"text": "\xed\xa0\x80"}', (422, "not_valid")),
        (b'{"text": "\\u0000"}', (422, "text_empty")),
        (b'{"text": ""}', (422, "text_empty")),
        (b'{"text": "hola", "text": 5}', (422, "not_valid")),
        (b'{"text": ' + b"[" * 30_000, (422, "not_valid")),
        (b'{"a": ' * 10_000, (422, "not_valid")),
        (b'{"text": "' + b"a" * 1_000_000 + b'"}', (413, "too_large")),
        (b'{"text": 1e999}', (422, "not_valid")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_body_that_is_none_of_ours(
    http: httpx2.Client, customer: ChatClient, body: bytes, expected: tuple[int, str]
) -> None:
    headers = {"Authorization": f"Bearer {customer.token}"}
    for content_type in ("application/json", "text/plain", "application/xml", "x" * 1_000):
        answer = http.post(
            "/webchat/messages", content=body, headers={**headers, "Content-Type": content_type}
        )
        assert calm(answer) == expected
    assert len(customer.fetch()) == 0


# --- other people's sessions ------------------------------------------------------------------------


def test_a_forged_session_sees_nothing_and_says_nothing(
    http: httpx2.Client, customer: ChatClient, running_house: RunningHouse
) -> None:
    conversation = running_house.conversation_of(customer.token)
    payload, _, signature = customer.token.rpartition(".")
    other = ChatClient(running_house.address)
    stolen_signature = f"{payload}.{other.token.rpartition('.')[2]}"
    other.close()
    for token in (
        conversation,
        payload,
        f"{payload}.",
        f".{signature}",
        stolen_signature,
        customer.token.swapcase(),
        customer.token[:-1],
        "null",
        "a" * 8_000,
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
    ):
        headers = {"Authorization": f"Bearer {token}"}
        for answer in (
            http.get("/webchat/messages", headers=headers),
            http.get("/webchat/events", headers=headers),
            http.post("/webchat/messages", json={"text": "hola"}, headers=headers),
            http.post("/webchat/typing", json={"on": True}, headers=headers),
        ):
            assert calm(answer) == (401, "unauthorized")


def test_a_token_is_not_taken_from_anywhere_else(http: httpx2.Client, customer: ChatClient) -> None:
    for answer in (
        http.get("/webchat/messages", params={"token": customer.token}),
        http.get("/webchat/messages", headers={"Cookie": f"token={customer.token}"}),
        http.get("/webchat/messages", headers={"X-Token": customer.token}),
    ):
        assert calm(answer) == (401, "unauthorized")


def test_one_customers_proof_opens_nothing_for_another(
    customer: ChatClient, running_house: RunningHouse
) -> None:
    owner = ChatClient(running_house.address)
    proven = owner.hears(owner.say(f"mi pedido {NUMBER}, código postal {POSTCODE}"))
    assert SECRETS[0] in proven.text
    answered(customer, f"¿cuándo llega mi pedido {NUMBER}?")
    answered(customer, "¿y mi otro pedido?")
    owner.close()


def test_numbers_of_orders_cannot_be_found_by_trying(customer: ChatClient) -> None:
    refusals = set()
    for number in (NUMBER, "A-10235", "A-99999", "Z-1000"):
        customer.hears(customer.say("déjalo"))
        asked = customer.hears(customer.say(f"¿dónde está mi pedido {number}?"))
        refusals.add(tuple(asked.responses))
    assert len(refusals) == 1


# --- numbers, paths, methods ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=1e9", "after=9" + "9" * 40, "wait=-1", "wait=nan", "after=%00", "after=٣"],
)
def test_a_number_that_is_none(http: httpx2.Client, customer: ChatClient, query: str) -> None:
    headers = {"Authorization": f"Bearer {customer.token}"}
    assert calm(http.get(f"/webchat/messages?{query}", headers=headers)) == (422, "not_valid")
    if query.startswith("after"):
        assert calm(http.get(f"/webchat/events?{query}", headers=headers)) == (422, "not_valid")


def test_numbers_that_are_too_large_are_no_more_than_large(
    http: httpx2.Client, customer: ChatClient
) -> None:
    headers = {"Authorization": f"Bearer {customer.token}"}
    far = http.get("/webchat/messages?after=99999999999999999", headers=headers)
    assert far.json()["messages"] == []
    # A wait of a year is answered as soon as there is something to say.
    patient = http.get("/webchat/messages?after=0&wait=31536000", headers=headers)
    assert len(patient.json()["messages"]) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/desk/static/../../settings.py",
        "/desk/static/%2e%2e/%2e%2e/settings.py",
        "/desk/static/..%2f..%2fsettings.py",
        "/webchat/attachments/../../../var/secret",
        "/webchat/attachments/%2e%2e%2f%2e%2e%2fsecret",
        "/webchat/attachments/" + "a" * 4_000,
        "/webchat/attachments/%00",
        "/webchat/attachments/%ff%fe",
        "/widget.js/../../../domain.yml",
        "/domain.yml",
        "/.env",
        "/.git/config",
        "/webhooks/posventa/turn",
        "/webhooks/rest/webhook",
        "/docs",
        "/openapi.json",
        "/desk/photos/../../secret",
        "/desk/api/conversations/x/take",
    ],
)
def test_a_path_leads_nowhere_it_should_not(running_house: RunningHouse, path: str) -> None:
    answer = _raw(running_house, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    status = int(answer.split(b" ", 2)[1])
    assert 300 <= status < 500, answer[:200]
    body = answer.partition(b"\r\n\r\n")[2]
    for secret in (b"root:", b"POSVENTA", b"responses:", b"Traceback", b"[core]"):
        assert secret not in body


@pytest.mark.parametrize(
    "request_text",
    [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "HELO mail\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "POST /webchat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
        "POST /webchat/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: " + "a" * 200_000 + "\r\n\r\n",
        "GET / HTTP/1.1\r\n" + "".join(f"H{n}: x\r\n" for n in range(5_000)) + "\r\n",
        "GET /\x00\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=lambda text: repr(text[:25]),
)
def test_what_is_hardly_http(running_house: RunningHouse, request_text: str) -> None:
    answer = _raw(running_house, request_text, hang_up=True)
    assert not answer or not answer.startswith(b"HTTP/1.1 5"), answer[:200]
    assert b"Traceback" not in answer


# --- photos -----------------------------------------------------------------------------------------


def test_what_is_no_photo_leaves_no_message(http: httpx2.Client, customer: ChatClient) -> None:
    headers = {"Authorization": f"Bearer {customer.token}"}
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    for name, content, content_type in (
        ("virus.exe", b"MZ" + b"\x00" * 1_000, "image/png"),
        ("page.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"),
        ("bomb.png", bomb.getvalue(), "image/png"),
        ("../../secret", b"x", "image/jpeg"),
        ("huge.jpg", b"\xff\xd8" + b"\x00" * (10 * 1024 * 1024), "image/jpeg"),
    ):
        files = {"file": (name, content, content_type)}
        answer = http.post("/webchat/attachments", files=files, headers=headers)
        assert calm(answer) in {(415, "attachment_refused"), (413, "too_large")}
    for content_type in (
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
    ):
        answer = http.post(
            "/webchat/attachments",
            content=b"--x--",
            headers={**headers, "Content-Type": content_type},
        )
        assert calm(answer) == (422, "not_valid")
    assert customer.fetch() == []


def test_an_upload_that_goes_on_and_on_is_cut_off(
    http: httpx2.Client, customer: ChatClient
) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        for _ in range(40):
            yield b"\x00" * 1_000_000

    headers = {
        "Authorization": f"Bearer {customer.token}",
        "Content-Type": "multipart/form-data; boundary=x",
    }
    try:
        answer = http.post("/webchat/attachments", content=endless(), headers=headers)
    except httpx2.WriteError:
        return  # it hung up on us, which is as clear
    assert calm(answer) == (413, "too_large")


# --- the private ports ------------------------------------------------------------------------------


def test_rasa_does_nothing_for_whoever_has_no_secret(running_house: RunningHouse) -> None:
    rasa = f"http://127.0.0.1:{running_house.settings.rasa_port}"
    turn: dict[str, Any] = {
        "conversation_id": "x",
        "turn_id": "x:1",
        "text": "hola",
        "payload": None,
        "state": None,
        "channel": "webchat",
    }
    with httpx2.Client(base_url=rasa, trust_env=False, timeout=20) as client:
        for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer é".encode()}):
            for path in ("/webhooks/posventa/turn", "/webhooks/posventa/parse"):
                assert client.post(path, json=turn, headers=headers).status_code == 401
        closed = [
            ("GET", "/conversations/x/tracker"),
            ("POST", "/conversations/x/execute"),
            ("POST", "/model/parse"),
            ("POST", "/model/train"),
            ("PUT", "/model"),
            ("DELETE", "/model"),
            ("GET", "/domain"),
            ("POST", "/webhooks/rest/webhook"),
            ("POST", "/webhooks/callback/webhook"),
        ]
        statuses = {
            f"{method} {path}": client.request(method, path, json={}).status_code
            for method, path in closed
        }
        assert set(statuses.values()) <= {401, 404, 405}, statuses


def test_the_action_server_does_nothing_for_whoever_has_no_secret(
    running_house: RunningHouse,
) -> None:
    actions = f"http://127.0.0.1:{running_house.settings.actions_port}"
    call = {
        "next_action": "action_show_order_status",
        "sender_id": "x",
        "tracker": {"sender_id": "x", "slots": {"order_number": NUMBER, "second_fact": POSTCODE}},
        "domain": {},
    }
    with httpx2.Client(base_url=actions, trust_env=False, timeout=20) as client:
        for headers in ({}, {"Authorization": "Bearer x"}):
            answer = client.post("/webhook", json=call, headers=headers)
            assert answer.status_code == 401
            assert not [secret for secret in SECRETS if secret in answer.text]
        for path in ("/actions", "/docs", "/openapi.json"):
            assert client.get(path).status_code == 404


@pytest.mark.parametrize("port", ["rasa_port", "actions_port"])
def test_the_private_ports_are_not_open_to_the_network(
    running_house: RunningHouse, port: str
) -> None:
    outside = _address_of_this_machine()
    if outside is None:
        pytest.skip("this machine has no address but loopback's")
    number = getattr(running_house.settings, port)
    with pytest.raises(OSError):  # noqa: PT011 - refused, unreachable: the kernel's choice
        socket.create_connection((outside, number), timeout=3).close()


# --- all at once ------------------------------------------------------------------------------------


def test_a_flood_in_one_conversation_holds_up_nobody_else(running_house: RunningHouse) -> None:
    attacker = ChatClient(running_house.address)
    headers = {"Authorization": f"Bearer {attacker.token}"}
    with (
        httpx2.Client(base_url=running_house.address, trust_env=False, timeout=60) as http,
        ThreadPoolExecutor(8) as pool,
    ):

        def shout(place: int) -> int:
            body = {"text": f"{place} " + "a" * 3_900}
            return http.post("/webchat/messages", json=body, headers=headers).status_code

        flood = pool.map(shout, range(200))
        bystander = ChatClient(running_house.address)
        heard = bystander.hears(bystander.say("hola"))
        bystander.close()
        assert heard.responses == ["utter_greet"]
        assert set(flood) <= {202, 429}
    attacker.close()


def test_every_sentence_of_a_refusal_is_ours(customer: ChatClient) -> None:
    domain_errors = {name for name in the_response_names().names if name.startswith("utter_error_")}
    codes = {
        calm(customer.post(text=""))[1],
        calm(customer.post(text="a" * 5_000))[1],
        calm(customer.post())[1],
        calm(customer.post(choice="x"))[1],
    }
    assert {f"utter_error_{code}" for code in codes} <= domain_errors


def _raw(house: RunningHouse, request: str, *, hang_up: bool = False) -> bytes:
    """What comes back for bytes that no client library would send, until the other side closes."""
    address = ("127.0.0.1", house.settings.port)
    with socket.create_connection(address, timeout=15) as connection:
        try:
            connection.sendall(request.encode("utf-8", "surrogateescape"))
            if hang_up:  # or the server would wait for the rest of what makes no sense
                connection.shutdown(socket.SHUT_WR)
            parts = []
            while part := connection.recv(65_536):
                parts.append(part)
        except (ConnectionError, TimeoutError):
            return b""
        return b"".join(parts)


def _address_of_this_machine() -> str | None:
    """Its own address on the network, found without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith("127.") else address
