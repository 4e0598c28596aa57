"""Who may do what: the roles, the actions, and the one table that joins them.

The values of the enumerations are stored in the database and in the audit trail: they never change their meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from console.i18n import N_, _


class AccountRole(Enum):
    """What a person is in this console; one person may have several. Not the `contacts.Role` of an event's actor."""

    VIEWER = "viewer"
    SUPERVISOR = "supervisor"
    PLANNER = "planner"
    INCIDENT_LEAD = "incident_lead"
    COACH = "coach"
    ADMIN = "admin"


class Action(Enum):
    """Everything that a person can ask for. A new one needs a line in `PERMITTED`; without it nobody may do it."""

    BOARD_VIEW = "board.view"
    EXPORT = "export"
    TICKET_ASSIGN = "ticket.assign"
    TICKET_CHANGE = "ticket.change"
    TICKET_CLASSIFY = "ticket.classify"
    TICKET_NOTE = "ticket.note"
    TICKET_ROUTE = "ticket.route"
    AGENT_STATE = "agent.state"
    AGENT_QUEUES = "agent.queues"
    AGENT_BREAK = "agent.break"
    ESCALATION_RAISE = "escalation.raise"
    ESCALATION_ACKNOWLEDGE = "escalation.acknowledge"
    ESCALATION_NOTE = "escalation.note"
    ESCALATION_SNOOZE = "escalation.snooze"
    ESCALATION_RETURN = "escalation.return"
    ESCALATION_HAND_OVER = "escalation.hand_over"
    ESCALATION_MERGE = "escalation.merge"
    ESCALATION_RESOLVE = "escalation.resolve"
    ESCALATION_REOPEN = "escalation.reopen"
    ESCALATION_CLOSE = "escalation.close"
    ESCALATION_TIMER = "escalation.timer"
    COMPENSATION_PROPOSE = "compensation.propose"
    COMPENSATION_APPROVE = "compensation.approve"
    COMPENSATION_DECLINE = "compensation.decline"
    COMPENSATION_WITHDRAW = "compensation.withdraw"
    FOLLOW_UP_CLOSE = "follow_up.close"
    HAND_OVER_SIGN = "hand_over.sign"
    SHIFT_END = "shift.end"
    POLICY_EDIT = "policy.edit"
    ACCOUNTS_VIEW = "accounts.view"
    ACCOUNTS_MANAGE = "accounts.manage"
    PASSPHRASE_SET = "accounts.passphrase"
    SIGN_IN = "sign_in"
    AUDIT_VIEW = "audit.view"
    AUDIT_ANCHOR = "audit.anchor"


_V, _S, _P, _L, _C, _A = AccountRole
_ALL = tuple(AccountRole)
_DESK = (_S, _L, _A)

PERMITTED: Mapping[Action, tuple[AccountRole, ...]] = {
    Action.BOARD_VIEW: _ALL,
    Action.EXPORT: (_S, _P, _L, _C, _A),
    Action.TICKET_ASSIGN: _DESK,
    Action.TICKET_CHANGE: _DESK,
    Action.TICKET_CLASSIFY: (_S, _L, _C, _A),
    Action.TICKET_NOTE: (_S, _L, _C, _A),
    # By the rules: the console alone, never a person.
    Action.TICKET_ROUTE: (),
    Action.AGENT_STATE: _DESK,
    Action.AGENT_QUEUES: _DESK,
    Action.AGENT_BREAK: _DESK,
    Action.ESCALATION_RAISE: (_S, _P, _L, _C, _A),
    Action.ESCALATION_ACKNOWLEDGE: _DESK,
    Action.ESCALATION_NOTE: (_S, _L, _C, _A),
    Action.ESCALATION_SNOOZE: _DESK,
    Action.ESCALATION_RETURN: _DESK,
    Action.ESCALATION_HAND_OVER: _DESK,
    Action.ESCALATION_MERGE: _DESK,
    Action.ESCALATION_RESOLVE: _DESK,
    Action.ESCALATION_REOPEN: _DESK,
    Action.ESCALATION_CLOSE: _DESK,
    # A due time that passed: the console alone, never a person.
    Action.ESCALATION_TIMER: (),
    Action.COMPENSATION_PROPOSE: (_S, _L, _C, _A),
    Action.COMPENSATION_APPROVE: _DESK,
    Action.COMPENSATION_DECLINE: _DESK,
    Action.COMPENSATION_WITHDRAW: _DESK,
    Action.FOLLOW_UP_CLOSE: (_S, _L, _C, _A),
    Action.HAND_OVER_SIGN: _DESK,
    Action.SHIFT_END: _DESK,
    Action.POLICY_EDIT: (_A,),
    Action.ACCOUNTS_VIEW: _ALL,
    Action.ACCOUNTS_MANAGE: (_A,),
    Action.PASSPHRASE_SET: (_A,),
    Action.SIGN_IN: _ALL,
    Action.AUDIT_VIEW: (_S, _L, _A),
    Action.AUDIT_ANCHOR: (_A,),
}
"""Who may do what. What is not here, nobody may do."""

