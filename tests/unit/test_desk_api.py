"""The desk over HTTP: who gets in, what agents can do, and what is refused."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from bot.desk.app import desk_routes
from bot.desk.requests import MAX_BODY_BYTES
from bot.domain.conversations import ConversationStatus
from bot.domain.messages import Attachment, Author, DocumentKind
from bot.services.agents import MAX_FAILURES
from tests.fakes.desk_house import PASSWORD, DeskHouse, email_of
from tests.sample_orders import sample_document

MARTA, PABLO = "Marta Ruiz", "Pablo Gil"
WRITE = {"X-Posventa-Desk": "1"}
NOBODYS = "0" * 32
PDF = "application/pdf"


@pytest.fixture
def house(filed_engine: Engine, tmp_path: Path) -> DeskHouse:
    house = DeskHouse(filed_engine, tmp_path)
    house.add_agent(MARTA)
    house.add_agent(PABLO)
    return house


@pytest.fixture
def stranger(house: DeskHouse) -> Iterator[TestClient]:
    """A browser that has never been here."""
    with TestClient(house.application(), follow_redirects=False) as client:
        yield client


@pytest.fixture
def marta(house: DeskHouse) -> Iterator[TestClient]:
    with TestClient(house.application(), follow_redirects=False, headers=WRITE) as client:
        log_in(client, MARTA)
        yield client


@pytest.fixture
def pablo(house: DeskHouse, marta: TestClient) -> TestClient:
    client = TestClient(marta.app, follow_redirects=False, headers=WRITE)
    log_in(client, PABLO)
    return client


def form_token(client: TestClient) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', client.get("/desk/login").text)
    assert found
    return found[1]


def log_in(client: TestClient, name: str, password: str = PASSWORD) -> int:
    fields = {
        "form_token": form_token(client),
        "email": email_of(name),
        "password": password,
    }
    return client.post("/desk/login", data=fields).status_code


def case(conversation_id: str, step: str = "") -> str:
    return f"/desk/api/conversations/{conversation_id}" + (f"/{step}" if step else "")


def reply(text: str = "hello", client_id: str = "reply-0001") -> dict[str, str]:
    return {"text": text, "client_message_id": client_id}


def code_of(response: object) -> str:
    body = response.json()  # type: ignore[attr-defined]
    assert body["error"]["message"]
    return str(body["error"]["code"])


# --- getting in ---------------------------------------------------------------------------------


def paths(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Mount) and not route.path.endswith("/static"):
            yield from paths(list(route.routes), prefix + route.path)
        elif isinstance(route, Route):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                path = prefix + route.path
                path = path.replace("{conversation_id}", NOBODYS).replace("{attachment_id}", "x")
                path = path.replace("{seq}", "1").replace("{place}", "0")
                yield method, path


def test_without_a_log_in_nothing_of_a_customer_can_be_had(
    house: DeskHouse, stranger: TestClient
) -> None:
    open_to_all = {("GET", "/desk/login"), ("POST", "/desk/login"), ("POST", "/desk/logout")}
    asked = set(paths(desk_routes(house.services))) - open_to_all
    assert len(asked) >= 12
    for method, path in asked:
        answer = stranger.request(method, path, headers=WRITE)
        if answer.status_code in {303, 308}:
            assert answer.headers["location"] in {"/desk", "/desk/login"}
        else:
            assert (answer.status_code, code_of(answer)) == (401, "not_logged_in"), path


def test_an_agent_logs_in_and_out(marta: TestClient) -> None:
    assert marta.get("/desk").status_code == 200
    assert marta.get("/desk/api/me").json()["agent"]["name"] == MARTA
    assert marta.get("/desk/login").headers["location"] == "/desk"
    session = marta.cookies["posventa_desk"]
    assert marta.post("/desk/logout").status_code == 204
    marta.cookies.set("posventa_desk", session, path="/desk")  # a copy somebody kept
    assert marta.get("/desk/api/me").status_code == 401


def test_a_wrong_password_is_told_in_a_sentence_and_keeps_the_e_mail(stranger: TestClient) -> None:
    fields = {"form_token": form_token(stranger), "email": "<b>@x", "password": "wrong"}
    answer = stranger.post("/desk/login", data=fields)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "&lt;b&gt;@x" in answer.text
    assert "<b>" not in answer.text
    assert "posventa_desk" not in answer.cookies


def test_the_sixth_attempt_is_refused(stranger: TestClient) -> None:
    for _ in range(MAX_FAILURES):
        assert log_in(stranger, MARTA, "wrong") == 401
    assert log_in(stranger, MARTA) == 429


@pytest.mark.parametrize("token", ["", "made-up", "\u00f1"])
def test_a_form_of_another_page_logs_nobody_in(stranger: TestClient, token: str) -> None:
    form_token(stranger)
    fields = {"form_token": token, "email": email_of(MARTA), "password": PASSWORD}
    assert stranger.post("/desk/login", data=fields).status_code == 403


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"{}", b"a=1&" * 10_000, b"email=%ED%A0%80&password=%00"]
)
def test_a_broken_form_logs_nobody_in(stranger: TestClient, body: bytes) -> None:
    form_token(stranger)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert stranger.post("/desk/login", content=body, headers=headers).status_code == 403


def session_set_by(answer: object) -> str:
    cookies = answer.headers.get_list("set-cookie")  # type: ignore[attr-defined]
    (session,) = (cookie for cookie in cookies if cookie.startswith("posventa_desk="))
    return str(session)


def test_a_log_in_begins_a_new_session_and_ends_the_one_before(house: DeskHouse) -> None:
    with TestClient(house.application(), follow_redirects=False) as client:

        def session_after(session_before: str) -> str:
            cookie = f"posventa_desk={session_before}; posventa_desk_form=known-to-both"
            fields = {
                "form_token": "known-to-both",
                "email": email_of(MARTA),
                "password": PASSWORD,
            }
            answer = client.post("/desk/login", data=fields, headers={"Cookie": cookie})
            client.cookies.clear()
            return session_set_by(answer).partition(";")[0].partition("=")[2]

        def status_of(session: str) -> int:
            cookie = {"Cookie": f"posventa_desk={session}"}
            return client.get("/desk/api/me", headers=cookie).status_code

        first = session_after("planted")
        assert (status_of("planted"), status_of(first)) == (401, 200)
        second = session_after(first)
        assert (status_of(first), status_of(second)) == (401, 200)


@pytest.mark.parametrize("secure", [False, True])
def test_the_session_cookie_is_for_our_pages_only(
    filed_engine: Engine, tmp_path: Path, secure: bool
) -> None:
    house = DeskHouse(filed_engine, tmp_path, secure=secure)
    house.add_agent(MARTA)
    base = "https://desk.example.com" if secure else "http://desk.example.com"
    with TestClient(house.application(), base_url=base, follow_redirects=False) as client:
        fields = {
            "form_token": form_token(client),
            "email": email_of(MARTA),
            "password": PASSWORD,
        }
        session = session_set_by(client.post("/desk/login", data=fields))
    attributes = {part.strip().lower() for part in session.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/desk"} <= attributes
    assert ("secure" in attributes) is secure


@pytest.mark.parametrize("step", ["take", "give-back", "close", "replies", "typing"])
def test_a_write_that_another_site_could_send_is_refused(
    house: DeskHouse, marta: TestClient, step: str
) -> None:
    conversation = house.waiting("a")
    del marta.headers["X-Posventa-Desk"]
    answer = marta.post(case(conversation, step), json=reply())
    assert (answer.status_code, code_of(answer)) == (403, "header_missing")
    assert marta.post("/desk/logout").status_code == 403
    assert house.conversation(conversation).status is ConversationStatus.WAITING


def test_every_answer_carries_the_security_headers(marta: TestClient) -> None:
    for path in (
        "/desk",
        "/desk/login",
        "/desk/static/desk.js",
        "/desk/static/nothing",
        "/desk/api/conversations",
        case(NOBODYS),
    ):
        headers = marta.get(path).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_pages_hold_nothing_that_the_policy_would_block(marta: TestClient) -> None:
    for page in (marta.get("/desk").text, TestClient(marta.app).get("/desk/login").text):
        assert not re.search(r"<style|\son\w+=|\sstyle=|javascript:", page)
        for attributes in re.findall(r"<script([^>]*)>", page):
            assert "src=" in attributes or 'type="application/json"' in attributes


def test_customers_data_are_not_kept_by_caches(house: DeskHouse, marta: TestClient) -> None:
    conversation = house.waiting("a")
    for path in ("/desk", "/desk/api/conversations", case(conversation)):
        assert marta.get(path).headers["cache-control"] == "no-store"


# --- reading ------------------------------------------------------------------------------------


def test_the_queue_is_listed_with_its_counts(house: DeskHouse, marta: TestClient) -> None:
    house.import_orders(sample_document())
    conversation = house.waiting("a", "it is broken")
    house.prove(conversation, "ana")
    body = marta.get("/desk/api/conversations?box=waiting").json()
    assert body["counts"] == {"waiting": 1, "mine": 0, "open": 1, "closed": 0}
    (card,) = body["conversations"]
    assert card["id"] == conversation
    assert card["customer_name"] == "Ana Gil"
    assert card["reason"] == "customer_asked"
    assert card["waiting_since"]
    assert card["preview"]["text"] == "it is broken"


def test_who_is_in_danger_stands_first_and_the_others_as_they_came(
    house: DeskHouse, marta: TestClient
) -> None:
    asked = {name: house.write(name, "hello") for name in ("first", "angry", "in danger", "last")}
    for name, reason in zip(
        asked, ["customer_asked", "anger", "safety", "customer_asked"], strict=True
    ):
        house.ask_for_person(asked[name], reason)
    body = marta.get("/desk/api/conversations?box=waiting").json()
    shown = [card["id"] for card in body["conversations"]]
    assert shown == [asked[name] for name in ("in danger", "first", "angry", "last")]


def test_a_case_is_shown_whole(house: DeskHouse, marta: TestClient) -> None:
    house.import_orders(sample_document())
    conversation = house.write("a", "hello")
    house.answer(conversation, "Which order?", "The first")
    house.prove(conversation, "ana")
    house.ask_for_person(conversation)
    body = marta.get(case(conversation)).json()
    assert body["conversation"]["status"] == "waiting"
    assert [m["seq"] for m in body["messages"]] == [1, 2, 3]
    assert body["messages"][1]["choices"] == ["The first"]
    assert body["identity"]["email"] == "ana.gil@example.com"
    assert body["identity"]["proof"] == "email"
    assert body["orders"][0]["progress"] == "late"
    assert body["orders"][0]["shipments"][0]["tracking_url"] == "https://seur.example/123"
    assert [event["kind"] for event in body["events"]] == ["human_requested"]


def test_what_a_choice_means_stays_in_the_house(house: DeskHouse, marta: TestClient) -> None:
    conversation = house.write("a", "hello")
    house.answer(conversation, "Which order?", "The first")
    assert "intent" not in marta.get(case(conversation)).text


def test_messages_are_read_on_from_a_number(house: DeskHouse, marta: TestClient) -> None:
    conversation = house.write("a", "1")
    house.write("a", "2")
    after = marta.get(case(conversation, "messages?after=1")).json()
    assert [m["text"] for m in after["messages"]] == ["2"]
    before = marta.get(case(conversation, "messages?before=2")).json()
    assert [m["text"] for m in before["messages"]] == ["1"]


@pytest.mark.parametrize("number", ["-1", "x", "1.5", "", "\u0661", str(2**31), "9" * 400])
def test_a_number_that_is_none_is_refused(house: DeskHouse, marta: TestClient, number: str) -> None:
    answer = marta.get(case(house.waiting("a"), "messages"), params={"after": number})
    assert answer.status_code == 400


@pytest.mark.parametrize("box", ["", "everything", "WAITING", "\x00"])
def test_a_box_that_is_none_is_refused(marta: TestClient, box: str) -> None:
    assert marta.get("/desk/api/conversations", params={"box": box}).status_code == 400


@pytest.mark.parametrize(
    "conversation_id", [NOBODYS, "1", "%00", "..%2f..%2fetc", "' OR 1=1 --", "\u00f1", "A" * 32]
)
def test_an_unknown_conversation_is_not_found(marta: TestClient, conversation_id: str) -> None:
    for answer in (
        marta.get(case(conversation_id)),
        marta.get(case(conversation_id, "messages")),
        marta.post(case(conversation_id, "take")),
        marta.post(case(conversation_id, "replies"), json=reply()),
    ):
        assert answer.status_code == 404


def test_photos_are_shown_to_agents_as_pictures_and_nothing_else(
    house: DeskHouse, marta: TestClient, tmp_path: Path
) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "box.png")
    photo = house.photos.keep((tmp_path / "box.png").read_bytes(), "box.png")
    (tmp_path / "photos" / "page.html").write_text("<script>1</script>")
    conversation = house.write("a", "look", photo)
    (attachment,) = marta.get(case(conversation)).json()["messages"][0]["attachments"]
    answer = marta.get(attachment["url"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    for other in ("page.html", "..%2fdesk.db", "%2e%2e", "nothing.png", "x" * 300):
        assert marta.get(f"/desk/photos/{other}").status_code == 404


def test_documents_are_opened_by_agents_as_the_customer_got_them(
    house: DeskHouse, marta: TestClient
) -> None:
    house.import_orders(sample_document())
    conversation = house.hand_over("a", Attachment("A-1001", PDF, "x.pdf", DocumentKind.SUMMARY))
    (attachment,) = marta.get(case(conversation)).json()["messages"][-1]["attachments"]
    answer = marta.get(attachment["url"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, PDF)
    assert answer.headers["content-disposition"] == 'inline; filename="x.pdf"'
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize("place", ["1/0", "2/1", "0/0", "x/0", "99999999999/0", "2/" + "9" * 5_000])
def test_what_no_message_hands_over_is_no_document(
    house: DeskHouse, marta: TestClient, place: str
) -> None:
    house.import_orders(sample_document())
    conversation = house.hand_over("a", Attachment("A-1001", PDF, "x.pdf", DocumentKind.SUMMARY))
    for identity in (conversation, NOBODYS, "%00"):
        assert marta.get(f"/desk/documents/{identity}/{place}").status_code == 404


# --- doing --------------------------------------------------------------------------------------


def test_an_agent_takes_answers_and_closes(house: DeskHouse, marta: TestClient) -> None:
    conversation = house.waiting("a")
    taken = marta.post(case(conversation, "take")).json()["conversation"]
    assert (taken["status"], taken["mine"], taken["agent"]["name"]) == ("with_agent", True, MARTA)
    sent = marta.post(case(conversation, "replies"), json=reply("On its way."))
    assert sent.status_code == 201
    assert sent.json()["message"]["author_name"] == "Marta"
    assert house.said(conversation, Author.AGENT) == ["On its way."]
    closed = marta.post(case(conversation, "close")).json()["conversation"]
    assert closed["status"] == "closed"


def test_an_agent_gives_a_conversation_back_to_the_assistant(
    house: DeskHouse, marta: TestClient
) -> None:
    conversation = house.waiting("a")
    marta.post(case(conversation, "take"))
    assert marta.post(case(conversation, "give-back")).status_code == 200
    assert house.conversation(conversation).is_with_bot


def test_a_reply_sent_twice_under_one_id_is_one_message(
    house: DeskHouse, marta: TestClient
) -> None:
    conversation = house.waiting("a")
    marta.post(case(conversation, "take"))
    first, second = (marta.post(case(conversation, "replies"), json=reply()) for _ in range(2))
    assert first.json() == second.json()
    assert house.said(conversation, Author.AGENT) == ["hello"]


def test_a_repeated_reply_is_confirmed_even_when_the_conversation_is_closed_by_now(
    house: DeskHouse, marta: TestClient
) -> None:
    conversation = house.waiting("a")
    marta.post(case(conversation, "take"))
    marta.post(case(conversation, "replies"), json=reply())
    marta.post(case(conversation, "close"))
    assert marta.post(case(conversation, "replies"), json=reply()).status_code == 201
    assert house.said(conversation, Author.AGENT) == ["hello"]


def test_of_two_agents_who_reach_for_one_customer_the_first_has_them(
    house: DeskHouse, marta: TestClient, pablo: TestClient
) -> None:
    conversation = house.waiting("a")
    seen = marta.get(case(conversation)).json()["conversation"]["epoch"]
    assert marta.post(case(conversation, "take"), json={"epoch": seen}).status_code == 200
    late = pablo.post(case(conversation, "take"), json={"epoch": seen})
    assert (late.status_code, code_of(late)) == (409, "transition_refused")
    assert marta.get(case(conversation)).json()["conversation"]["mine"] is True


def test_a_colleagues_conversation_can_be_taken_over_knowingly(
    house: DeskHouse, marta: TestClient, pablo: TestClient
) -> None:
    conversation = house.waiting("a")
    marta.post(case(conversation, "take"))
    seen = pablo.get(case(conversation)).json()["conversation"]["epoch"]
    assert pablo.post(case(conversation, "take"), json={"epoch": seen}).status_code == 200


@pytest.mark.parametrize("step", ["give-back", "close", "replies", "typing"])
def test_what_a_colleague_has_is_left_alone(
    house: DeskHouse, marta: TestClient, pablo: TestClient, step: str
) -> None:
    conversation = house.waiting("a")
    marta.post(case(conversation, "take"))
    answer = pablo.post(case(conversation, step), json=reply() | {"on": True})
    assert (answer.status_code, code_of(answer)) == (409, "transition_refused")
    assert house.said(conversation, Author.AGENT) == []
    assert house.conversation(conversation).status is ConversationStatus.WITH_AGENT


def test_the_customer_sees_that_the_agent_writes_until_the_reply_is_there(
    house: DeskHouse, marta: TestClient
) -> None:
    conversation = house.waiting("a")
    marta.post(case(conversation, "take"))
    assert marta.post(case(conversation, "typing"), json={"on": True}).status_code == 204
    assert house.changes.typing(conversation) == {"agent"}
    marta.post(case(conversation, "replies"), json=reply())
    assert house.changes.typing(conversation) == set()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"null", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 20_000, 400),
        (b'{"text": 1, "client_message_id": "reply-0001"}', 400),
        (b'{"text": "x"}', 400),
        (b'{"text": "x", "client_message_id": "a b"}', 400),
        (b'{"text": "x", "client_message_id": "short"}', 400),
        (b'{"text": "x", "client_message_id": ["reply-0001"]}', 400),
        (b'{"text": "", "client_message_id": "reply-0001"}', 422),
        (b'{"text": " \\u0000 ", "client_message_id": "reply-0001"}', 422),
        (b'{"text": "\\ud800", "client_message_id": "reply-0001"}', 422),
        (b'{"text": "%s", "client_message_id": "reply-0001"}' % (b"x" * 4001), 422),
        (b'{"text": "%s"}' % (b"x" * MAX_BODY_BYTES), 413),
    ],
)
def test_a_reply_that_is_none_is_refused_and_nothing_is_stored(
    house: DeskHouse, marta: TestClient, body: bytes, status: int
) -> None:
    conversation = house.waiting("a")
    marta.post(case(conversation, "take"))
    before = house.conversation(conversation)
    answer = marta.post(case(conversation, "replies"), content=body)
    assert (answer.status_code, bool(code_of(answer))) == (status, True)
    assert house.conversation(conversation) == before


@pytest.mark.parametrize("epoch", ["1", True, None, 1.0])
def test_an_epoch_that_is_none_is_refused(
    house: DeskHouse, marta: TestClient, epoch: object
) -> None:
    conversation = house.waiting("a")
    assert marta.post(case(conversation, "take"), json={"epoch": epoch}).status_code == 400


def test_script_in_a_message_stays_text_on_its_way(house: DeskHouse, marta: TestClient) -> None:
    conversation = house.waiting("a", "</script><script>alert(1)</script>")
    answer = marta.get(case(conversation))
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["messages"][0]["text"] == "</script><script>alert(1)</script>"
    assert "alert(1)" not in marta.get("/desk").text


def test_a_database_that_is_away_is_told_calmly(house: DeskHouse, marta: TestClient) -> None:
    conversation = house.waiting("a")
    house.units.is_away = True
    for answer in (
        marta.get("/desk/api/conversations"),
        marta.get(case(conversation)),
        marta.post(case(conversation, "take")),
        marta.post("/desk/logout"),
    ):
        assert (answer.status_code, code_of(answer)) == (503, "storage_unavailable")
    assert marta.get("/desk").status_code == 503
    fields = {"form_token": form_token(marta), "email": email_of(MARTA), "password": PASSWORD}
    assert marta.post("/desk/login", data=fields).status_code == 503
