"""Hostile input at every edge of the running house: a clear 4xx or a calm answer, nothing else."""

import httpx
import pytest

from tests.chat_client import ChatClient
from tests.running_house import RunningHouse

pytestmark = [pytest.mark.assistant, pytest.mark.timeout(240)]

MEGABYTE = 1024 * 1024
BODIES = {
    "not JSON": b"{",
    "another shape": b"[1, 2]",
    "neither text nor choice": b"{}",
    "both": b'{"text": "hola", "choice": "x"}',
    "a number for a text": b'{"text": 7}',
    "nothing": b"",
    "an empty text": b'{"text": "   "}',
    "null bytes alone": b'{"text": "\\u0000\\u0000"}',
    "a lone surrogate": b'{"text": "hola \\ud800"}',
    "bytes that are no UTF-8": b'{"text": "\xff\xfe"}',
    "a text too long": b'{"text": "' + b"a" * 4_001 + b'"}',
    "a megabyte": b'{"text": "' + b"a" * MEGABYTE + b'"}',
    "deep nesting": b'{"text": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "a choice never offered": b'{"choice": "AAAAAAAAAAAA"}',
    "an own id with a line break": b'{"text": "hola", "client_message_id": "a\\nb"}',
}


def tell_nothing(answer: httpx.Response) -> None:
    """An error tells a code and a sentence; no trace, no path, no SQL."""
    for leak in ("Traceback", 'File "', "sqlalchemy", "SELECT ", "/bot/"):
        assert leak not in answer.text


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_hostile_body_is_refused_with_a_sentence(
    customer: ChatClient, body: bytes, running_house: RunningHouse
) -> None:
    answer = httpx.post(
        f"{running_house.address}/webchat/messages",
        content=body,
        headers={"Authorization": f"Bearer {customer.token}", "Content-Type": "application/json"},
        timeout=30,
    )
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]["code"]
    assert answer.json()["error"]["message"].endswith(".")
    tell_nothing(answer)
    customer.fetch()
    assert [m["author"] for m in customer.transcript] == ["bot"], "nothing of it is stored"


@pytest.mark.parametrize(
    "text",
    [
        '<script>alert("hola")</script> donde esta mi pedido',
        "/request_human",
        '/inform{"order_number": "#W2611340"}',
        '/ask_order_status{"order_number": "#W2611340", "email": "nadie@example.com"}',
        "/restart",
        "/session_start",
        "'; DROP TABLE orders; --",
        "{order_number} {{7*7}} %s {0}",
        "a" * 4_000,
        "¿" * 4_000,
        "hola\u202e\u200b\u0007 amigo",
        "🙈" * 1_000,
    ],
)
def test_whatever_is_typed_gets_a_calm_answer_and_is_kept_as_it_was(
    customer: ChatClient, text: str
) -> None:
    heard = customer.hears(customer.say(text))
    assert heard.text
    assert "357962501027" not in heard.text
    assert "DHL" not in heard.text
    [typed] = [m for m in customer.transcript if m["author"] == "customer"]
    assert typed["text"] == text.replace("\u0007", "")


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer x.y", "Basic Og==", "Bearer " + "a" * 5_000, "bearer null"],
)
@pytest.mark.parametrize("path", ["/webchat/messages", "/webchat/events"])
def test_a_forged_token_opens_nothing(
    running_house: RunningHouse, path: str, authorization: str
) -> None:
    answer = httpx.get(
        running_house.address + path, headers={"Authorization": authorization}, timeout=30
    )
    assert answer.status_code == 401
    tell_nothing(answer)


def test_a_token_of_another_secret_is_worth_nothing(
    running_house: RunningHouse, customer: ChatClient
) -> None:
    identity, _, signature = customer.token.partition(".")
    forged = f"{identity}.{signature[::-1]}"
    answer = httpx.get(
        f"{running_house.address}/webchat/messages", headers={"Authorization": f"Bearer {forged}"}
    )
    assert answer.status_code == 401


def test_a_customer_sees_nothing_of_anothers_session(
    running_house: RunningHouse, customer: ChatClient
) -> None:
    customer.ask("donde esta mi pedido #W2611340, soy james.li4495@example.com")
    stranger = ChatClient(running_house.address)
    stranger.ask("donde esta mi pedido?")
    assert "W2611340" not in str(stranger.transcript)
    offered = customer.transcript[0]["choices"][0]["choice"]
    assert stranger.post(choice=offered).status_code == 422
    stranger.close()


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=٣", "wait=-5", "wait=1e9", "after=1.5"]
)
def test_a_query_that_is_no_number_is_refused(
    running_house: RunningHouse, customer: ChatClient, query: str
) -> None:
    answer = httpx.get(
        f"{running_house.address}/webchat/messages?{query}",
        headers={"Authorization": f"Bearer {customer.token}"},
        timeout=30,
    )
    assert answer.status_code == 422
    tell_nothing(answer)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<svg onload=alert(1)>", 415),
        (b"\xff\xd8\xff\xe0 cut off", 415),
        (b"a" * 12 * MEGABYTE, 413),
    ],
)
def test_what_is_no_picture_is_refused(
    running_house: RunningHouse, customer: ChatClient, content: bytes, status: int
) -> None:
    answer = httpx.post(
        f"{running_house.address}/webchat/attachments",
        files={"file": ("../../foto.jpg", content, "image/jpeg")},
        headers={"Authorization": f"Bearer {customer.token}"},
        timeout=30,
    )
    assert answer.status_code == status
    customer.fetch()
    assert len(customer.transcript) == 1


@pytest.mark.parametrize("name", ["..%2f..%2fposventa.db", "x", "a" * 3_000, "%00"])
def test_no_file_is_served_without_a_token_for_it(running_house: RunningHouse, name: str) -> None:
    answer = httpx.get(f"{running_house.address}/webchat/attachments/{name}", timeout=30)
    assert answer.status_code == 404
    tell_nothing(answer)


def test_the_private_ports_answer_nobody_without_the_secret(running_house: RunningHouse) -> None:
    turn = f"{running_house.settings.rasa}/webhooks/posventa/turn"
    action = f"{running_house.settings.actions}/webhook"
    for url in (turn, action):
        for authorization in ("", "Bearer wrong", "Bearer ñ".encode()):
            headers = {"Authorization": authorization} if authorization else {}
            answer = httpx.post(url, json={"text": "hola"}, headers=headers, timeout=30)
            assert answer.status_code == 401
            tell_nothing(answer)


def test_rasa_offers_no_door_but_ours(running_house: RunningHouse) -> None:
    for path in ("/webhooks/rest/webhook", "/model", "/conversations/x/tracker"):
        answer = httpx.post(f"{running_house.settings.rasa}{path}", json={"message": "hola"})
        assert answer.status_code == 404


def test_the_house_still_answers_after_all_that(customer: ChatClient) -> None:
    assert customer.ask("hola")["author"] == "bot"
