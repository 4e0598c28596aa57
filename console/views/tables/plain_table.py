"""A table as the console's other tables look, for models that are read seldom."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from console.views import theme


class PlainTable(QTableView):
    """Whole rows are chosen, one at a time; columns get their widths by `fit`."""

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
