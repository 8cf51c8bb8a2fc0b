"""The texts that the understanding must endure are long, strange and always the same."""

from bot.assistant.hostile_texts import LONGEST, hostile_texts


def test_the_same_texts_are_drawn_every_time() -> None:
    assert list(hostile_texts(30)) == list(hostile_texts(30))
    assert list(hostile_texts(30)) != list(hostile_texts(30, seed=2))


def test_many_are_as_long_as_a_message_may_be_and_none_is_longer() -> None:
    lengths = [len(text) for text in hostile_texts(400)]
    assert max(lengths) == LONGEST
    assert lengths.count(LONGEST) > 100


def test_all_kinds_of_signs_are_among_them() -> None:
    signs = set("".join(hostile_texts(200)))
    assert signs >= set("\u0301א漢😡9\n")
    assert any("\ud800" <= sign <= "\udfff" for sign in signs)  # half of an emoji
