"""Customers' photos on disk: checked, turned upright, without metadata."""

import io
import re
import unicodedata
import uuid
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.domain.errors import AttachmentRefused
from bot.domain.messages import Attachment

# Telegram delivers photos up to 10 MB; the same everywhere.
MAX_BYTES = 10 * 1024 * 1024
# A phone's 50 megapixels pass; a decompression bomb does not.
MAX_PIXELS = 60_000_000
# Evidence, not art: longer sides are scaled down.
MAX_SIDE = 2560

_FORMATS = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "WEBP": ("image/webp", ".webp"),
}

# What Pillow raises, or warns of, on files that are broken or made to break it.
_NOT_A_PICTURE = (
    Image.DecompressionBombError,
    OSError,
    SyntaxError,
    UnidentifiedImageError,
    ValueError,
    Warning,
)

_IDENTITY = re.compile(r"[0-9a-f]{32}\.(jpg|png|webp)")


class AttachmentStore:
    """Files named by an id nobody can guess, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes, name: str) -> Attachment:
        """Store a picture, re-encoded: where and with what it was taken does not stay in it.

        Raises:
            AttachmentRefused: too large, or not a readable JPEG, PNG or WebP picture.
            OSError: the folder cannot be written.
        """
        if len(content) > MAX_BYTES:
            raise AttachmentRefused
        picture, kind = _decoded(content)
        content_type, suffix = _FORMATS[kind]
        identity = uuid.uuid4().hex + suffix
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f".{identity}"
        with draft.open("wb") as file:
            picture.save(file, format=kind, quality=88)
        draft.rename(self._folder / identity)
        return Attachment(identity, content_type, _shown_name(name) or identity)

    def path(self, identity: str) -> Path | None:
        """Where a stored picture is; None when there is none of that id."""
        if not _IDENTITY.fullmatch(identity):
            return None
        file = self._folder / identity
        return file if file.is_file() else None

    def read(self, identity: str) -> tuple[bytes, str] | None:
        """Content and content type of a stored picture; None when there is none of that id."""
        file = self.path(identity)
        if file is None:
            return None
        content_type = next(kind for kind, suffix in _FORMATS.values() if suffix == file.suffix)
        return file.read_bytes(), content_type


def _shown_name(name: str) -> str:
    """The last part of a file's name, with nothing in it that cannot be stored or shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C")[:120].strip(" .")


def _decoded(content: bytes) -> tuple[Image.Image, str]:
    try:
        picture = Image.open(io.BytesIO(content), formats=tuple(_FORMATS))
        if picture.width * picture.height > MAX_PIXELS:
            raise AttachmentRefused
        kind = str(picture.format)
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
    except _NOT_A_PICTURE as error:
        raise AttachmentRefused from error
    plain = Image.new(upright.mode, upright.size)
    plain.paste(upright)
    if upright.mode == "P" and (palette := upright.getpalette()):
        plain.putpalette(palette)
    return (plain.convert("RGB") if kind == "JPEG" else plain), kind
