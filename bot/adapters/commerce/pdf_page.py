"""A page of the shop's in PDF: its head, its fonts, and how days and money are written.

Every script that a customer's name may be in is written; the same content gives the same bytes.
"""

import io
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency

from bot.adapters.yaml_file import read_yaml
from bot.domain.money import Money
from bot.domain.orders import zone_of

# DejaVu knows more alphabets than Vera, which comes with reportlab and is always there.
_DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
_FONTS = (
    (str(_DEJAVU / "DejaVuSans.ttf"), str(_DEJAVU / "DejaVuSans-Bold.ttf")),
    ("Vera.ttf", "VeraBd.ttf"),
)
# For what no embedded font can write: not embedded, every reader of PDF brings it.
_ANY_SCRIPT = "STSong-Light"


@dataclass(frozen=True, slots=True)
class SellerIdentity:
    """Who sells. Without a tax number no invoice can be issued."""

    name: str
    tax_id: str | None = None
    address: str | None = None  # lines separated by line breaks


class PdfPage(ABC):
    """A document of the shop; each kind tells its own story below the seller's name."""

    def __init__(
        self, seller: SellerIdentity, country: str, texts: Mapping[str, Any], *, compressed: bool
    ) -> None:
        self._seller = seller
        self._texts: Mapping[str, Any] = {**_page_texts(), **texts}
        self._compressed = compressed
        self._locale = _locale(country)
        self._zone = zone_of(country)
        self._regular, self._bold = _fonts()

    @abstractmethod
    def _story(self) -> Iterator[Any]:
        """What stands on it, below the seller."""

    def pdf(self, title: str) -> bytes:
        """The document.

        Args:
            title: What a reader of PDF shows as its name.
        """
        # Half a second of imports that most processes never need.
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.units import mm
        from reportlab.platypus import SimpleDocTemplate

        buffer = io.BytesIO()
        document = SimpleDocTemplate(
            buffer,
            pagesize=A4,
            leftMargin=20 * mm,
            rightMargin=20 * mm,
            topMargin=20 * mm,
            bottomMargin=20 * mm,
            title=title,
            author=self._seller.name,
            lang="es",
            pageCompression=int(self._compressed),
            invariant=1,  # the same content, the same bytes
        )
        story = [*self._head(), *self._story()]
        document.build(story, onFirstPage=self._foot, onLaterPages=self._foot)
        return buffer.getvalue()

    def _head(self) -> Iterator[Any]:
        yield self._text(self._seller.name, bold=True, size=13)
        if self._seller.tax_id:
            yield self._text(self._texts["tax_id"].format(tax_id=self._seller.tax_id))
        for line in (self._seller.address or "").splitlines():
            yield self._text(line)
        yield self._gap(18)

    def _gap(self, points: int) -> Any:
        from reportlab.platypus import Spacer

        return Spacer(1, points)

    def _foot(self, canvas: Any, _document: Any) -> None:
        canvas.setFont(self._regular, 8)
        page = self._texts["page"].format(page=canvas.getPageNumber())
        canvas.drawRightString(540, 30, page)

    def _text(self, text: str, *, bold: bool = False, right: bool = False, size: int = 9) -> Any:
        from reportlab.lib.enums import TA_LEFT, TA_RIGHT
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.platypus import Paragraph

        font = self._bold if bold else self._regular
        style = ParagraphStyle(
            "line",
            fontName=font,
            fontSize=size,
            leading=size * 1.4,
            alignment=TA_RIGHT if right else TA_LEFT,
            splitLongWords=1,
        )
        return Paragraph(_marked_up(text, font), style)

    def _money(self, amount: Money) -> str:
        return format_currency(amount.amount, amount.currency, locale=self._locale)

    def _day(self, instant: datetime) -> str:
        return self._date(instant.astimezone(self._zone).date())

    def _date(self, day: date) -> str:
        return format_date(day, "long", locale=self._locale)

    def _moment(self, instant: datetime) -> str:
        """A past instant to the minute, as clocks showed it where the customer lives."""
        time = format_time(instant, "H:mm (ZZZZ)", tzinfo=self._zone, locale=self._locale)
        return f"{self._day(instant)}, {time}"


def _marked_up(text: str, font: str) -> str:
    """A text in which every character has a font that can write it."""
    from reportlab.pdfbase.pdfmetrics import getFont

    known = getFont(font).face.charToGlyph
    written = unicodedata.normalize("NFC", text)
    runs = groupby(written, key=lambda character: ord(character) in known)
    return "".join(
        escape("".join(run))
        if is_known
        else f'<font name="{_ANY_SCRIPT}">{escape("".join(map(_within_reach, run)))}</font>'
        for is_known, run in runs
    )


def _within_reach(character: str) -> str:
    """The fonts that readers bring end with the basic plane; a control character is no text."""
    drawable = ord(character) < 0x10000 and unicodedata.category(character)[0] != "C"
    return character if drawable else "\N{REPLACEMENT CHARACTER}"


@cache
def _page_texts() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(Path(__file__).with_name("page_texts.yml"))
    return found


@cache
def _fonts() -> tuple[str, str]:
    """The names of the regular and the bold font, made known to reportlab."""
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    registerFont(UnicodeCIDFont(_ANY_SCRIPT))
    for regular, bold in _FONTS:
        try:
            registerFont(TTFont("Posventa", regular))
            registerFont(TTFont("Posventa-Bold", bold))
        except TTFError:
            continue
        return "Posventa", "Posventa-Bold"
    raise RuntimeError("reportlab lacks its own fonts")


def _locale(country: str) -> Locale:
    try:
        return Locale.parse(f"es_{country}")
    except UnknownLocaleError:
        return Locale.parse("es")
