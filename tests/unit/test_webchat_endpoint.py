"""The web chat's wire: what a client may send, what it gets, and that nobody gets anything else."""

import asyncio
import io
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from PIL import Image
from pydantic import SecretStr
from starlette.testclient import TestClient

from bot.bootstrap import House
from bot.domain.agents import AgentRole
from bot.domain.errors import StorageUnavailable
from bot.domain.messages import MAX_TEXT_LENGTH, MAX_WAITING_MESSAGES
from bot.gateway.app import Gateway
from bot.settings import Settings
from connectors.webchat.tokens import DocumentPlace, WebchatTokens
from tests.fakes.rasa import FakeRasa, reply
from tests.fixtures_database import fill_with_schema
from tests.polling import eventually
from tests.sample_orders import sample_document

SECRET = "a secret of forty characters, made for one test"
SESSIONS_PER_MINUTE = 30
# How long a client here waits for an answer that must come.
WAIT = 10
Messages = list[dict[str, Any]]


@contextmanager
def gateway_with(rasa: FakeRasa, folder: Path, **settings: Any) -> Iterator[Gateway]:
    """The real gateway over an empty database, with a Rasa that does as it is told."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(House, "rasa", lambda _house: rasa.client())
        gateway = Gateway(
            Settings(
                _env_file=None,
                state_dir=folder,
                secret=SecretStr(SECRET),
                opening_hours="mon-sun 00:00-23:59",
                **settings,
            )
        )
    fill_with_schema(gateway.house.engine)
    yield gateway


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gateway, TestClient]]:
    """One gateway for all tests that leave it as it was."""
    folder = tmp_path_factory.mktemp("webchat")
    with (
        gateway_with(FakeRasa(), folder, webchat_sessions_per_minute=10_000) as gateway,
        TestClient(gateway.application()) as client,
    ):
        yield gateway, client


@pytest.fixture
def gateway(shared: tuple[Gateway, TestClient]) -> Gateway:
    return shared[0]


@pytest.fixture
def http(shared: tuple[Gateway, TestClient]) -> TestClient:
    return shared[1]


@pytest.fixture
def rasa() -> FakeRasa:
    """The assistant behind `own_gateway`."""
    return FakeRasa()


@pytest.fixture
def own_gateway(rasa: FakeRasa, tmp_path: Path) -> Iterator[Gateway]:
    """A gateway for a test that changes how it works."""
    with gateway_with(rasa, tmp_path, webchat_sessions_per_minute=SESSIONS_PER_MINUTE) as gateway:
        yield gateway


@pytest.fixture
def own_http(own_gateway: Gateway) -> Iterator[TestClient]:
    with TestClient(own_gateway.application()) as client:
        yield client


class Customer:
    """A client of one session."""

    def __init__(self, http: TestClient) -> None:
        self.http = http
        opened = http.post("/webchat/sessions")
        assert opened.status_code == 201, opened.text
        self.token: str = opened.json()["token"]
        self.texts: dict[str, str] = opened.json()["texts"]
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def post(self, **body: object) -> Any:
        return self.http.post("/webchat/messages", json=body, headers=self.headers)

    def get(self, after: object = 0, wait: object = 0) -> Any:
        query = {"after": str(after), "wait": str(wait)}
        return self.http.get("/webchat/messages", params=query, headers=self.headers)

    def messages(self, after: int = 0, wait: int = 0) -> Messages:
        answer = self.get(after, wait)
        assert answer.status_code == 200, answer.text
        found: Messages = answer.json()["messages"]
        return found

    def upload(self, content: bytes, name: str = "caja.png", **fields: str) -> Any:
        return self.http.post(
            "/webchat/attachments",
            files={"file": (name, content, "image/png")},
            data=fields,
            headers=self.headers,
        )

    def hears(self, after: int) -> dict[str, Any]:
        """The first message after a number that the customer did not write."""

        def look() -> Messages:
            return [m for m in self.messages(after, WAIT) if m["author"] != "customer"]

        return eventually(look, WAIT)[0]


@pytest.fixture
def customer(http: TestClient) -> Customer:
    return Customer(http)


@pytest.fixture
def own_customer(own_http: TestClient) -> Customer:
    """A customer of `own_gateway`."""
    return Customer(own_http)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **how: Any) -> bytes:
    content = io.BytesIO()
    Image.new(how.pop("mode", "RGB"), size).save(content, kind, **how)
    return content.getvalue()


def refusal(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal, which always has a sentence."""
    error = answer.json()["error"]
    assert error["message"]
    return answer.status_code, error["code"]


