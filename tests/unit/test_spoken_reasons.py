import pytest

from tests.unit.spoken_answers import spoken

REASONS = {
    "changed_mind": [
        "la verdad ya no la ocupo", "me arrepenti de la compra", "al final no los quiero",
        "cambié de parecer, disculpen", "siempre no lo voy a querer", "pensándolo mejor no me hace falta",
        "ya me regalaron una igual", "fue un antojo nomás", "q ya no la necesito", "no lo vamos a usar",
        "ya tengo otro en casa",
    ],
    "does_not_fit": [
        "me quedó re chica", "le queda enorme a mi hijo", "no me entran los pies", "me aprietan mucho",
        "es muy grande para mí", "las botas me van justas", "no me cierra la campera",
        "me qda apretado", "no le quedaron a mi mamá", "me baila el pie", "pedí mal la talla",
        "nesesito una talla menos", "los zapatos me vienen estrechos", "no me sube el pantalon",
    ],
    "not_as_expected": [
        "no es como me lo imaginaba", "el color se ve distinto que en la foto", "no me convenció la verdad",
        "la tela es malisima", "no se parece en nada a lo publicado", "nada que ver con la foto",
        "no me late cómo se ve", "me decepcionó", "está feo en persona", "esperaba otra cosa",
    ],
    "wrong_item": [
        "me mandaron otra cosa", "este no es el que encargué", "se equivocaron de modelo",
        "yo pedí el rojo y me llegó uno verde", "recibí un producto equivocado", "no corresponde a mi pedido",
        "me ha llegado otra talla distinta a la que pedí", "vino uno en lugar de otro: no es lo que compre",
    ],
    "damaged": [
        "vino quebrada la tapa", "me llegó todo hecho pedazos", "traía un golpe en la esquina",
        "la caja venia mojada y el aparato abollado", "yego rota", "el vidrio está rajado", "tiene un agujero en la manga",
        "se rompió en el envío", "llegó bien sucio y rayado",
    ],
    "defective": [
        "no prende ni a palos", "dejó de cargar a la semana", "se apaga solo", "salió fallado de fábrica",
        "la batería no dura nada", "se malogró al tercer día", "no anda", "viene con un defecto",
        "se le salió la manija con el uso", "no se conecta al wifi, no funciona",
    ],
    "arrived_late": [
        "me llegó demasiado tarde", "tardaron tres semanas", "vino después de la boda", "llegó con mucho retraso",
        "demoraron un siglo, ya pasó el cumple",
    ],
    "other": ["es por otra razón", "ninguna de esas", "motivos personales"],
}  # fmt: skip
NO_REASON = [
    "hola, buenos días", "quiero devolver la licuadora", "el pedido 12345", "cuánto tarda el reembolso?",
    "cambié de domicilio", "no me queda claro cómo se hace", "mi correo es rota@example.com",
    "no funciona la página", "no llegó roto", "la camiseta azul",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"), [(text, reason) for reason, texts in REASONS.items() for text in texts]
)
def test_a_reason_is_understood_in_any_voice(text: str, reason: str) -> None:
    assert spoken().reason(text) == reason


@pytest.mark.parametrize("text", NO_REASON)
def test_no_reason_is_read_into_a_text_that_gives_none(text: str) -> None:
    assert spoken().reason(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ya no lo quiero porque llegó rajado", "damaged"),
        ("me queda chica, así que ya no la quiero", "does_not_fit"),
        ("no llegó rota, es que no enciende", "defective"),
        ("ya no lo necesito, llegó muy tarde", "arrived_late"),
    ],
)
def test_the_telling_reason_counts_when_two_are_given(text: str, reason: str) -> None:
    assert spoken().reason(text) == reason
