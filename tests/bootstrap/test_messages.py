"""When the machine does not allow it: one message with the remedy, exit code 3, never a traceback."""

from __future__ import annotations

import ast
import errno
import subprocess
import sys
from types import ModuleType

import pytest

from tests.bootstrap.conftest import PROJECT, Checkout

AS_OLD_PYTHON = """
import sys
sys.version_info = (3, 8, 10, "final", 0)
import dev
sys.exit(dev.main(["run"]))
"""


def test_an_old_python_can_read_the_file() -> None:
    ast.parse((PROJECT / "dev.py").read_text(), feature_version=(3, 7))


def test_an_unsupported_python_is_told_what_to_install(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(checkout.root))
    told = subprocess.run(
        [sys.executable, "-c", AS_OLD_PYTHON], cwd=checkout.root, capture_output=True, text=True, check=False
    )
    assert told.returncode == 3
    assert told.stderr.startswith("dev.py: Python 3.8 is not supported; the console needs 3.11 to 3.14. Install one")
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "WARNING: Retrying ... NewConnectionError('... Name or service not known')",
            "Check the network, or name a mirror",
        ),
        ("HTTPSConnectionPool(host='x', port=443): Max retries exceeded", "Check the network, or name a mirror"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "Check the mirror"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] Max retries", "Set PIP_CERT"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "Free 1 GB"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "glibc 2.34 or newer"),
        ("something new\nERROR: the cat sat on it\n\n", "the cat sat on it"),
    ],
)
def test_pip_s_failures_come_with_a_remedy(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, said: str, told: str
) -> None:
    monkeypatch.setattr(dev, "quietly", lambda command, check: (1, said))
    with pytest.raises(dev.SetupError, match=told):
        dev.pip("install", "-r", "requirements.txt")


def test_a_checkout_that_cannot_be_written_to_says_so(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def read_only(level: str) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(dev, "set_up", read_only)
    monkeypatch.setattr(dev.os, "access", lambda path, mode: False)
    assert dev.main(["run"]) == 3
    assert "cannot be written to. Copy it to a folder of your own" in capsys.readouterr().err


def test_a_full_disk_says_so(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(level: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(dev, "set_up", full)
    assert dev.main(["run"]) == 3
    assert "No space left on device. Check the disk" in capsys.readouterr().err


def test_a_system_without_apt_is_told_what_it_lacks(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    with pytest.raises(dev.SetupError, match=r"libegl1 libgl1\. Install its packages"):
        dev.bring_packages(["libegl1", "libgl1"])


def test_a_failing_apt_names_the_line_for_an_administrator(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    dev.VENV.mkdir()
    monkeypatch.setattr(dev.shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(dev, "environment", lambda: {"PATH": "/nowhere"})
    monkeypatch.setattr(dev, "quietly", lambda *words, **named: (_ for _ in ()).throw(dev.SetupError("apt said no.")))
    with pytest.raises(dev.SetupError, match=r"apt said no\. Check .* apt-get install --no-install-recommends libgl1$"):
        dev.bring_packages(["libgl1"])


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["start"], 2), (["--help"], 0)])
def test_without_a_command_the_usage_is_shown(
    dev: ModuleType, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    assert dev.main(arguments) == code
    assert "python3 dev.py test [--long]" in capsys.readouterr().out