# --- sessions ---------------------------------------------------------------------------------------


def test_a_new_session_begins_with_the_assistants_first_words(customer: Customer) -> None:
    (welcome,) = customer.messages()
    assert (welcome["seq"], welcome["author"]) == (1, "bot")
    assert welcome["author_name"] == customer.texts["author_bot"]
    assert [set(choice) for choice in welcome["choices"]] == [{"title", "choice"}] * 2


def test_the_labels_are_there_before_anybody_opens_a_session(http: TestClient) -> None:
    answer = http.get("/webchat/texts")
    assert answer.status_code == 200
    assert answer.json()["texts"]["author_bot"]


NO_SESSIONS = [
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer x",
    "Bearer null",
    "Basic {token}",
    "bearer {token}",
    "Bearer {token}x",
    "Bearer x{token}",
    "Bearer {token}.{token}",
    "Bearer é",
    "Bearer " + "a" * 5_000,
]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/webchat/messages"),
        ("GET", "/webchat/messages"),
        ("GET", "/webchat/events"),
        ("POST", "/webchat/attachments"),
        ("POST", "/webchat/typing"),
    ],
)
def test_without_a_session_of_ours_nothing_is_read_or_written(
    http: TestClient, customer: Customer, method: str, path: str
) -> None:
    for header in NO_SESSIONS:
        headers = {}
        if header is not None:
            headers["Authorization"] = header.format(token=customer.token).encode("latin-1")
        answer = http.request(method, path, headers=headers)
        assert refusal(answer) == (401, "unauthorized"), header


def test_a_token_of_another_use_or_secret_opens_no_session(
    http: TestClient, customer: Customer
) -> None:
    conversation = WebchatTokens(SECRET).conversation(customer.token)
    assert conversation
    forged = [
        WebchatTokens("another secret").session(conversation),
        WebchatTokens(SECRET).picture(conversation),
        customer.token.rpartition(".")[0],
        conversation,
    ]
    for token in forged:
        answer = http.get("/webchat/messages", headers={"Authorization": f"Bearer {token}"})
        assert refusal(answer) == (401, "unauthorized")


def test_a_session_of_a_conversation_that_is_gone_is_over(http: TestClient) -> None:
    token = WebchatTokens(SECRET).session("f" * 32)
    headers = {"Authorization": f"Bearer {token}"}
    read = http.get("/webchat/messages", headers=headers)
    written = http.post("/webchat/messages", json={"text": "hola"}, headers=headers)
    streamed = http.get("/webchat/events", headers=headers)
    assert {refusal(answer) for answer in (read, written, streamed)} == {(401, "unauthorized")}


def test_one_address_cannot_open_sessions_without_end(own_http: TestClient) -> None:
    answers = [own_http.post("/webchat/sessions") for _ in range(SESSIONS_PER_MINUTE + 3)]
    allowed, others = answers[:SESSIONS_PER_MINUTE], answers[SESSIONS_PER_MINUTE:]
    assert {answer.status_code for answer in allowed} == {201}
    assert {refusal(answer) for answer in others} == {(429, "too_many_sessions")}


def test_two_customers_see_nothing_of_each_other(http: TestClient) -> None:
    one, two = Customer(http), Customer(http)
    one.post(text="mi secreto")
    assert one.hears(2)["text"] == "[mi secreto]"
    assert len(two.messages()) == 1
    assert "secreto" not in two.get().text


# --- sending ----------------------------------------------------------------------------------------


def test_a_message_is_acknowledged_with_its_number_and_answered(customer: Customer) -> None:
    answer = customer.post(text="¿dónde está?", client_message_id="m-1")
    assert (answer.status_code, answer.json()) == (202, {"seq": 2})
    assert customer.hears(2)["text"] == "[¿dónde está?]"
    own = customer.messages()[1]
    assert (own["author"], own["text"], own["client_message_id"]) == (
        "customer",
        "¿dónde está?",
        "m-1",
    )


