"""The pages of the hand-over sheet on the screen, below each other and as wide as there is room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from console.views import theme
from console.views.screens.escalations.handover_paper import HEIGHT, WIDTH, Page, Text, draw

_WIDEST = 1.35
"""Of the paper's own size: wider, a line is too long to read."""
_GAP = 12


class Sheets(QWidget):
    """Draws each page once and keeps it as long as its size holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: Sequence[Page] = ()
        self._drawn: dict[int, QPixmap] = {}
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_pages(self, pages: Sequence[Page]) -> None:
        """Show other pages."""
        self._pages = pages
        self._drawn.clear()
        said = (piece.text for page in pages for piece in page.pieces if isinstance(piece, Text))
        # Paper is a picture to a screen reader: its words are told as one text.
        self.setAccessibleDescription("\n".join(said))
        self._fit()

    @property
    def factor(self) -> float:
        """How large the paper is drawn."""
        return min(max(self.width() - 2 * theme.px(_GAP), 200) / WIDTH, _WIDEST * theme.px(100) / 100)

    def box(self, place: int) -> QRectF:
        """Where a page stands."""
        width, height = WIDTH * self.factor, HEIGHT * self.factor
        gap = theme.px(_GAP)
        return QRectF((self.width() - width) / 2, gap + place * (height + gap), width, height)

    def sizeHint(self) -> QSize:
        """As tall as all pages together."""
        return QSize(200, round(self.box(len(self._pages)).top()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width is another size of the paper."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._drawn.clear()
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Only the pages that are in sight."""
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.color("sunken"))
            for place in range(len(self._pages)):
                box = self.box(place)
                if box.intersects(QRectF(event.rect())):
                    painter.drawPixmap(box.topLeft(), self._picture(place))
                    painter.setPen(QPen(theme.color("hairline"), 1))
                    painter.drawRect(box.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _picture(self, place: int) -> QPixmap:
        found = self._drawn.get(place)
        if found is None:
            ratio = self.devicePixelRatioF()
            size = self.box(place).size() * ratio
            found = QPixmap(round(size.width()), round(size.height()))
            found.setDevicePixelRatio(ratio)
            found.fill(QColor(Qt.GlobalColor.white))
            with QPainter(found) as painter:
                painter.scale(self.factor, self.factor)
                draw(painter, self._pages[place])
            self._drawn[place] = found
        return found

    def _fit(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()


class SheetScroll(QScrollArea):
    """The pages in a scrolling well; the keyboard scrolls it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheets = Sheets()
        self.setWidget(self.sheets)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._retheme()
        theme.notifier().changed.connect(self._retheme)

    def changeEvent(self, event: QEvent) -> None:
        """The well keeps its ground when the palette changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.sheets.update()

    def _retheme(self) -> None:
        self.verticalScrollBar().setSingleStep(theme.px(40))
        self.sheets.update()
