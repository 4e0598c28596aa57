#!/usr/bin/env python3
"""Set up, start and check the console from a bare machine. Needs nothing but Python.

    python3 dev.py run [ARGS]                     the console: python -m console ARGS
    python3 dev.py test [--long] [PYTEST ARGS]    style, types, contracts, tests (--long: the full fault rounds too)
    python3 dev.py lock                           write requirements*.txt anew from pyproject.toml

The first start builds .venv from the locked requirements and brings what the machine lacks (pip, Qt's system
libraries): root gets it from apt, an ordinary user gets the packages unpacked into .venv/syslibs. Later starts find
a stamp and go straight on. Exit code 3: the machine does not allow it, and the message says what to do.
"""

# The syntax stays readable for Python 3.6, so that an old Python can be told that it is too old.
import ast
import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 14)
VERSION = sys.version_info[:2]
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
UNFINISHED = VENV / ".unfinished"  # there while a set-up is under way; one found at the start was cut off
SYSLIBS = VENV / "syslibs"  # Debian packages unpacked for a user who may not install them
SETUP_LOG = VENV / "setup.log"
held_for_children = []  # the lock's file: a child that outlives a killed set-up holds the next one back
LOCKS = {"run": ["requirements.txt"], "test": ["requirements.txt", "requirements-dev.txt"]}

# Drivers that dependencies name but that drawing without a graphics card never loads; 180 MB.
UNUSED_PACKAGES = re.compile(r"llvm|mesa|libz3|libgbm|libdrm|libsensors|libpciaccess|vulkan|libelf|libicu|libxml2")

# What pip says when the machine is at fault -> what we say. The first that matches counts.
PIP_FAILURES = {
    r"DO NOT MATCH THE HASHES": "The package index serves other files than the locked ones. "
    "Check the mirror or use another one: PIP_INDEX_URL=https://...",
    r"CERTIFICATE|SSLError": "The package index's certificate is not trusted here. "
    "Set PIP_CERT to the file with your organisation's certificates.",
    r"No space left": "The disk is full. Free 1 GB for .venv and start again.",
    r"NewConnection|ameResolution|name resolution|Max retries|unreachable|timed? ?out|ProxyError|refused": "No package "
    "index can be reached. Check the network, or name a mirror: PIP_INDEX_URL=https://... (or index-url in pip.conf).",
    r"No matching distribution": "A locked package has no file for this machine on this index. The console runs on "
    "Linux with glibc 2.34 or newer (Debian 12, Ubuntu 22.04), Windows and macOS; there, check the index.",
}


class SetupError(Exception):
    """The machine does not allow it; the text says what and the exact remedy."""


def main(arguments):
    """Run one of the three commands and return the exit code."""
    command = arguments[0] if arguments else ""
    if command not in ("run", "test", "lock"):
        print(__doc__.rpartition("\n\n")[0])
        return 0 if command in ("-h", "--help") else 2
    try:
        go_on_with_supported_python()
        set_up("run" if command == "run" else "test")
        if command == "run":
            started_as = subprocess.list2cmdline([Path(sys.executable).name, sys.argv[0], "run"])
            os.environ["SUPERVISOR_CONSOLE_STARTED_AS"] = started_as
            return become([PYTHON, "-P", "-m", "console", *arguments[1:]])
        return test(arguments[1:]) if command == "test" else lock()
    except SetupError as error:
        say(str(error))
    except KeyboardInterrupt:
        say("interrupted; a set-up that was under way starts over next time.")
        return 130
    except OSError as error:
        if os.access(str(ROOT), os.W_OK):
            say(f"{error}. Check the disk and the owner of {ROOT}; `rm -rf {VENV}` makes the set-up start over.")
        else:
            say(f"{ROOT} cannot be written to. Copy it to a folder of your own and start there: cp -r {ROOT} ~/console")
    return 3


def say(text):
    """Tell the user, beside the program's own output."""
    print("dev.py: " + text, file=sys.stderr, flush=True)


