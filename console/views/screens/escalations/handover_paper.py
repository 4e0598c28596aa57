"""The hand-over sheet on paper: A4 pages laid out once, then drawn on the screen or into a PDF alike.

Lengths are pixels at 96 to the inch. Every line of text is broken before it is placed, so nothing is clipped, and a row
that does not fit goes to the next page below its repeated heading. Paper is white in every theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
    QTextOption,
)

from console.errors import SetupError
from console.i18n import _
from console.models.domain.hand_over import Signed
from console.models.queries.handover import Sheet
from console.models.queries.handover_words import Column, Row, Section, sections, summary, title
from console.views import formats
from console.views.theme.look import FAMILY
from console.views.theme.tokens import LIGHT

WIDTH, HEIGHT = 794.0, 1123.0
_SIDE, _TOP, _BOTTOM = 44.0, 58.0, 52.0
_INNER = WIDTH - 2 * _SIDE
_GAP = 8.0
_PAD = 3.0
_PIXELS = {"title": 18, "heading": 13, "body": 11, "small": 9.5}
_INKS = {"text": LIGHT.text, "muted": LIGHT.text_muted, "grave": LIGHT.danger, "line": LIGHT.hairline}
_PDF_DPI = 1200


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text: its left end on the base line."""

    x: float
    y: float
    text: str
    size: str = "body"
    ink: str = "text"
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A hairline across, or a filled mark."""

    box: QRectF
    ink: str = "line"


@dataclass(slots=True)
class Page:
    """What stands on one page."""

    pieces: list[Text | Rule] = field(default_factory=list)


def font(size: str, *, strong: bool = False) -> QFont:
    """The paper's font in one of its four sizes."""
    made = QFont(FAMILY)
    made.setPixelSize(round(_PIXELS[size] * _FINE))
    made.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


_FINE = 4
"""Fonts are measured this much larger: a pixel size is an integer, and half pixels matter on paper."""


def wrapped(text: str, width: float, size: str = "body", *, strong: bool = False) -> list[str]:
    """The text in lines that fit into a width; a word that does not fit is broken."""
    lines: list[str] = []
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, font(size, strong=strong))
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width * _FINE)
            lines.append(paragraph[line.textStart() : line.textStart() + line.textLength()].rstrip())
        layout.endLayout()
    return lines or [""]


