"""``console policy``: check tells every mistake with its place, show tells every figure and who said it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from console.models.policy import policy
from console.models.policy.schema import KEYS
from tests.cli.run import PROJECT, console, here

GOOD = '[first_response.channel]\nemail = "12 h"\n'
WRONG = '[first_response.channel]\nemial = "12 h"\nphone = 20 s\n\n[complaints]\nplan_within = "soon"\n'


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_right_file_ends_with_0(tmp_path: Path) -> None:
    ended = console("policy", "check", write(tmp_path / "site.toml", GOOD))
    assert ended.out == "The policy is right.\n"


def test_a_wrong_file_ends_with_1_and_tells_all(tmp_path: Path) -> None:
    file = write(tmp_path / "site.toml", WRONG)
    ended = console("policy", "check", file, code=1)
    lines = ended.out.splitlines()
    assert [line.split(": ")[0] for line in lines[:-1]] == [f"{file}:2:1", f"{file}:3:12", f"{file}:6:15"]
    assert "first_response.channel.emial: there is no such key. Did you mean first_response.channel.email?" in lines[0]
    assert lines[-1] == "3 problems."


def test_the_problems_as_data(tmp_path: Path) -> None:
    file = write(tmp_path / "site.toml", WRONG)
    data = here("policy", "check", file, "--json", code=1).data
    assert (data["file"], data["ok"]) == (str(file), False)
    last = data["problems"][-1]
    assert (last["line"], last["column"], last["key"]) == (6, 15, "complaints.plan_within")
    assert last["what"] == "'soon' is not a duration"
    assert '"90 s"' in last["write"]
    assert here("policy", "check", write(tmp_path / "good.toml", GOOD), "--json").data == {
        "file": str(tmp_path / "good.toml"),
        "ok": True,
        "problems": [],
    }


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert "is not a file" in here("policy", "check", tmp_path / "none.toml", code=2).err
    assert "policy --help" in here("policy", code=2).err


def test_show_tells_every_figure_and_who_said_it(tmp_path: Path) -> None:
    write(tmp_path / "policy.toml", GOOD)
    data = here("policy", "show", "--data-dir", tmp_path, "--json").data
    assert (data["source"], data["problems"]) == ("site", [])
    assert [value["key"] for value in data["values"]] == [key.path for key in KEYS]
    of = {value["key"]: value for value in data["values"]}
    assert of["first_response.channel.email"] == {
        "key": "first_response.channel.email",
        "value": "12 h",
        "unit": "duration",
        "seconds": 43_200.0,
        "rule": "R-FRT-CHANNEL",
        "source": "site",
        "file": str(tmp_path / "policy.toml"),
        "line": 2,
    }
    assert {value["source"] for key, value in of.items() if key != "first_response.channel.email"} == {"default"}
    assert (of["resolution.priority.urgent"]["value"], of["resolution.priority.urgent"]["seconds"]) == ("off", None)


def test_what_is_shown_is_a_policy_file(tmp_path: Path) -> None:
    write(tmp_path / "policy.toml", GOOD)
    shown = write(tmp_path / "shown.toml", here("policy", "show", "--data-dir", tmp_path).out)
    assert policy.same(policy.load(shown), policy.load_site(tmp_path).policy)
    assert here("policy", "check", shown).code == 0


def test_show_of_a_wrong_file_says_what_holds_instead(tmp_path: Path) -> None:
    write(tmp_path / "policy.toml", GOOD)
    here("policy", "show", "--data-dir", tmp_path)
    write(tmp_path / "policy.toml", WRONG)
    data = here("policy", "show", "--data-dir", tmp_path, "--json", code=1).data
    assert data["source"] == "last_good"
    assert [problem["line"] for problem in data["problems"]] == [2, 3, 6]
    (email,) = [value for value in data["values"] if value["key"] == "first_response.channel.email"]
    assert (email["value"], email["source"]) == ("12 h", "site")
    assert "last_good" in here("policy", "show", "--data-dir", tmp_path, code=1).err


def test_the_command_line_stays_light() -> None:
    heavy = "print([name for name in ('numpy', 'sqlalchemy', 'PySide6') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, console.cli.policy; {heavy}"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
