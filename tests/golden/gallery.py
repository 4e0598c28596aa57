"""Every widget in its states on one sheet, with made-up figures that look like a real morning."""

from __future__ import annotations

import math
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.clock import DAY, HOUR
from console.i18n import _
from console.views import theme
from console.views.theme import State
from console.views.widgets.banner import Banner
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.chips import FilterChip
from console.views.widgets.empty import EmptyState
from console.views.widgets.evidence import Evidence, EvidencePopover
from console.views.widgets.labels import StateMark, label
from console.views.widgets.options import Option
from console.views.widgets.progress import ProgressStrip
from console.views.widgets.search import SearchField
from console.views.widgets.segmented import SegmentedControl
from console.views.widgets.sparkline import Sparkline
from console.views.widgets.tile import Tile, TileFace
from console.views.widgets.time_slider import TimeSlider
from console.views.widgets.toast import Toast

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = 1_795_312_800_000_000

WORDS = {
    "en": {
        "waiting": "customers wait for us",
        "oldest": "oldest wait",
        "breach": "breach in 5 min",
        "breached": "over their limit",
        "level": "answered within 60 s",
        "frt": "median first response",
        "agents": "agents available",
        "quiet": "abandoned today",
        "sub_wait": "12 unassigned · 3 VIP",
        "sub_old": "WeChat · T-20418",
        "sub_level": "412 of 455 · target 90 %",
        "sub_breach": "2 complaints",
        "banner": "Events are not being stored: the disk is full. 1 204 events wait in the spool.",
        "do": "Free space…",
        "note": "WhatsApp has been silent for 6 min; its figures are grey.",
        "toast": "Moved 4 tickets to Li Na",
        "undo": "Undo",
        "search": "Search tickets, customers, agents",
        "channel": "Channel",
        "agent": "Agent",
        "type": "Inquiry type",
        "empty": "No ticket matches these filters",
        "empty_help": "6 filters are on. 1 284 tickets are open in all.",
        "reset": "Reset filters",
        "import": "Importing helpdesk.csv",
        "seg": ("Open", "Waiting", "All"),
        "save": "Save view",
        "cancel": "Cancel",
        "export": "Export…",
        "title": "37 customers wait for us",
        "define": "Open tickets whose last customer message nobody has answered, or that no agent ever answered.",
        "parts": (("Unanswered message", "31"), ("Never answered", "6"), ("Open in all", "1 284")),
        "example": "where is my refund? 12 min",
        "channels": ("Web chat", "App chat", "WhatsApp", "WeChat", "Phone", "Email"),
    },
    "zh_CN": {
        "waiting": "位客户在等我们",
        "oldest": "最长等待",
        "breach": "5 分钟内将超时",
        "breached": "已超时",
        "level": "60 秒内应答",
        "frt": "首响时长中位数",
        "agents": "名客服空闲",
        "quiet": "今日放弃",
        "sub_wait": "12 未分配 · 3 VIP",
        "sub_old": "微信 · T-20418",
        "sub_level": "412 / 455 · 目标 90 %",
        "sub_breach": "其中 2 单投诉",
        "banner": "事件未能入库：磁盘已满，1 204 条事件暂存在缓冲文件中。",
        "do": "清理空间…",
        "note": "WhatsApp 已 6 分钟没有数据，相关数字已置灰。",
        "toast": "已将 4 个工单转给李娜",
        "undo": "撤销",
        "search": "搜索工单、客户、客服",
        "channel": "渠道",
        "agent": "客服",
        "type": "咨询类型",
        "empty": "没有符合筛选条件的工单",
        "empty_help": "已启用 6 个筛选条件，当前共有 1 284 个未结工单。",
        "reset": "重置筛选",
        "import": "正在导入 helpdesk.csv",
        "seg": ("未结", "等待中", "全部"),
        "save": "保存视图",
        "cancel": "取消",
        "export": "导出…",
        "title": "37 位客户在等我们",
        "define": "最后一条客户消息尚未回复，或从未有客服回复过的未结工单。",
        "parts": (("消息未回复", "31"), ("从未回复", "6"), ("未结工单总数", "1 284")),
        "example": "退款什么时候到账？12 分钟",
        "channels": ("网页聊天", "应用内聊天", "WhatsApp", "微信", "电话", "邮件"),
    },
}


