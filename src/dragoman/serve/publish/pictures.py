"""Checks an uploaded picture by its content, and writes it anew so that nothing else travels in its file."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from dragoman.errors import UsageError

MOST_BYTES = 4 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2400
"""A larger picture is made smaller, in pixels."""

_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True)
class CheckedPicture:
    """A picture that may be served."""

    media_type: str
    content: bytes
    width: int
    height: int


def check_picture(content: bytes) -> CheckedPicture:
    """The picture, written anew in its own format; a `UsageError` says why it cannot be taken."""
    if not content:
        raise UsageError("The file is empty; choose a PNG, JPEG or WebP picture.")
    if len(content) > MOST_BYTES:
        raise UsageError(f"The file has {len(content):,} bytes; a picture may have {MOST_BYTES:,}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(_FORMATS)) as opened:
                return _written(opened)
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise UsageError("The file is no PNG, JPEG or WebP picture of a usual size, whatever its name says.") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise UsageError(f"The picture is damaged ({error}); save it anew and try again.") from error


def _written(opened: Image.Image) -> CheckedPicture:
    form = opened.format or ""
    if opened.width * opened.height > MOST_PIXELS:
        raise UsageError(f"The picture has {opened.width} × {opened.height} pixels; make it smaller.")
    opened.load()
    plain: Image.Image = opened.convert("RGBA" if form != "JPEG" and "A" in opened.getbands() else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    sink = io.BytesIO()
    if form == "JPEG":
        plain.save(sink, "JPEG", quality=88)
    elif form == "WEBP":
        plain.save(sink, "WEBP", quality=88)
    else:
        plain.save(sink, "PNG", optimize=True)
    return CheckedPicture(_FORMATS[form], sink.getvalue(), plain.width, plain.height)
