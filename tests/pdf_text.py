"""Reads what stands in a PDF of ours, as a reader would show it."""

import re


def words_of(pdf: bytes) -> str:
    """The words in order, through the fonts' own tables of characters; its pages not compressed."""
    objects = dict(re.findall(rb"(\d+) 0 obj(.*?)endobj", pdf, re.DOTALL))
    fonts: dict[bytes, dict[int, str]] = {}
    for name, number in set(re.findall(rb"/(F\d+(?:\+\d+)?) (\d+) 0 R", pdf)):
        to_unicode = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
        fonts[name] = _characters(objects[to_unicode[1]]) if to_unicode else {}
    words: list[str] = []
    font = b""
    for token in re.finditer(
        rb"/(F[\d+]+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj|T\*|ET", pdf, re.DOTALL
    ):
        if token[1]:
            font = token[1]
        elif token[2] is not None:
            codes = _unescaped(token[2])
            known = fonts.get(font)
            words.append(
                "".join(known.get(code, "") for code in codes)
                if known
                else codes.decode("utf-16-be")
            )
        else:
            words.append(" ")
    return " ".join("".join(words).split())


def _characters(table: bytes) -> dict[int, str]:
    """A font's table from the codes of its text to characters."""
    found: dict[int, str] = {}
    for first, last, to in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", table):
        for code in range(int(first, 16), int(last, 16) + 1):
            found[code] = chr(int(to, 16) + code - int(first, 16))
    for first, last, many in re.findall(rb"<(\w+)> <(\w+)> \[([^\]]*)\]", table):
        targets = re.findall(rb"<(\w+)>", many)
        codes = range(int(first, 16), int(last, 16) + 1)
        found |= {code: chr(int(to, 16)) for code, to in zip(codes, targets, strict=False)}
    for code, to in re.findall(rb"<(\w+)> <(\w+)>\s*$", table, re.MULTILINE):
        found.setdefault(int(code, 16), chr(int(to, 16)))
    return found


def _unescaped(literal: bytes) -> bytes:
    plain = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def one(match: re.Match[bytes]) -> bytes:
        code = match[1]
        return bytes([int(code, 8)]) if code.isdigit() else plain.get(code, code)

    return re.sub(rb"\\([0-7]{1,3}|.)", one, literal, flags=re.DOTALL)
