import pytest

from tests.unit.spoken_answers import spoken

RESOLUTIONS = [
    ("devuélvanme mi lana", "refund"), ("quiero que me regresen lo que pagué", "refund"),
    ("reintegro por favor", "refund"), ("prefiero la plata", "refund"), ("el rembolso", "refund"),
    ("que me abonen el importe", "refund"), ("q me devuelban la guita", "refund"),
    ("me lo pueden canjear?", "exchange"), ("otro color", "exchange"), ("que me manden una nueva", "exchange"),
    ("cámbiamelo porfa", "exchange"), ("quiero otra en talla más grande", "exchange"),
    ("no el dinero, el cambio", "exchange"), ("cambio, y si no hay stock el reembolso", "exchange"),
    ("que la compongan", "repair"), ("mejor arréglenla", "repair"), ("reparación", "repair"),
    ("un vale de compra", "store_credit"), ("nota de crédito", "store_credit"),
    ("saldo a favor para mi próxima compra", "store_credit"), ("dame un cupon", "store_credit"),
    ("no quiero cambio, quiero el reembolso", "refund"),
    ("reembolso o cambio, lo que sea", None), ("devolver la taza", None), ("vale", None),
    ("cambié de idea", None), ("pagué con tarjeta de crédito", None), ("hola", None),
]  # fmt: skip
REMEDIES = [
    ("que me la reparen", "repair"), ("llévenla al servicio técnico", "repair"), ("arréglalo", "repair"),
    ("uno nuevo pues", "replacement"), ("cámbienmela", "replacement"), ("quiero que la reemplacen", "replacement"),
    ("denme otra igual", "replacement"), ("la reposición", "replacement"), ("que me lo sustituyan", "replacement"),
    ("háganme una rebaja", "price_reduction"), ("me quedo con él si me dan descuento", "price_reduction"),
    ("devuélvanme una parte de la plata", "price_reduction"), ("una bonificación", "price_reduction"),
    ("todo mi dinero de vuelta", "refund"), ("el reembolso", "refund"), ("regrésenme la lana", "refund"),
    ("envíenme de nuevo el paquete", "resend"), ("vuélvanmelo a mandar", "resend"), ("que me lo vuelvan a enviar", "resend"),
    ("mándenme las piezas que faltan", "resend"), ("un reenvío", "resend"),
    ("cambié de opinión", None), ("mándame un correo", None), ("no tiene arreglo", None),
]  # fmt: skip
CANCELLATIONS = [
    ("me equivoqué de producto", "ordered_by_mistake"), ("lo compré sin querer", "ordered_by_mistake"),
    ("salió duplicado", "ordered_by_mistake"), ("fue un error mío", "ordered_by_mistake"),
    ("lo pedí dos veces", "ordered_by_mistake"),
    ("en otro lado está más económico", "found_cheaper"), ("conseguí mejor precio", "found_cheaper"),
    ("vi que bajó de precio", "found_cheaper"), ("alla cuesta menos", "found_cheaper"),
    ("se está demorando un montón", "takes_too_long"), ("no me va a llegar a tiempo", "takes_too_long"),
    ("estoy harto de esperar", "takes_too_long"), ("lo ocupaba antes del sábado", "takes_too_long"),
    ("me rechazaron la tarjeta", "payment"), ("me cobraron doble", "payment"), ("me quedé sin plata", "payment"),
    ("quiero usar otra forma de pago", "payment"),
    ("ya no me hace falta", "no_longer_needed"), ("me arrepentí", "no_longer_needed"),
    ("ya lo conseguí en una tienda", "no_longer_needed"), ("cambiamos de planes", "no_longer_needed"),
    ("por otro motivo", "other"), ("prefiero no decirlo", "other"),
    ("cancélenlo", None), ("el A-10234", None),
]  # fmt: skip
NOTHING = [
    "nada mas, gracias", "no tengo fotos", "sin fotito", "paso", "es todo", "eso nomás", "no le tomé foto",
    "nop", "no puedo sacarla ahora", "siguiente", "con eso ya está", "ninguna", "no, eso sería todo", "omitir",
    "no hay", "ahorita no puedo mandar foto",
]  # fmt: skip
SOMETHING = [
    "no enciende", "la pantalla no funciona", "nada más abrirla vi la grieta", "te mando la foto",
    "sí, se ve un golpe", "no hace nada cuando le doy al botón", "de nada sirve así como está, se cayó al abrir la caja",
    "ahí va la foto",
]  # fmt: skip


@pytest.mark.parametrize(("text", "resolution"), RESOLUTIONS)
def test_what_is_wanted_for_a_return_is_understood(text: str, resolution: str | None) -> None:
    assert spoken().resolution(text) == resolution


@pytest.mark.parametrize(("text", "remedy"), REMEDIES)
def test_what_is_wanted_for_a_fault_is_understood(text: str, remedy: str | None) -> None:
    assert spoken().remedy(text) == remedy


@pytest.mark.parametrize(("text", "reason"), CANCELLATIONS)
def test_why_an_order_is_cancelled_is_understood(text: str, reason: str | None) -> None:
    assert spoken().cancel_reason(text) == reason


@pytest.mark.parametrize("text", NOTHING)
def test_who_has_nothing_to_add_is_understood(text: str) -> None:
    assert spoken().is_nothing_to_add(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_who_tells_something_has_something_to_add(text: str) -> None:
    assert not spoken().is_nothing_to_add(text)
