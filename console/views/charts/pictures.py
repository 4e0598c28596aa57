"""Charts as files: a picture as PNG or SVG of all of it, scrolled or not, and its figures as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from console.i18n import _
from console.models.domain.ports import Progress
from console.models.queries.export import ExportError, export
from console.views import theme

KINDS = (".png", ".svg", ".csv")
_RATIO = 2
_DOTS_PER_INCH = 96
"""What SVG means by a pixel."""
_LONGEST = 32_000
"""Qt's painter draws nothing beyond this many pixels."""


class Table(NamedTuple):
    """What a chart shows, as words and numbers under headers."""

    headers: Sequence[str]
    rows: Sequence[Sequence[object]]


class Chart(Protocol):
    """What can be written to a file."""

    def picture_size(self) -> QSize:
        """The size of all of it, in pixels."""
        ...

    def draw_picture(self, painter: QPainter) -> None:
        """Draw all of it, without what is hovered, selected or focused."""
        ...

    def table(self) -> Table:
        """The figures that it shows."""
        ...


def save(chart: Chart, path: Path) -> None:
    """Write the chart as the name ends, see `KINDS`; as PNG where it ends otherwise.

    The file appears only when it is whole. Raises `ExportError` where it cannot be written.
    """
    kind = path.suffix.lower()
    if kind == ".csv":
        table = chart.table()
        export(path, table.headers, table.rows, len(table.rows), Progress())
        return
    draft = path.with_name(f".{path.name}.part")
    try:
        if not (_write_svg if kind == ".svg" else _write_png)(chart, draft):
            raise _not_written(path)
        draft.replace(path)
    except OSError as error:
        raise _not_written(path) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _write_png(chart: Chart, path: Path) -> bool:
    size = chart.picture_size()
    ratio = _RATIO if max(size.width(), size.height()) * _RATIO <= _LONGEST else 1
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(theme.color("raised")))
    with QPainter(image) as painter:
        chart.draw_picture(painter)
    return bool(image.save(str(path), "PNG"))  # type: ignore[call-overload]  # the stub asks for bytes, Qt for text


def _write_svg(chart: Chart, path: Path) -> bool:
    # pyqtgraph 0.14 has an exporter of its own, which fails on Qt 6.11.
    size = chart.picture_size()
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setResolution(_DOTS_PER_INCH)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    painter = QPainter()
    if not painter.begin(generator):
        return False
    painter.fillRect(0, 0, size.width(), size.height(), theme.color("raised"))
    chart.draw_picture(painter)
    return painter.end()


def _not_written(path: Path) -> ExportError:
    return ExportError(
        _("{path} could not be written.").format(path=path),
        _("Choose another folder, or close the program that has the file open."),
    )