def test_a_message_sent_again_under_its_id_is_the_same(
    own_customer: Customer, rasa: FakeRasa
) -> None:
    seqs = {own_customer.post(text="hola", client_message_id="m-1").json()["seq"] for _ in range(3)}
    assert len(seqs) == 1
    own_customer.hears(2)
    own_customer.post(text="hola", client_message_id="m-1")
    assert rasa.texts == ["hola"]
    assert [m["author"] for m in own_customer.messages()] == ["bot", "customer", "bot"]


def test_the_same_id_of_two_customers_is_two_messages(http: TestClient) -> None:
    one, two = Customer(http), Customer(http)
    for each in (one, two):
        each.post(text="hola", client_message_id="m-1")
        assert each.hears(2)["text"] == "[hola]"


def test_a_pressed_choice_is_its_meaning(own_customer: Customer, rasa: FakeRasa) -> None:
    choice = own_customer.messages()[0]["choices"][0]
    assert own_customer.post(choice=choice["choice"]).status_code == 202
    own_customer.hears(2)
    assert rasa.turns[0]["payload"] == {"intent": "ask_order_status", "entities": {}}
    assert own_customer.messages()[1]["text"] == choice["title"]


def test_what_a_choice_means_never_leaves_the_house(customer: Customer) -> None:
    assert b"payload" not in customer.get().content
    assert b"intent" not in customer.get().content


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"text": ""}, (422, "text_empty")),
        ({"text": " \n\x00 "}, (422, "text_empty")),
        ({"text": "a" * (MAX_TEXT_LENGTH + 1)}, (422, "text_too_long")),
        ({"choice": "made up"}, (422, "choice_unknown")),
        ({}, (422, "not_valid")),
        ({"text": None}, (422, "not_valid")),
        ({"text": 5}, (422, "not_valid")),
        ({"text": ["hola"]}, (422, "not_valid")),
        ({"text": {"$gt": ""}}, (422, "not_valid")),
        ({"text": "hola", "choice": "x"}, (422, "not_valid")),
        ({"text": "hola", "client_message_id": ""}, (422, "not_valid")),
        ({"text": "hola", "client_message_id": "a" * 101}, (422, "not_valid")),
        ({"text": "hola", "client_message_id": "a b"}, (422, "not_valid")),
        ({"text": "hola", "client_message_id": "a\n"}, (422, "not_valid")),
        ({"text": "hola", "client_message_id": 7}, (422, "not_valid")),
    ],
)
def test_what_is_no_message_is_refused_with_a_sentence(
    customer: Customer, body: dict[str, object], expected: tuple[int, str]
) -> None:
    assert refusal(customer.post(**body)) == expected
    assert len(customer.messages()) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"hola"',
        b'{"text": "a\xff"}',
        b'{"text": "\\ud800"}',
        b'{"text": "\\udc00 hola"}',
        b'{"text": "hola"} x',
        b'{"text": NaN}',
        b"[" * 50_000,
        b"text=hola",
    ],
)
def test_what_is_not_our_json_is_refused(customer: Customer, content: bytes) -> None:
    answer = customer.http.post("/webchat/messages", content=content, headers=customer.headers)
    assert refusal(answer) == (422, "not_valid")


def test_a_body_that_is_too_large_is_not_read(customer: Customer) -> None:
    huge = b'{"text": "' + b"a" * 1_000_000 + b'"}'
    answer = customer.http.post("/webchat/messages", content=huge, headers=customer.headers)
    assert refusal(answer) == (413, "too_large")

    def parts() -> Iterator[bytes]:
        for _ in range(100):
            yield b"a" * 10_000

    streamed = customer.http.post("/webchat/messages", content=parts(), headers=customer.headers)
    assert refusal(streamed) == (413, "too_large")


def test_nothing_at_all_is_read_beyond_the_largest_photo(customer: Customer) -> None:
    answer = customer.http.post("/desk/login", content=b"a" * (12 * 1024 * 1024))
    assert answer.status_code == 413


def test_control_characters_are_left_out_and_markup_is_kept_as_text(
    own_customer: Customer, rasa: FakeRasa
) -> None:
    own_customer.post(text="a\x00b\x1bc <script>alert(1)</script> *_[]")
    own_customer.hears(2)
    assert rasa.texts == ["abc <script>alert(1)</script> *_[]"]


