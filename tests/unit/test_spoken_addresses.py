from dataclasses import replace

import pytest

from bot.domain.orders import Address
from bot.domain.spoken import AddressSaid
from tests.unit.spoken_answers import spoken

CURRENT = Address("Ana Gil", "Calle Mayor 3", "Madrid", "28004", "ES", "2.º B", "Madrid")


def said(text: str, country: str = "ES", asked: str | None = None) -> AddressSaid:
    return spoken().address(text, replace(CURRENT, country=country), asked)


@pytest.mark.parametrize(
    ("country", "text", "line1", "line2", "city", "postal_code"),
    [
        ("ES", "C/ Goya 15, 3º izq, 28001 Madrid", "C/ Goya 15", "3º izq", "Madrid", "28001"),
        ("ES", "avenida de la paz 7, 46003 valencia", "avenida de la paz 7", None, "valencia", "46003"),
        ("ES", "mándalo a Paseo de Gracia 21, 4º 2ª, 08007 Barcelona, gracias", "Paseo de Gracia 21", "4º 2ª", "Barcelona", "08007"),
        ("ES", "Plaza del Sol s/n, 29005 Málaga", "Plaza del Sol s/n", None, "Málaga", "29005"),
        ("ES", "Rúa Nova 8 bajo\n15702 Santiago de Compostela", "Rúa Nova 8", "bajo", "Santiago de Compostela", "15702"),
        ("MX", "Av. Juárez 50, Int. 2, Col. Centro, CP 06010, Ciudad de México", "Av. Juárez 50", "Int. 2, Col. Centro", "Ciudad de México", "06010"),
        ("MX", "calle Hidalgo 12, 44100 Guadalajara", "calle Hidalgo 12", None, "Guadalajara", "44100"),
        ("CO", "Cra 7 # 72-41 apto 502, Bogotá, 110221", "Cra 7 # 72-41", "apto 502", "Bogotá", "110221"),
        ("CO", "Calle 10 #43-12, Medellín 050021", "Calle 10 #43-12", None, "Medellín", "050021"),
        ("AR", "Av. Rivadavia 5020 piso 3 B, CABA, C1424CEO", "Av. Rivadavia 5020", "piso 3 B", "CABA", "C1424CEO"),
        ("AR", "rivadavia 5020, 1424 buenos aires", "rivadavia 5020", None, "buenos aires", "1424"),
        ("CL", "Avenida Italia 980 depto 31, Providencia, 7500498", "Avenida Italia 980", "depto 31", "Providencia", "7500498"),
        ("PE", "Av. Arequipa 1200 dpto 402, Lima 15046", "Av. Arequipa 1200", "dpto 402", "Lima", "15046"),
        ("ES", "77 Cedar Street, Suite 12, Dallas, 75201", "77 Cedar Street", "Suite 12", "Dallas", "75201"),
    ],
)  # fmt: skip
def test_a_whole_address_is_taken_apart(
    country: str, text: str, line1: str, line2: str | None, city: str, postal_code: str
) -> None:
    found = said(text, country)
    assert (found.line1, found.line2, found.city, found.postal_code) == (
        line1,
        line2,
        city,
        postal_code,
    )


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Calle Sierpes 4, Sevilla", ("postal_code",)),
        ("calle sierpes 4", ("city", "postal_code")),
        ("me mudé a Bilbao", ("line1", "postal_code")),
        ("41004 Sevilla", ("line1",)),
        ("quiero cambiar la dirección", ("line1", "city", "postal_code")),
        ("mi pedido es el 10234 y la quiero cambiar ya", ("line1", "city", "postal_code")),
        ("el piso es 4º C", ()),
        ("el código postal es 28010", ()),
        ("la misma calle pero el número 33", ()),
        ("calle Luna 7, misma ciudad y mismo cp", ()),
    ],
)
def test_what_is_lacking_is_named(text: str, missing: tuple[str, ...]) -> None:
    assert said(text).missing == missing


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [("city", "Bilbao", "Bilbao"), ("line1", "Gran Vía 12", "Gran Vía 12"), ("postal_code", "48001", "48001")],
)  # fmt: skip
def test_a_part_that_was_asked_for_comes_alone(asked: str, text: str, value: str) -> None:
    assert getattr(said(text, asked=asked), asked) == value


def test_a_refusal_is_no_city() -> None:
    assert said("no sé", asked="city").empty


def test_answers_complete_each_other() -> None:
    whole = said("calle Luna 7").completed_by(said("48001 Bilbao"))
    assert whole.missing == ()


def test_another_street_does_not_keep_the_old_floor() -> None:
    assert said("calle Luna 7, 28004 Madrid").applied_to(CURRENT).line2 is None


def test_another_floor_keeps_the_street() -> None:
    moved = said("es el piso 5º D").applied_to(CURRENT)
    assert (moved.line1, moved.line2) == ("Calle Mayor 3", "piso 5º D")