def go_on_with_supported_python():
    """Hand over to a supported Python of this machine when the one at work is not; raises SetupError without one."""
    if OLDEST <= VERSION <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other and subprocess.call([other, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(other, [other, str(ROOT / "dev.py"), *sys.argv[1:]])
    raise SetupError(
        f"Python {VERSION[0]}.{VERSION[1]} is not supported; the console needs 3.{OLDEST[1]} to 3.{NEWEST[1]}. "
        f"Install one (Debian 12, Ubuntu 24.04 and newer: apt-get install python3; Ubuntu 22.04: "
        f"apt-get install python3.11 python3-distutils; others: python.org), then: python3.{OLDEST[1]} dev.py ..."
    )


def become(command):
    """Become ``command``; on Windows, which cannot, run it and return its exit code."""
    if os.name == "nt":
        return subprocess.call(command, env=environment())
    sys.stdout.flush()
    return os.execve(command[0], command, environment())


def set_up(level):
    """Make .venv ready for ``level`` ("run" or "test"), and the message catalogues, where they are not."""
    if not is_ready(level):
        with only_one_at_a_time():
            if not is_ready(level):
                build(level)
    build_catalogues()


def build_catalogues():
    """Compile the message catalogues that are newer than their compiled form."""
    for source in ROOT.glob("resources/translations/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            target.write_bytes(compile_catalogue(source.read_text(encoding="utf-8")))


def fingerprint(level):
    """What .venv is built from: Python's version, the place, the locked requirements."""
    digest = hashlib.sha256(f"{VERSION} {ROOT}".encode())
    for name in LOCKS[level]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp(level):
    """The file that holds the fingerprint .venv was built for."""
    return VENV / f".ready-{level}"


def is_ready(level):
    """Whether .venv was built to the end for what is locked now; what can test can run."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    return any(stamp(name).exists() and stamp(name).read_text() == fingerprint(name) for name in {level, "test"})


@contextlib.contextmanager
def only_one_at_a_time():
    """Let one set-up work in this checkout; another waits for it and finds it done."""
    with (ROOT / "dev.py").open() as held:
        if os.name != "nt":
            import fcntl

            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("another set-up is at work here; waiting for it.")
                fcntl.flock(held, fcntl.LOCK_EX)
            held_for_children.append(held.fileno())
        yield


def build(level):
    """Build or complete .venv: the environment, pip, the locked packages, Qt's system libraries, the stamps."""
    began = time.monotonic()
    if UNFINISHED.exists() or (VENV.exists() and not (PYTHON.exists() and venv_version() == VERSION)):
        say("the environment in .venv is unfinished or belongs to another Python; starting over.")
        shutil.rmtree(VENV)
    fresh = not VENV.exists()
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    try:
        if fresh:
            make_environment()
        install_locked_packages(level)
        bring_libraries()
    except SetupError as error:
        if not fresh:
            UNFINISHED.unlink()  # what was there before is as good as it was: without a network it can still run
        raise SetupError(f"{error} (Details: {SETUP_LOG})") from None
    stamp(level).write_text(fingerprint(level))
    UNFINISHED.unlink()
    say(f"set-up done in {time.monotonic() - began:.0f} s.")


def venv_version():
    """Major and minor version of the Python that .venv was made with."""
    configuration = VENV / "pyvenv.cfg"
    text = configuration.read_text(encoding="utf-8") if configuration.exists() else ""
    return tuple(map(int, re.findall(r"(?m)^version\w* *= *(\d+)\.(\d+)", text)[0])) if text else ()


def make_environment():
    """Create .venv with pip in it; where Python comes without pip (Debian), with the pip of Debian's own package."""
    say("making .venv with Python {}.{} ...".format(*VERSION))
    if importlib.util.find_spec("ensurepip"):
        quietly([sys.executable, "-m", "venv", VENV])
        return
    quietly([sys.executable, "-m", "venv", "--without-pip", VENV])
    if not pip_wheels():
        bring_packages(["python3-pip-whl"])
    wheel = pip_wheels()[0]
    quietly([PYTHON, wheel / "pip", "install", "--no-index", wheel])


def pip_wheels():
    """The pip that Debian's package brings: on the system, or unpacked."""
    return [path for root in (Path("/"), SYSLIBS) for path in root.glob("usr/share/python-wheels/pip-*.whl")]


def install_locked_packages(level):
    """Install what is locked for ``level``, and the checkout itself by a path file."""
    say("installing the locked packages (about 120 MB to run, 40 MB more to test) ...")
    files = [part for name in LOCKS[level] for part in ("-r", ROOT / name)]
    pip("install", "--require-hashes", "--only-binary", ":all:", "--no-deps", *files)
    site = VENV / ("Lib/site-packages" if os.name == "nt" else "lib/python{}.{}/site-packages".format(*VERSION))
    (site / "supervisor-console.pth").write_text(f"{ROOT}\n", encoding="utf-8")


def pip(*arguments):
    """Run .venv's pip by the user's own pip configuration; raises SetupError with the remedy when it fails."""
    command = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    code, output = quietly(command, check=False)
    if code == 0:
        return
    for pattern, message in PIP_FAILURES.items():
        if re.search(pattern, output):
            raise SetupError(message)
    raise SetupError(f"pip could not install the requirements: {last_line(output)}")


def quietly(command, check=True, cwd=None):
    """Run ``command``, its output in the set-up log; returns (exit code, output), raises SetupError if ``check``."""
    words = [str(word) for word in command]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(words, cwd=cwd, env=environment(), check=False, pass_fds=held_for_children, **streams)
    output = done.stdout.decode("utf-8", "replace")
    with SETUP_LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(words)}\n{output}\n")
    if check and done.returncode != 0:
        raise SetupError(f"{Path(words[0]).name} failed: {last_line(output)}")
    return done.returncode, output


def last_line(output):
    """The last line that says something."""
    return ([line for line in output.splitlines() if line.strip()] or ["it said nothing."])[-1]


def bring_libraries():
    """Bring the system libraries that Qt needs and the machine lacks; raises SetupError when some stay missing."""
    if sys.platform != "linux":
        return
    ask = [PYTHON, "-P", "-m", "console.preflight"]
    code, packages = quietly([*ask, "--packages"], check=False)
    if code and packages.strip():
        bring_packages(packages.split())
    code, message = quietly(ask, check=False)
    if code:
        raise SetupError(message.strip())


def bring_packages(names):
    """Bring Debian packages: installed for root, unpacked into .venv/syslibs for an ordinary user."""
    listed = " ".join(names)
    if not shutil.which("apt-get"):
        raise SetupError(f"This system lacks what Debian calls {listed}. Install its packages of these.")
    try:
        (install_packages if os.geteuid() == 0 else unpack_packages)(names)
    except SetupError as error:
        remedy = "Check the network and the package sources of apt, or let an administrator run: "
        raise SetupError(f"{error} {remedy}apt-get install --no-install-recommends {listed}") from None


def install_packages(names):
    """Install by apt, as root."""
    say(f"installing by apt-get: {' '.join(names)} ...")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    quietly(["apt-get", "-o", "DPkg::Lock::Timeout=120", "update"])
    quietly(["apt-get", "-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends", *names])


def unpack_packages(names):
    """Download ``names`` and what they need through an apt state of our own, and unpack them into .venv/syslibs."""
    others = f" and {len(names) - 1} other packages" if len(names) > 1 else ""
    say(f"unpacking {names[0]}{others} into .venv/syslibs ...")
    state = VENV / "apt"
    for folder in ("lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    apt = ["apt-get", "-o", f"Dir::State::Lists={state}/lists", "-o", f"Dir::Cache={state}/cache"]
    quietly([*apt, "update"])
    _, plan = quietly([*apt, "install", "--simulate", "--no-install-recommends", *names])
    wanted = [name for name in re.findall(r"(?m)^Inst (\S+)", plan) if not UNUSED_PACKAGES.search(name)]
    quietly([*apt, "download", *wanted], cwd=state)
    for package in state.glob("*.deb"):
        quietly(["dpkg-deb", "-x", package, SYSLIBS])
    shutil.rmtree(state)
    authorities = sorted(SYSLIBS.glob("usr/share/ca-certificates/mozilla/*.crt"))
    if authorities:
        (SYSLIBS / "ca.crt").write_bytes(b"".join(path.read_bytes() for path in authorities))


def environment():
    """The environment of everything started from here: the user's own, and the way to what lies in .venv/syslibs."""
    ours = dict(os.environ, PIP_USER="0")
    places = [str(path) for folder in ("lib", "usr/lib") for path in SYSLIBS.glob(f"{folder}/*-linux-gnu*")]
    if places:
        ours["LD_LIBRARY_PATH"] = os.pathsep.join([*places, *filter(None, [ours.get("LD_LIBRARY_PATH")])])
    for variable, system, unpacked in (
        ("FONTCONFIG_PATH", "/etc/fonts/fonts.conf", "etc/fonts"),
        ("XKB_CONFIG_ROOT", "/usr/share/X11/xkb", "usr/share/X11/xkb"),
        ("PIP_CERT", "/etc/ssl/certs/ca-certificates.crt", "ca.crt"),
    ):
        if not Path(system).exists() and (SYSLIBS / unpacked).exists():
            ours.setdefault(variable, str(SYSLIBS / unpacked))
    return ours


def compile_catalogue(text):
    """The binary form (.mo) of a message catalogue (.po); fuzzy and untranslated messages are left out."""
    messages = {}
    for block in re.split(r"\n\s*\n", text):
        fields, current = {}, ""
        for line in block.splitlines():
            found = re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?|)\s*(".*")\s*$', line)
            if found:
                current = found.group(1) or current
                fields[current] = fields.get(current, "") + ast.literal_eval(found.group(2))
        forms = [fields[name] for name in sorted(fields) if name.startswith("msgstr")]
        fuzzy = re.search(r"(?m)^#,.*\bfuzzy\b", block) and fields.get("msgid")
        if "msgid" in fields and all(forms) and not fuzzy:
            context = fields["msgctxt"] + "\4" if "msgctxt" in fields else ""
            plural = "\0" + fields["msgid_plural"] if "msgid_plural" in fields else ""
            messages[context + fields["msgid"] + plural] = "\0".join(forms)
    pairs = sorted((key.encode(), message.encode()) for key, message in messages.items())
    # header, table of (length, place) of the keys, the same of the messages, then the words: gettext manual, "MO Files"
    numbers, words = [0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0], b""
    for column in (0, 1):
        for pair in pairs:
            numbers += [len(pair[column]), 28 + 16 * len(pairs) + len(words)]
            words += pair[column] + b"\0"
    return struct.pack(f"<{len(numbers)}I", *numbers) + words


def test(arguments):
    """Run every check, then the tests; returns 0 when all is well. Ends with pytest's closing line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    long = ["-m", "long or not long", "--hypothesis-profile=long"] if "--long" in arguments else []
    results, closing = [], ""
    for name, words in (
        ("style", ["ruff", "check", "."]),
        ("format", ["ruff", "format", "--check", "."]),
        ("types", ["mypy", "--python-version", "{}.{}".format(*VERSION)]),
        ("contracts", ["lint-imports"]),
        ("tests", ["pytest", "-n", str(cores), *long, *[word for word in arguments if word != "--long"]]),
    ):
        print(f"\n== {name}: {' '.join(words)}", flush=True)
        began = time.monotonic()
        code, closing = show([BIN / words[0], *words[1:]])
        results.append((name, code, time.monotonic() - began))
    print("\n== total", flush=True)
    for name, code, seconds in results:
        print(f"{name:10} {'FAILED' if code else 'ok':7} {seconds:6.1f} s")
    print(closing, flush=True)
    return 1 if any(code for _, code, _ in results) else 0


def show(command):
    """Run ``command`` in the checkout and pass its output on; returns (exit code, its last line)."""
    last = ""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen([str(word) for word in command], cwd=ROOT, env=environment(), **streams) as process:
        for line in process.stdout:
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
            last = line.decode("utf-8", "replace").strip() or last
    return process.returncode, last


def lock():
    """Write requirements.txt and requirements-dev.txt anew, with hashes, for every platform and supported Python."""
    tool = VENV / "lock-tool"
    pip("install", "--upgrade", "--target", tool, "uv")
    compile_lock = [tool / "bin/uv", "pip", "compile", "--universal", "--generate-hashes", "--upgrade", "--quiet"]
    compile_lock += ["--custom-compile-command", "python3 dev.py lock", "--output-file"]
    run, dev = LOCKS["test"]
    for words in ([run, "pyproject.toml"], [dev, "--group", "pyproject.toml:dev", "--constraints", run]):
        code, _ = show([*compile_lock, *words])
        if code:
            raise SetupError(f"uv could not lock {words[0]}; its words are above.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
