"""The policy of a data directory: a wrong file is told, and the last good one holds."""

from __future__ import annotations

from pathlib import Path

from console.clock import HOUR
from console.models.domain.clock_targets import ClockName, Traits
from console.models.domain.contacts import Channel
from console.models.policy import policy
from console.models.policy.policy import LAST_GOOD_FILE, SITE_FILE, Source

GOOD = '[first_response.channel]\nemail = "12 h"\n'
WRONG = '[first_response.channel]\nemail = "12 hours"\n'


def write(folder: Path, text: str | bytes) -> None:
    (folder / SITE_FILE).write_bytes(text if isinstance(text, bytes) else text.encode())


def email(told: policy.LoadedPolicy) -> int:
    rule = told.policy.targets.choose(ClockName.FIRST_RESPONSE, Traits(channel=Channel.EMAIL))
    assert rule is not None
    return rule.target


def test_without_a_file_the_shipped_policy_holds(tmp_path: Path) -> None:
    told = policy.load_site(tmp_path / "nowhere")
    assert (told.source, told.problems) == (Source.DEFAULT, ())
    assert policy.same(told.policy, policy.default())
    assert not list(tmp_path.iterdir())


def test_a_good_file_holds_and_is_kept(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    told = policy.load_site(tmp_path)
    assert (told.source, email(told)) == (Source.SITE, 12 * HOUR)
    assert (tmp_path / LAST_GOOD_FILE).read_text() == GOOD
    assert sorted(path.name for path in tmp_path.iterdir()) == [LAST_GOOD_FILE, SITE_FILE]


def test_a_wrong_file_leaves_the_last_good_one_in_force(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    policy.load_site(tmp_path)
    write(tmp_path, WRONG)
    told = policy.load_site(tmp_path)
    assert (told.source, email(told)) == (Source.LAST_GOOD, 12 * HOUR)
    (problem,) = told.problems
    assert (problem.file, problem.line, problem.column) == (str(tmp_path / SITE_FILE), 2, 9)
    assert (problem.key, problem.what) == ("first_response.channel.email", "'12 hours' is not a duration")
    assert (tmp_path / LAST_GOOD_FILE).read_text() == GOOD


def test_a_wrong_file_that_never_was_good_leaves_the_shipped_policy(tmp_path: Path) -> None:
    write(tmp_path, WRONG)
    told = policy.load_site(tmp_path)
    assert (told.source, email(told), len(told.problems)) == (Source.DEFAULT, 24 * HOUR, 1)
    assert not (tmp_path / LAST_GOOD_FILE).exists()


def test_a_last_good_copy_that_has_gone_bad_is_not_used(tmp_path: Path) -> None:
    write(tmp_path, WRONG)
    (tmp_path / LAST_GOOD_FILE).write_text("[nothing]\nis = 1\n")
    told = policy.load_site(tmp_path)
    assert told.source is Source.DEFAULT
    assert {problem.file for problem in told.problems} == {str(tmp_path / SITE_FILE)}


def test_a_copy_that_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / LAST_GOOD_FILE).mkdir()
    told = policy.load_site(tmp_path)
    assert (told.source, email(told)) == (Source.SITE, 12 * HOUR)
    assert sorted(path.name for path in tmp_path.iterdir()) == [LAST_GOOD_FILE, SITE_FILE]


def test_a_mark_before_the_text_and_foreign_line_ends_are_read(tmp_path: Path) -> None:
    write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert policy.load_site(tmp_path).source is Source.SITE


def test_a_file_in_another_encoding_is_told_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, "# 客服\n".encode() + '[escalation]\nchain = ["主管"]\n'.encode("gbk"))
    (problem,) = policy.load_site(tmp_path).problems
    assert (problem.line, problem.column, problem.what) == (3, 11, "the text is not in UTF-8")


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / SITE_FILE).mkdir()
    (problem,) = policy.load_site(tmp_path).problems
    assert "cannot be read" in problem.what


def test_a_site_has_its_own_table_of_holidays(tmp_path: Path) -> None:
    write(tmp_path, '[calendar]\nholidays = "ours.toml"\n')
    (problem,) = policy.load_site(tmp_path).problems
    assert (problem.key, problem.line, problem.column) == ("calendar.holidays", 2, 12)
    (tmp_path / "ours.toml").write_text("[2026]\noff = [2026-10-01]\n")
    told = policy.load_site(tmp_path)
    assert told.source is Source.SITE
    assert told.policy.targets.calendar.holidays is not None
    assert told.policy.targets.calendar.holidays.years == {2026}