class _Setter:
    """Sets one thing below the other and turns the page where there is no room."""

    def __init__(self, head: str, foot: str) -> None:
        self.pages: list[Page] = []
        self._head = head
        self._foot = foot
        self._metrics = {
            (size, strong): QFontMetricsF(font(size, strong=strong)) for size in _PIXELS for strong in (False, True)
        }
        self.y = 0.0
        self.turn()

    @property
    def room(self) -> float:
        """What is left of the page."""
        return HEIGHT - _BOTTOM - self.y

    def turn(self) -> None:
        """Begin a page."""
        self.pages.append(Page())
        self.y = _TOP
        if len(self.pages) > 1:
            self._put(_SIDE, 40.0, self._head, "small", "muted")
            self._rule(46.0)

    def line_height(self, size: str) -> float:
        """From one base line to the next."""
        return self._metrics[size, False].height() / _FINE * 1.02

    def paragraph(self, text: str, size: str = "body", ink: str = "text", *, strong: bool = False) -> None:
        """Lines across the whole page."""
        height = self.line_height(size)
        for line in wrapped(text, _INNER, size, strong=strong):
            if self.room < height:
                self.turn()
            self._put(_SIDE, self.y + self._ascent(size), line, size, ink, strong=strong)
            self.y += height

    def space(self, height: float) -> None:
        """Leave room, unless the page has just begun."""
        if self.y > _TOP:
            self.y += height

    def section(self, section: Section) -> None:
        """A heading and its table; the heading stays with the first rows."""
        self.space(14.0)
        head = self.line_height("heading") + 4
        if self.room < head + 3 * self.line_height("body") + 20:
            self.turn()
        count = f"  {len(section.rows)}" if section.rows else ""
        self._put(_SIDE, self.y + self._ascent("heading"), section.title + count, "heading", strong=True)
        self.y += head
        if not section.rows:
            self.paragraph(section.empty, ink="muted")
            return
        spans = _spans(section.columns)
        self._columns(section.columns, spans)
        for row in section.rows:
            self._row(section, row, spans)
        if section.more:
            self.paragraph(section.more, ink="muted")

    def number(self) -> None:
        """Number the pages, once all are there."""
        for place, page in enumerate(self.pages, 1):
            text = _("Page {n} of {all}").format(n=place, all=len(self.pages))
            width = self._metrics["small", False].horizontalAdvance(text) / _FINE
            page.pieces.append(Rule(QRectF(_SIDE, HEIGHT - 42, _INNER, 0.6)))
            page.pieces.append(Text(_SIDE, HEIGHT - 28, self._foot, "small", "muted"))
            page.pieces.append(Text(WIDTH - _SIDE - width, HEIGHT - 28, text, "small", "muted"))

    def _columns(self, columns: Sequence[Column], spans: Sequence[tuple[float, float]]) -> None:
        for column, (x, width) in zip(columns, spans, strict=True):
            self._cell(column.title, x, width, self.y, "small", "muted", right=column.right)
        self.y += self.line_height("small") + 2
        self._rule(self.y)

    def _row(self, section: Section, row: Row, spans: Sequence[tuple[float, float]]) -> None:
        cells = [_lines(cell, width) for cell, (_x, width) in zip(row.cells, spans, strict=True)]
        height = self.line_height("body")
        deepest = max(len(lines) for lines in cells)
        whole = deepest * height + 2 * _PAD
        if whole > self.room and whole < HEIGHT - _TOP - _BOTTOM - 60:
            self._go_on(section, spans)
        first = True
        self.y += _PAD
        for place in range(deepest):
            if self.room < height + _PAD:
                self._go_on(section, spans)
                self.y += _PAD
            if first and row.grave:
                self.pages[-1].pieces.append(
                    Rule(QRectF(_SIDE - 8, self.y + 1, 3, min(deepest, 2) * height - 2), "grave")
                )
            for column, (x, width), lines in zip(section.columns, spans, cells, strict=True):
                if place < len(lines):
                    text, ink = lines[place]
                    strong = row.grave and first and x == spans[0][0]
                    self._cell(text, x, width, self.y, "body", ink, right=column.right, strong=strong)
            self.y += height
            first = False
        self.y += _PAD
        self._rule(self.y)

    def _go_on(self, section: Section, spans: Sequence[tuple[float, float]]) -> None:
        self.turn()
        words = _("{section}, continued").format(section=section.title)
        self._put(_SIDE, self.y + self._ascent("heading"), words, "heading", strong=True)
        self.y += self.line_height("heading") + 4
        self._columns(section.columns, spans)

    def _cell(
        self, text: str, x: float, width: float, y: float, size: str, ink: str, *, right: bool, strong: bool = False
    ) -> None:
        if not text:
            return
        if right:
            x += width - self._metrics[size, strong].horizontalAdvance(text) / _FINE
        self._put(x, y + self._ascent(size), text, size, ink, strong=strong)

    def _ascent(self, size: str) -> float:
        return self._metrics[size, False].ascent() / _FINE

    def _put(self, x: float, y: float, text: str, size: str, ink: str = "text", *, strong: bool = False) -> None:
        self.pages[-1].pieces.append(Text(x, y, text, size, ink, strong))

    def _rule(self, y: float) -> None:
        self.pages[-1].pieces.append(Rule(QRectF(_SIDE, y, _INNER, 0.6)))