def test_a_flood_is_refused_until_it_is_answered(own_customer: Customer, rasa: FakeRasa) -> None:
    rasa.is_there = False
    answers = [own_customer.post(text=f"n.º {place}") for place in range(MAX_WAITING_MESSAGES + 1)]
    assert [answer.status_code for answer in answers[:-1]] == [202] * MAX_WAITING_MESSAGES
    assert refusal(answers[-1]) == (429, "too_many_waiting")


def test_an_agents_own_message_id_is_not_the_customers_business(
    gateway: Gateway, customer: Customer
) -> None:
    agent = gateway.house.agents.add(
        "Marta Ruiz", "m@example.com", "a long password", AgentRole.AGENT
    )
    conversation = WebchatTokens(SECRET).conversation(customer.token)
    assert conversation
    gateway.house.handoff.take(conversation, agent)
    gateway.house.handoff.reply(conversation, agent, "hola", client_id="the-agents-own")
    assert customer.messages()[-1]["text"] == "hola"
    assert "the-agents-own" not in customer.get().text


# --- receiving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["after", "wait"])
def test_a_number_that_is_none_is_refused(customer: Customer, name: str) -> None:
    for value in ("-1", "1.5", "abc", "1e3", "٣", "9" * 30, " 1", "0x1", "\x00"):
        assert refusal(customer.get(**{name: value})) == (422, "not_valid"), value


@pytest.mark.parametrize("after", [2**31, 2**53, 999_999_999_999_999_999])
def test_after_the_end_there_is_nothing(customer: Customer, after: int) -> None:
    assert customer.messages(after) == []


def test_only_what_is_new_is_sent(customer: Customer) -> None:
    customer.post(text="hola")
    answer = customer.hears(2)
    assert [m["seq"] for m in customer.messages(after=2)] == [answer["seq"]]


def test_a_long_poll_ends_as_soon_as_there_is_something(customer: Customer) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(customer.messages, 1, WAIT)
        customer.post(text="hola")
        assert waiting.result(WAIT)[0]["seq"] == 2


def test_a_long_poll_without_news_is_an_empty_answer(customer: Customer) -> None:
    assert customer.messages(after=1, wait=1) == []


def test_whoever_polls_knows_whether_the_assistant_is_awake(customer: Customer) -> None:
    eventually(lambda: customer.get().json()["assistant"] == "ready", WAIT)
    assert customer.get().json()["typing"] is None


def test_a_sleeping_assistant_is_said_to_be_waking_up(own_gateway: Gateway, rasa: FakeRasa) -> None:
    rasa.is_there = False
    with TestClient(own_gateway.application()) as own_http:
        own_customer = Customer(own_http)
        assert own_customer.get().json()["assistant"] == "waking_up"
        own_customer.post(text="hola")
        assert eventually(lambda: own_customer.get().json()["typing"], WAIT) == "bot"


def test_the_stream_tells_news_once_and_goes_on_after_the_number_it_is_given(
    gateway: Gateway, customer: Customer
) -> None:
    customer.post(text="hola")
    customer.hears(2)
    endpoint = next(
        route.endpoint.__self__  # type: ignore[attr-defined]
        for route in gateway.application().routes
        if getattr(route, "path", "") == "/webchat/events"
    )
    conversation = WebchatTokens(SECRET).conversation(customer.token)

    async def listen(after: int, count: int) -> list[bytes]:
        stream = endpoint._stream(conversation, after)
        async with asyncio.timeout(WAIT):
            heard = [await anext(stream) for _ in range(count)]
        await stream.aclose()
        return heard

    whole = asyncio.run(listen(0, 4))
    assert [event.partition(b"\n")[0] for event in whole[:3]] == [b"id: 1", b"id: 2", b"id: 3"]
    assert b"event: assistant" in whole[3]
    (last, _) = asyncio.run(listen(2, 2))
    assert last == whole[2]
    data = orjson.loads(last.split(b"data: ")[1])
    assert data == customer.messages(after=2)[0]


