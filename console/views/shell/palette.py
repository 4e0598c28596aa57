"""The command palette: type a few letters of a screen, an action, a ticket or a person, and press Return."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from console.i18n import _
from console.views import theme
from console.views.screen import Offer, OfferProvider
from console.views.shell.fuzzy import holds, score
from console.views.widgets.labels import label
from console.views.widgets.popover import Popover
from console.views.widgets.search import SearchField

_WIDTH = 560
_ROWS = 12
_PER_PROVIDER = 8
_ROW_HEIGHT = 32


class Command(NamedTuple):
    """A screen or an action: what is shown, and the English words that find it in either language."""

    offer: Offer
    source: str


class Palette(Popover):
    """Opens in the upper middle of the window. Commands come from the shell, the rest from providers."""

    def __init__(self, window: QWidget, commands: Sequence[Command], providers: Iterable[OfferProvider]) -> None:
        super().__init__(window, _("Find anything"))
        self._commands = commands
        self._providers = tuple(providers)
        self._field = SearchField(_("Find a screen, an action, a ticket, a person"))
        self._field.textChanged.connect(self._on_words)
        self._field.installEventFilter(self)
        self._rows = _Rows(self)
        self._list = QListView()
        self._list.setModel(self._rows)
        self._list.setItemDelegate(_Line(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(_("Results"))
        self._list.clicked.connect(lambda index: self._run(index.row()))
        self._nothing = label(_("Nothing fits these letters"), "muted")
        self.body.addWidget(self._field)
        self.body.addWidget(self._list)
        self.body.addWidget(self._nothing)
        self._field.setFixedWidth(theme.px(_WIDTH))
        self._on_words("")

    def place(self) -> None:
        """In the middle, a little below the top strip."""
        window = self.parentWidget()
        if window is not None:
            size = self.sizeHint().boundedTo(window.size())
            self.setGeometry((window.width() - size.width()) // 2, theme.px(36), size.width(), size.height())

    def offers(self) -> Sequence[Offer]:
        """What is listed now, best first."""
        return self._rows.offers

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up, Down and Return act on the list while the letters are typed."""
        if watched is self._field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            row = self._list.currentIndex().row()
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None and self._rows.offers:
                target = min(max(row + step, 0), len(self._rows.offers) - 1)
                self._list.setCurrentIndex(self._rows.index(target))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(row)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_now()
                return True
        return super().eventFilter(watched, event)

    def _on_words(self, words: str) -> None:
        ranked: list[tuple[bool, float, int, Offer]] = []
        for command in self._commands:
            lines = (command.offer.title, command.source)
            best = max((fit for fit in (score(words, line) for line in lines) if fit is not None), default=None)
            if best is not None:
                scattered = not any(holds(words, line) for line in lines)
                ranked.append((scattered, -best if words.strip() else 0.0, len(ranked), command.offer))
        ranked.sort(key=lambda row: row[:3])
        found = [row[3] for row in ranked if not row[0]]
        if words.strip():
            for provider in self._providers:
                found.extend(provider.offers(words.strip(), _PER_PROVIDER))
        # Letters that are only scattered over a line come after whatever holds them side by side.
        found.extend(row[3] for row in ranked if row[0])
        self._rows.show(found)
        self._nothing.setVisible(not found)
        self._list.setVisible(bool(found))
        self._list.setFixedSize(theme.px(_WIDTH), min(len(found), _ROWS) * theme.px(_ROW_HEIGHT))
        self.place()
        if found:
            self._list.setCurrentIndex(self._rows.index(0))

    def _run(self, row: int) -> None:
        if 0 <= row < len(self._rows.offers):
            run: Callable[[], None] = self._rows.offers[row].run
            self.close_now()
            run()


_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -_ROWS, Qt.Key.Key_PageDown: _ROWS}
_Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractListModel):
    offers: Sequence[Offer] = ()

    def show(self, offers: Sequence[Offer]) -> None:
        """Replace the lines."""
        self.beginResetModel()
        self.offers = offers
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """How many lines."""
        return 0 if parent is not None and parent.isValid() else len(self.offers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The title for screen readers; the delegate paints the offer itself."""
        if not index.isValid() or index.row() >= len(self.offers):
            return None
        offer = self.offers[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{offer.title}, {offer.hint}" if offer.hint else offer.title
        return offer if role == Qt.ItemDataRole.UserRole else None


class _Line(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One height for all."""
        del option, index
        return QSize(0, theme.px(_ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Icon, title, and the hint at the right."""
        offer: Offer = index.data(Qt.ItemDataRole.UserRole)
        box: QRect = option.rect
        selected = option.state & QStyle.StateFlag.State_Selected
        if selected:
            painter.fillRect(box, theme.color("selection"))
        pad, side = theme.px(8), theme.px(16)
        icon = theme.pixmap(offer.icon or "arrow-right", "text_muted", 16, painter.device().devicePixelRatioF())
        painter.drawPixmap(box.left() + pad, box.top() + (box.height() - side) // 2, icon)
        painter.setFont(theme.font("small"))
        hint_width = painter.fontMetrics().horizontalAdvance(offer.hint)
        painter.setPen(theme.color("text_muted"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box.adjusted(0, 0, -pad, 0), right, offer.hint)
        painter.setFont(theme.font())
        painter.setPen(theme.color("text"))
        words = box.adjusted(2 * pad + side, 0, -hint_width - 2 * pad, 0)
        title = painter.fontMetrics().elidedText(offer.title, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
