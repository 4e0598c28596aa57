"""Which encoding a file is written in: UTF-8 with or without mark, UTF-16, or GBK (read as its superset GB 18030)."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import BinaryIO

CHUNK = 1 << 20
FIRST_ESCAPE, LAST_ESCAPE = "\udc00", "\udcff"


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Stand lone surrogates in for bytes that do not decode, so that only their row is lost, not the file."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


ESCAPE = "supervisor-console-escape"
codecs.register_error(ESCAPE, _escape)


def is_damaged(text: str) -> bool:
    """Whether bytes of this text did not decode."""
    return not text.isascii() and any(FIRST_ESCAPE <= character <= LAST_ESCAPE for character in text)


def readable(text: str) -> str:
    """The text with bytes that did not decode written as ``\\xNN``."""
    if not is_damaged(text):
        return text
    return "".join(
        f"\\x{ord(character) - 0xDC00:02x}" if FIRST_ESCAPE <= character <= LAST_ESCAPE else character
        for character in text
    )


def detect(stream: BinaryIO, report: Callable[[], None] = lambda: None) -> str:
    """The name of the codec for a byte stream, which is read to its end; ``report`` is called now and then.

    A mark decides. Without one, NUL bytes at every other place mean UTF-16. Otherwise the whole file is tried as UTF-8;
    where that fails it is GB 18030 when it is sound in that and most of its non-ASCII lines are not UTF-8. A file that
    is neither is taken as UTF-8, so that its few bad rows are rejected and the others land.
    """
    head = stream.read(CHUNK)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := _wide(head[:4096]):
        return wide
    gbk = _Trial("gb18030")
    chinese = plain = 0
    rest = b""
    chunk = head
    while chunk:
        if rest or not chunk.isascii():
            block = rest + chunk
            end = block.rfind(b"\n") + 1 or len(block)
            rest = block[end:]
            for line in block[:end].splitlines():
                if not line.isascii():
                    sound = _decodes(line, "utf-8")
                    plain += sound
                    chinese += not sound
                    gbk.feed(line)
        chunk = stream.read(CHUNK)
        report()
    if rest and not rest.isascii():
        sound = _decodes(rest, "utf-8")
        plain += sound
        chinese += not sound
        gbk.feed(rest)
    return "gb18030" if chinese > plain and gbk.sound else "utf-8"


class _Trial:
    """Tries one codec line by line until it fails."""

    def __init__(self, codec: str) -> None:
        self._codec = codec
        self.sound = True

    def feed(self, line: bytes) -> None:
        self.sound = self.sound and _decodes(line, self._codec)


def _decodes(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark shows in mostly-ASCII text as a NUL at every other byte."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half and odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le"
    if half and even > half * 0.4 and odd < half * 0.1:
        return "utf-16-be"
    return ""