def test_a_database_that_is_away_is_a_calm_503(
    own_http: TestClient,
    own_customer: Customer,
    own_gateway: Gateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away() -> object:
        raise StorageUnavailable

    monkeypatch.setattr(own_gateway.house.units, "reading", away)
    monkeypatch.setattr(own_gateway.house.units, "writing", away)
    answers = [
        own_http.post("/webchat/sessions"),
        own_customer.post(text="hola"),
        own_customer.get(),
        own_http.get("/webchat/events", headers=own_customer.headers),
        own_customer.upload(picture()),
    ]
    assert {refusal(answer) for answer in answers} == {(503, "storage_unavailable")}
    ready = own_http.get("/ready")
    assert ready.status_code == 503
    assert ready.json()["parts"]["database"] == "away"


def test_a_message_whose_acknowledgement_was_lost_is_answered_when_it_is_sent_again(
    own_customer: Customer, own_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = own_gateway.house.inbox.accept

    def stored_but_not_heard_of(message: Any) -> Any:
        monkeypatch.undo()
        accept(message)
        raise StorageUnavailable

    monkeypatch.setattr(own_gateway.house.inbox, "accept", stored_but_not_heard_of)
    first = own_customer.post(text="hola", client_message_id="m-1")
    assert refusal(first) == (503, "storage_unavailable")
    assert own_customer.post(text="hola", client_message_id="m-1").status_code == 202
    assert own_customer.hears(2)["text"] == "[hola]"


# --- photos -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_photo_is_kept_and_shown(own_customer: Customer, rasa: FakeRasa, kind: str) -> None:
    rasa.answers = lambda _turn: reply("guardada")
    assert own_customer.upload(picture(kind), f"caja.{kind.lower()}").json() == {"seq": 2}
    own_customer.hears(2)
    (shown,) = own_customer.messages()[1]["attachments"]
    assert (shown["name"], shown["content_type"]) == (
        f"caja.{kind.lower()}",
        f"image/{kind.lower()}",
    )
    fetched = own_customer.http.get(shown["url"])
    assert fetched.headers["content-type"] == shown["content_type"]
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(fetched.content)).size == (40, 30)
    payload = rasa.turns[0]["payload"]
    assert (payload["intent"], [*payload["entities"]]) == ("send_photo", ["photo"])


def test_a_photo_sent_again_under_its_id_is_the_same(customer: Customer) -> None:
    first = customer.upload(picture(), client_message_id="m-1").json()
    assert customer.upload(picture(), client_message_id="m-1").json() == first
    assert len([m for m in customer.messages() if m["attachments"]]) == 1


def test_where_a_photo_was_taken_does_not_stay_in_it(customer: Customer) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker of the camera"
    customer.upload(picture("JPEG", exif=exif.tobytes(), comment=b"home address"), "a.jpg")
    (shown,) = customer.messages()[1]["attachments"]
    content = customer.http.get(shown["url"]).content
    assert b"Maker of the camera" not in content
    assert b"home address" not in content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"%PDF-1.7",
        picture()[:60],
        picture("JPEG")[:100],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        picture("BMP"),
    ],
    ids=["empty", "text", "svg", "gif", "pdf", "half a png", "half a jpeg", "png's head", "bmp"],
)
def test_what_is_no_photo_is_refused(customer: Customer, content: bytes) -> None:
    assert refusal(customer.upload(content)) == (415, "attachment_refused")
    assert len(customer.messages()) == 1


@pytest.mark.parametrize("side", [7_800, 14_000])
def test_a_small_file_that_unfolds_into_a_huge_picture_is_refused(
    customer: Customer, side: int
) -> None:
    bomb = picture(size=(side, side), mode="1")
    assert len(bomb) < 500_000
    assert refusal(customer.upload(bomb)) == (415, "attachment_refused")


def test_photos_that_arrive_at_once_leave_the_processs_warnings_alone(customer: Customer) -> None:
    before = list(warnings.filters)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(customer.upload, [picture(size=(900, 900))] * 12))
    assert {answer.status_code for answer in answers} == {202}
    assert list(warnings.filters) == before