def gallery(language: str) -> QWidget:
    """The sheet; the caller sizes, shows and grabs it."""
    words = WORDS[language]
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, theme.px(12))
    column.setSpacing(theme.px(8))
    for text, state, action in ((words["banner"], State.DANGER, words["do"]), (words["note"], State.WARNING, "")):
        banner = Banner()
        banner.show_message(text, state, action, dismissible=not action)
        column.addWidget(banner)
    body = QVBoxLayout()
    body.setContentsMargins(theme.px(12), 0, theme.px(12), 0)
    body.setSpacing(theme.px(12))
    column.addLayout(body, 1)
    body.addLayout(_tiles(words))
    body.addLayout(_controls(words))
    strip = ProgressStrip()
    strip.start(words["import"])
    strip.set_progress(412_000, 1_000_000)
    body.addWidget(strip)
    slider = TimeSlider(SHANGHAI)
    slider.set_span(NOW - 8 * 7 * DAY, NOW)
    slider.set_load([3 + math.sin(n / 3) * 2 + n % 7 for n in range(160)])
    slider.set_instant(NOW - 12 * DAY - 3 * HOUR)
    body.addWidget(slider)
    lower = QHBoxLayout()
    lower.addWidget(EmptyState("list-search", words["empty"], words["empty_help"], words["reset"]), 1)
    lower.addWidget(_states(), 1)
    body.addLayout(lower, 1)
    page.toast = Toast(page)
    page.toast.tell(words["toast"], State.OK, words["undo"], lambda: None)
    return page


def open_evidence(page: QWidget, language: str) -> None:
    """Open the evidence of the first tile, as a press would."""
    words = WORDS[language]
    shown = EvidencePopover(
        page,
        Evidence(
            words["title"],
            words["define"],
            words["parts"],
            "2026-11-22 10:00",
            (("T-20418", words["example"]), ("T-20377", words["example"])),
            37,
        ),
    )
    shown.open_beside(page.findChildren(Tile)[0])


def _tiles(words: dict) -> QGridLayout:
    trend = [math.sin(n / 4) + n / 9 for n in range(24)]
    faces = (
        TileFace("37", words["waiting"], words["sub_wait"], trend=trend),
        TileFace("12:48", words["oldest"], words["sub_old"], state=State.WARNING),
        TileFace("3", words["breach"], words["sub_breach"], state=State.DANGER, trend=trend),
        TileFace("9", words["breached"], state=State.DANGER),
        TileFace("91", words["level"], words["sub_level"], "%", State.OK, trend[::-1]),
        TileFace("48", words["frt"], "p90 2:10", "s", trend=trend),
        TileFace("14", words["agents"], "61 · 8", state=State.PAUSED),
        TileFace("1 284", words["quiet"], "", stale="6 min"),
    )
    grid = QGridLayout()
    grid.setSpacing(theme.px(8))
    for place, face in enumerate(faces):
        grid.addWidget(Tile(face), 0, place)
    return grid


def _controls(words: dict) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.px(8))
    search = SearchField(words["search"])
    search.setMinimumWidth(theme.px(240))
    row.addWidget(search)
    for name, chosen in ((words["channel"], (2, 3)), (words["agent"], ()), (words["type"], (1,))):
        chip = FilterChip(name)
        chip.set_options(Option(key, text, str(40 - key)) for key, text in enumerate(words["channels"]))
        chip.set_keys(chosen)
        row.addWidget(chip)
    row.addWidget(SegmentedControl("view", [(text, text) for text in words["seg"]]))
    row.addStretch(1)
    for icon in ("columns", "copy", "dots-vertical"):
        row.addWidget(IconButton(icon, icon))
    row.addWidget(button(words["export"]))
    disabled = button(words["cancel"])
    disabled.setEnabled(False)
    row.addWidget(disabled)
    row.addWidget(button(words["save"], "primary"))
    return row


def _states() -> QWidget:
    card = QWidget()
    grid = QGridLayout(card)
    for place, state in enumerate(State):
        grid.addWidget(StateMark(state), place, 0, Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(label(_(state.word)), place, 1)
        grid.addWidget(label(state.name.lower(), "small"), place, 2)
        line = Sparkline()
        line.set_values([math.sin(n * (place + 1) / 9) for n in range(40)], "", state.ink)
        grid.addWidget(line, place, 3)
    grid.setColumnStretch(3, 1)
    return card