FOUR_EYES = frozenset({Action.COMPENSATION_APPROVE})
"""These need a second person: the target's author may not do them, whatever roles that person has. An unknown author
is refused too, because nobody could then tell."""

OWN = frozenset({Action.PASSPHRASE_SET, Action.COMPENSATION_WITHDRAW})
"""These everybody may do to what is their own."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who signed in: the account's name and its roles (one without any is a viewer)."""

    name: str
    roles: frozenset[AccountRole] = frozenset()

    @property
    def standing(self) -> frozenset[AccountRole]:
        """The roles with what everybody is."""
        return self.roles | {AccountRole.VIEWER}


@dataclass(frozen=True, slots=True)
class Target:
    """What an action is done to: its kind (``ticket``, ``escalation``, ``account`` …), its id, and who authored it."""

    kind: str
    id: str
    author: str = ""


class Refusal(Enum):
    """Why an action is refused; the values stand in the audit trail as the row's reason."""

    NOBODY = "nobody"
    NOT_PERMITTED = "not_permitted"
    OWN_PROPOSAL = "own_proposal"
    UNKNOWN_AUTHOR = "unknown_author"
    LAST_ADMIN = "last_admin"
    NO_SUCH_ACCOUNT = "no_such_account"
    WRONG_PASSPHRASE = "wrong_passphrase"
    LOCKED_OUT = "locked_out"
    ILLEGAL = "illegal"
    NO_SUCH_ENTRY = "no_such_entry"
    NO_SUCH_TICKET = "no_such_ticket"
    NO_SUCH_AGENT = "no_such_agent"
    NO_SUCH_QUEUE = "no_such_queue"
    NO_SUCH_CALL_BACK = "no_such_call_back"
    NO_SUCH_BREAK = "no_such_break"
    NOT_A_TAKER = "not_a_taker"
    OWN_SUCCESSOR = "own_successor"
    NOT_OWN = "not_own"
    OWNER_CHANGED = "owner_changed"
    NOTHING_SAID = "nothing_said"
    TIME_PAST = "time_past"

    @property
    def sentence(self) -> str:
        """The reason for people, in the language in use."""
        return _(_SENTENCES[self])


_SENTENCES: Mapping[Refusal, str] = {
    Refusal.NOBODY: N_("Nobody is signed in."),
    Refusal.NOT_PERMITTED: N_("Your roles do not permit this."),
    Refusal.OWN_PROPOSAL: N_("Nobody approves what they proposed themselves."),
    Refusal.UNKNOWN_AUTHOR: N_("It is not known who proposed this, so nobody can approve it."),
    Refusal.LAST_ADMIN: N_("The console needs at least one administrator."),
    Refusal.NO_SUCH_ACCOUNT: N_("There is no such account."),
    Refusal.WRONG_PASSPHRASE: N_("The account or the passphrase is wrong."),
    Refusal.LOCKED_OUT: N_("The account is locked after repeated wrong passphrases."),
    Refusal.ILLEGAL: N_("This is not possible in the present state."),
    Refusal.NO_SUCH_ENTRY: N_("There is no such escalation."),
    Refusal.NO_SUCH_TICKET: N_("There is no such ticket."),
    Refusal.NO_SUCH_AGENT: N_("There is no agent of this name."),
    Refusal.NO_SUCH_QUEUE: N_("There is no queue of this name."),
    Refusal.NO_SUCH_CALL_BACK: N_("This call back is not open any more."),
    Refusal.NO_SUCH_BREAK: N_("This request for a break is not open any more."),
    Refusal.NOT_A_TAKER: N_("The roles of this person do not permit to take escalations."),
    Refusal.OWN_SUCCESSOR: N_("Nobody takes over from themselves."),
    Refusal.OWNER_CHANGED: N_("Some of these tickets have another owner by now. Ask for the proposal again."),
    Refusal.NOT_OWN: N_("Only who did this can undo it."),
    Refusal.NOTHING_SAID: N_("There is nothing to be done: say what."),
    Refusal.TIME_PAST: N_("This time is past."),
}

ROLE_WORDS: Mapping[AccountRole, str] = {
    AccountRole.VIEWER: N_("Viewer"),
    AccountRole.SUPERVISOR: N_("Supervisor"),
    AccountRole.PLANNER: N_("Planner"),
    AccountRole.INCIDENT_LEAD: N_("Incident lead"),
    AccountRole.COACH: N_("Coach"),
    AccountRole.ADMIN: N_("Administrator"),
}
"""What people read for each role; English sources of the catalogue."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an action may be done: by virtue of which role, or why not."""

    role: AccountRole | None = None
    refusal: Refusal | None = None

    @property
    def allowed(self) -> bool:
        """Whether it may be done."""
        return self.refusal is None

    @property
    def reason(self) -> str:
        """Why not, for people; empty when it is allowed."""
        return "" if self.refusal is None else self.refusal.sentence


def same_person(one: str, other: str) -> bool:
    """Whether two account names mean one person: capitals and blanks around do not make another."""
    return one.strip().casefold() == other.strip().casefold()