def test_a_file_over_ten_megabytes_is_refused(customer: Customer) -> None:
    answer = customer.upload(picture() + b"\x00" * (10 * 1024 * 1024))
    assert refusal(answer) in {(413, "too_large"), (415, "attachment_refused")}


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("application/json", b"{}"),
        ("", b"x"),
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=", b"--\r\n\r\n----"),
        ("multipart/form-data; boundary=x", b"no boundary at all"),
        ("multipart/form-data; boundary=x", b"--x\r\nno header\r\n\r\nx\r\n--x--"),
        ("multipart/form-data; boundary=x; charset=idna", b"--x--"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x--"),
    ],
)
def test_what_is_no_upload_is_refused(
    customer: Customer, content_type: str, content: bytes
) -> None:
    headers = {**customer.headers, "Content-Type": content_type}
    answer = customer.http.post("/webchat/attachments", content=content, headers=headers)
    assert refusal(answer) == (422, "not_valid")


def raw_upload(
    customer: Customer, disposition: str, *, charset: str = "", own_id: bytes = b""
) -> Any:
    """An upload written by hand, as no honest client writes it."""
    own = b'--x\r\nContent-Disposition: form-data; name="client_message_id"\r\n\r\n' + own_id
    body = (
        (own + b"\r\n" if own_id else b"")
        + b"--x\r\nContent-Disposition: form-data; "
        + disposition.encode()
        + b"\r\nContent-Type: image/png\r\n\r\n"
        + picture()
        + b"\r\n--x--\r\n"
    )
    content_type = "multipart/form-data; boundary=x" + (f"; charset={charset}" if charset else "")
    headers = {**customer.headers, "Content-Type": content_type}
    return customer.http.post("/webchat/attachments", content=body, headers=headers)


@pytest.mark.parametrize(
    ("disposition", "charset"),
    [
        ('name="file"; filename="../../../../etc/passwd"', ""),
        ('name="file"; filename="..\\\\..\\\\windows\\\\x.png"', ""),
        ('name="file"; filename="/etc/shadow"', ""),
        ('name="file"; filename="."', ""),
        ('name="file"; filename=""', ""),
        ('name="file"; filename="a\x00b.png"', ""),
        ('name="file"; filename="<img src=x onerror=alert(1)>.png"', ""),
        ('name="file"; filename="\\ud800.png"', "unicode_escape"),
        ('name="file"; filename="caja.png"', "idna"),
        ('name="file"; filename="caja.png"', "utf-16"),
        ('name="file"; filename="caja.png"', "rot13"),
        ('name="file"; filename="' + "a" * 5_000 + '.png"', ""),
    ],
)
def test_a_name_of_a_file_is_a_name_and_nothing_else(
    customer: Customer, gateway: Gateway, disposition: str, charset: str
) -> None:
    answer = raw_upload(customer, disposition, charset=charset)
    assert answer.status_code in (202, 422)
    for message in customer.messages():  # whatever was stored can be shown
        for attachment in message["attachments"]:
            assert not set(attachment["name"]) & set("/\\\x00")
            assert len(attachment["name"]) <= 120
    kept = gateway.house.settings.attachments_dir
    stray = [file for file in kept.parent.rglob("*") if file.parent not in (kept, kept.parent)]
    assert stray == []


@pytest.mark.parametrize("own_id", [b"a\x00b", b"a b", b"a" * 101, b"../x", b"a\n"])
def test_an_upload_under_an_id_that_is_none_is_refused(customer: Customer, own_id: bytes) -> None:
    answer = raw_upload(customer, 'name="file"; filename="a.png"', own_id=own_id)
    assert refusal(answer) == (422, "not_valid")


@pytest.mark.parametrize(
    "token", ["x", "..%2f..%2fsecret", "%2e%2e/secret", "posventa.db", "{session}", "{forged}"]
)
def test_a_photo_is_had_by_its_signed_address_only(customer: Customer, token: str) -> None:
    customer.upload(picture())
    forged = WebchatTokens("another secret").picture("x.png")
    path = token.format(session=customer.token, forged=forged)
    assert customer.http.get(f"/webchat/attachments/{path}").status_code == 404


@pytest.mark.parametrize("identity", ["../secret", "../posventa.db", ".x.png", "", "a/b.png", "x"])
def test_even_a_signed_address_stays_in_the_folder(customer: Customer, identity: str) -> None:
    token = WebchatTokens(SECRET).picture(identity)
    assert customer.http.get(f"/webchat/attachments/{token}").status_code == 404


# --- documents --------------------------------------------------------------------------------------