def pages(sheet: Sheet, zone: tzinfo, notes: str = "", signed: Signed | None = None) -> list[Page]:
    """Lay the sheet out, with the notes to the next shift and who signed it."""
    head = title(sheet, zone)
    foot = f"{head} · {formats.zone_name(sheet.as_of, zone)}"
    if signed is not None:
        words = _("signed by {person}, {time}")
        foot += " · " + words.format(person=signed.signed_by, time=formats.instant(signed.signed_at, zone))
    setter = _Setter(head, foot)
    setter.paragraph(head, "title", strong=True)
    setter.y += 4
    for line in summary(sheet, zone):
        setter.paragraph(line)
    if notes.strip():
        setter.y += 8
        setter.paragraph(_("Notes for the next shift"), "heading", strong=True)
        setter.paragraph(notes.strip())
    for section in sections(sheet, zone):
        setter.section(section)
    _signatures(setter, signed, zone)
    setter.number()
    return setter.pages


def draw(painter: QPainter, page: Page) -> None:
    """Draw a page; the painter's unit is the paper's pixel."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing, on=True)
    fonts: dict[tuple[str, bool], QFont] = {}
    for piece in page.pieces:
        if isinstance(piece, Rule):
            painter.fillRect(piece.box, QColor(_INKS[piece.ink]))
            continue
        key = piece.size, piece.strong
        if key not in fonts:
            fonts[key] = font(piece.size, strong=piece.strong)
        painter.save()
        painter.translate(piece.x, piece.y)
        painter.scale(1 / _FINE, 1 / _FINE)
        painter.setFont(fonts[key])
        painter.setPen(QPen(QColor(_INKS[piece.ink])))
        painter.drawText(QPointF(0, 0), piece.text)
        painter.restore()


def write_pdf(file: Path, sheet: Sheet, zone: tzinfo, notes: str = "", signed: Signed | None = None) -> int:
    """Write the sheet into a PDF file with its fonts in it; returns how many pages it has.

    Raises SetupError where the file cannot be written; whole or not at all: it is written beside its place first.
    """
    laid = pages(sheet, zone, notes, signed)
    part = file.with_name(f"{file.name}.part")
    try:
        part.touch()
    except OSError as error:
        raise _unwritable(file) from error
    writer = QPdfWriter(str(part))
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setResolution(_PDF_DPI)
    writer.setTitle(title(sheet, zone))
    writer.setCreator("Supervisor Console")
    painter = QPainter()
    if not painter.begin(writer):
        raise _unwritable(file)
    try:
        painter.scale(_PDF_DPI / 96, _PDF_DPI / 96)
        for place, page in enumerate(laid):
            if place:
                writer.newPage()
            draw(painter, page)
    finally:
        painter.end()
    try:
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _unwritable(file) from error
    return len(laid)


def _unwritable(file: Path) -> SetupError:
    return SetupError(_("{file} cannot be written.").format(file=file), _("Choose another folder."))


def _spans(columns: Sequence[Column]) -> list[tuple[float, float]]:
    """Left end and width of each column."""
    whole = sum(column.share for column in columns)
    room = _INNER - _GAP * (len(columns) - 1)
    spans, x = [], _SIDE
    for column in columns:
        width = room * column.share / whole
        spans.append((x, width))
        x += width + _GAP
    return spans


def _lines(cell: str, width: float) -> list[tuple[str, str]]:
    """The lines of a cell and their ink: what follows the first paragraph is quieter."""
    return [
        (line, "muted" if place else "text")
        for place, paragraph in enumerate(cell.split("\n"))
        for line in wrapped(paragraph, width)
    ]


def _signatures(setter: _Setter, signed: Signed | None, zone: tzinfo) -> None:
    if setter.room < 84:
        setter.turn()
    setter.y += 46
    page = setter.pages[-1]
    given = _("Handed over by")
    if signed is not None:
        given = _("Handed over by {person}, {time}").format(
            person=signed.signed_by, time=formats.instant(signed.signed_at, zone)
        )
    for x, words in ((_SIDE, given), (_SIDE + _INNER / 2 + 10, _("Taken over by"))):
        page.pieces.append(Rule(QRectF(x, setter.y, _INNER / 2 - 10, 0.8), "muted"))
        page.pieces.append(Text(x, setter.y + 14, words, "small", "muted"))
    setter.y += 20
