"""The table of the trail: rows of one height, columns that fit, a shape before what was refused."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from console.i18n import _
from console.views import theme
from console.views.screens.audit.trail_model import COLUMNS, TrailModel

_SHAPE = 10


class StateDelegate(QStyledItemDelegate):
    """Draws the shape of a cell's state before its words."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """The shape as the cell's picture."""
        super().initStyleOption(option, index)
        state = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(state, theme.State):
            side = theme.px(_SHAPE)
            picture = QPixmap(side, side)
            picture.fill(Qt.GlobalColor.transparent)
            with QPainter(picture) as painter:
                theme.draw(painter, QRectF(0.5, 0.5, side - 1, side - 1), state)
            option.icon = QIcon(picture)
            option.decorationSize = picture.size()
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration


class PlainTable(QTableView):
    """A table as the console's other tables look, for models that are read seldom."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setProperty("kind", "plain")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(1)

    def fit(self, widths: tuple[int, ...]) -> None:
        """Give the columns these widths at the scale in force; 0 takes the rest."""
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(theme.px(theme.ROW_HEIGHT))
        header = self.horizontalHeader()
        header.setFixedHeight(theme.px(24))
        for place, width in enumerate(widths):
            if width:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
                header.resizeSection(place, theme.px(width))
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)


class TrailTable(PlainTable):
    """The trail's own columns."""

    def __init__(self, model: TrailModel) -> None:
        super().__init__(_("Audit trail"))
        self.setModel(model)
        self.setItemDelegate(StateDelegate(self))
        self._fit_columns()
        theme.notifier().changed.connect(self._fit_columns)

    def _fit_columns(self) -> None:
        self.fit(tuple(column.width for column in COLUMNS))