@pytest.fixture
def documents(own_gateway: Gateway, own_customer: Customer, rasa: FakeRasa) -> dict[str, str]:
    """Addresses by file name of what the assistant handed over in its last answer."""
    own_gateway.house.import_orders(sample_document())
    handed_over = (("invoice", "A-1001"), ("summary", "#W2-7"), ("receipt", "DEV-2026-999999"))
    rasa.answers = lambda _turn: reply("Aquí tienes.", documents=handed_over)
    seq = own_customer.post(text="la factura", client_message_id="m-1").json()["seq"]
    attachments = own_customer.hears(seq)["attachments"]
    return {each["name"]: each["url"] for each in attachments}


def test_a_document_comes_as_a_link_under_the_name_of_its_file(documents: dict[str, str]) -> None:
    assert list(documents) == [
        "factura-A-1001.pdf",
        "resumen-W2-7.pdf",
        "justificante-DEV-2026-999999.pdf",
    ]


def test_the_link_needs_no_session_and_tells_nothing_of_the_order(
    own_http: TestClient, documents: dict[str, str]
) -> None:
    address = documents["factura-A-1001.pdf"]
    assert "1001" not in address
    opened = own_http.get(address)
    assert (opened.status_code, opened.headers["content-type"]) == (200, "application/pdf")
    assert opened.headers["content-disposition"] == 'inline; filename="factura-A-1001.pdf"'
    assert "no-store" in opened.headers["cache-control"]
    assert opened.content.startswith(b"%PDF-")


def test_what_is_not_there_any_more_is_gone(
    own_http: TestClient, documents: dict[str, str]
) -> None:
    answer = own_http.get(documents["justificante-DEV-2026-999999.pdf"])
    assert refusal(answer) == (404, "document_gone")


@pytest.mark.parametrize("seq", [-1, 0, 1, 2, 99, 2**31, 2**70])
@pytest.mark.parametrize("place", [-1, 3, 2**40])
def test_only_what_a_message_handed_over_can_be_opened(
    own_http: TestClient, own_customer: Customer, documents: dict[str, str], seq: int, place: int
) -> None:
    tokens = WebchatTokens(SECRET)
    conversation_id = tokens.conversation(own_customer.token)
    assert conversation_id is not None
    token = tokens.document(DocumentPlace(conversation_id, seq, place))
    assert refusal(own_http.get(f"/webchat/documents/{token}")) == (404, "document_gone")


def test_a_photo_is_no_document(customer: Customer) -> None:
    tokens = WebchatTokens(SECRET)
    seq = customer.upload(picture()).json()["seq"]
    conversation_id = tokens.conversation(customer.token)
    assert conversation_id is not None
    token = tokens.document(DocumentPlace(conversation_id, seq, 0))
    assert customer.http.get(f"/webchat/documents/{token}").status_code == 404


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "A-1001",
        "invoice",
        "..%2f..%2fposventa.db",
        "%00",
        "{session}",
        "{forged}",
        "{picture}",
    ],
)
def test_a_document_is_had_by_its_signed_address_only(customer: Customer, token: str) -> None:
    place = DocumentPlace("a" * 32, 2, 0)
    path = token.format(
        session=customer.token,
        forged=WebchatTokens("another secret").document(place),
        picture=WebchatTokens(SECRET).picture("x.png"),
    )
    assert customer.http.get(f"/webchat/documents/{path}").status_code == 404


# --- the rest ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"{}", b'{"on": "yes"}', b'{"on": 1}', b"[]", b"x"])
def test_typing_takes_yes_or_no(customer: Customer, body: bytes) -> None:
    answer = customer.http.post("/webchat/typing", content=body, headers=customer.headers)
    assert refusal(answer) == (422, "not_valid")
    fine = customer.http.post("/webchat/typing", json={"on": True}, headers=customer.headers)
    assert fine.status_code == 204


@pytest.mark.parametrize("path", ["/webchat", "/webchat/", "/webchat/admin", "/webchat/sessions/1"])
def test_there_is_nothing_else_below_the_web_chat(http: TestClient, path: str) -> None:
    assert http.get(path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(customer: Customer, method: str) -> None:
    answer = customer.http.request(method, "/webchat/messages", headers=customer.headers)
    assert answer.status_code == 405


def test_a_page_of_another_origin_may_embed_the_chat(http: TestClient) -> None:
    answer = http.options(
        "/webchat/messages",
        headers={
            "Origin": "https://shop.example.com",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
