"""Makes the two environments, each exactly what its requirement file lists."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

from bot.installation.console import Console, SetupFailed, run_logged
from bot.installation.interpreters import Interpreter, find_interpreter, how_to_get

# Written into an environment: first as "begun", and complete only when all the work is done.
MARKER = "posventa.json"


class Environment(NamedTuple):
    """One virtual environment at the root of the project."""

    folder: str
    requirements: str
    minors: Tuple[str, ...]
    purpose: str
    rough_seconds: int


# The tested version first.
APP = Environment(
    ".venv",
    "requirements/app.txt",
    ("3.11", "3.12", "3.13", "3.14"),
    "the gateway and its tools (.venv)",
    40,
)
RASA = Environment(
    ".venv-rasa", "requirements/rasa.txt", ("3.10",), "Rasa's environment (.venv-rasa)", 120
)


def set_up(root: Path) -> None:
    """Make both environments what the project's files say; do nothing when they are.

    Raises:
        SetupFailed: an interpreter is missing, or an installation failed.
    """
    if _is_ready(root):
        return
    with _alone(root):
        # Whoever held the lock may have done all of it.
        if _is_ready(root):
            return
        to_build = [each for each in (APP, RASA) if not _packages_are_current(root, each)]
        interpreters = _interpreters(to_build)
        to_link = [e for e in (APP, RASA) if e in to_build or not _project_is_current(root, e)]
        console = Console(root, steps=2 * len(to_build) + len(to_link))
        for environment in (APP, RASA):
            if environment in to_build:
                _build(root, environment, interpreters[environment], console)
            if environment in to_link:
                _link(root, environment, console)


def _is_ready(root: Path) -> bool:
    return all(
        _packages_are_current(root, each) and _project_is_current(root, each)
        for each in (APP, RASA)
    )


def _interpreters(environments: List[Environment]) -> Dict[Environment, Interpreter]:
    found = {each: find_interpreter(each.minors) for each in environments}
    missing = [how_to_get(each.minors, each.purpose) for each in environments if not found[each]]
    if missing:
        raise SetupFailed("\n".join(missing))
    return {each: interpreter for each, interpreter in found.items() if interpreter}


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Keep a second set-up of the same folder waiting: two installers would break each other."""
    lock = root / "var" / "setup.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Another set-up of this folder is running; waiting for it to end.", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _packages_are_current(root: Path, environment: Environment) -> bool:
    fingerprint = _packages_fingerprint(root, environment)
    return fingerprint is not None and _marked(root, environment).get("packages") == fingerprint


def _project_is_current(root: Path, environment: Environment) -> bool:
    return _marked(root, environment).get("project") == _project_fingerprint(root)


def _packages_fingerprint(root: Path, environment: Environment) -> Optional[str]:
    """Tell what the environment's packages were made from; None when it cannot work at all."""
    folder = root / environment.folder
    version = _version_of(folder)
    runs = (folder / "bin" / "python").exists()  # a link to an interpreter that may be gone
    if not runs or version is None or not version.startswith(environment.minors):
        return None
    digest = hashlib.sha256((root / environment.requirements).read_bytes())
    # Scripts in an environment carry its absolute path: a moved checkout needs a new one.
    digest.update(f"\0{version}\0{folder}".encode())
    return digest.hexdigest()


def _project_fingerprint(root: Path) -> str:
    digest = hashlib.sha256((root / "pyproject.toml").read_bytes())
    digest.update(f"\0{root}".encode())
    return digest.hexdigest()


def _version_of(folder: Path) -> Optional[str]:
    try:
        text = (folder / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^version(?:_info)? *= *(\S+)", text, re.MULTILINE)
    return found.group(1) if found else None


def _marked(root: Path, environment: Environment) -> Dict[str, str]:
    try:
        marks = json.loads((root / environment.folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _mark(root: Path, environment: Environment, marks: Dict[str, Optional[str]]) -> None:
    path = root / environment.folder / MARKER
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(json.dumps(marks), encoding="utf-8")
    unfinished.replace(path)


def _build(
    root: Path, environment: Environment, interpreter: Interpreter, console: Console
) -> None:
    folder = root / environment.folder
    console.step(
        f"create {environment.folder}",
        f"{environment.folder}: a new environment with Python {interpreter.version}",
        5,
        lambda: _create(root, environment, interpreter, console),
    )
    packages = _package_names(root / environment.requirements)
    console.step(
        f"install {environment.folder}",
        f"{environment.folder}: {len(packages)} packages of {environment.requirements}",
        environment.rough_seconds,
        lambda: _install(root, environment, packages, console),
    )
    if _packages_fingerprint(root, environment) is None:
        raise SetupFailed(f"{folder} has no interpreter that runs; remove it and start again.")
    _mark(root, environment, {"packages": _packages_fingerprint(root, environment)})


def _create(
    root: Path, environment: Environment, interpreter: Interpreter, console: Console
) -> None:
    folder = root / environment.folder
    if folder.exists() and not (folder / MARKER).exists():
        # Made by somebody else, who may still want it.
        kept = folder.with_name(folder.name + ".before-posventa")
        shutil.rmtree(str(kept), ignore_errors=True)
        folder.rename(kept)
        console.note(f"An environment of another making was moved to {kept.name}.")
    # Always from nothing: an interrupted or older installation leaves packages that no list names.
    shutil.rmtree(str(folder), ignore_errors=True)
    folder.mkdir()
    _mark(root, environment, {})
    try:
        run_logged([str(interpreter.path), "-m", "venv", str(folder)], _log(root), root)
    except SetupFailed as failure:
        uv = shutil.which("uv")
        if uv is None:
            minor = ".".join(interpreter.version.split(".")[:2])
            raise SetupFailed(
                f"{failure}\n\nPython {interpreter.version} at {interpreter.path} cannot make an "
                f"environment; on Debian and Ubuntu install python{minor}-venv, then start again."
            ) from failure
        marker = (folder / MARKER).read_text(encoding="utf-8")
        command = [uv, "venv", "--clear", "--seed", "--python", str(interpreter.path), str(folder)]
        run_logged(command, _log(root), root)
        (folder / MARKER).write_text(marker, encoding="utf-8")


def _install(root: Path, environment: Environment, packages: List[str], console: Console) -> None:
    python = str(root / environment.folder / "bin" / "python")
    wanted = ["--require-hashes", "--no-deps", "-r", environment.requirements]
    uv = _uv(root)
    if uv:
        # Compiled now, as pip does it, rather than at the first start of each process.
        command = [uv, "pip", "install", "--compile-bytecode", "--python", python]
        console.progress("with uv")
        try:
            run_logged([*command, *wanted], _log(root), root)
        except SetupFailed:
            console.note(f"uv did not manage it (see {_log(root).relative_to(root)}); using pip.")
        else:
            return
    seen = 0

    def count(line: str) -> None:
        nonlocal seen
        if line.startswith("Collecting "):
            seen += 1
            if console.live or seen % 25 == 0:
                console.progress(f"{seen}/{len(packages)} {line.split()[1]}")
        elif line.startswith("Installing collected packages"):
            console.progress(f"unpacking {len(packages)} packages")

    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    run_logged([*pip, *wanted], _log(root), root, count)


def _uv(root: Path) -> Optional[str]:
    # The first environment brings one along, which then installs the second, larger one in a
    # tenth of pip's time.
    own = root / APP.folder / "bin" / "uv"
    return shutil.which("uv") or (str(own) if own.exists() else None)


def _link(root: Path, environment: Environment, console: Console) -> None:
    """Let the environment see the project where it stands."""
    console.step(
        f"link {environment.folder}",
        f"{environment.folder}: the project itself",
        3,
        lambda: _link_app(root) if environment is APP else _link_rasa(root),
    )
    packages = _marked(root, environment)["packages"]
    marks: Dict[str, Optional[str]] = {"packages": packages, "project": _project_fingerprint(root)}
    _mark(root, environment, marks)


def _link_app(root: Path) -> None:
    python = str(root / APP.folder / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    # The build backend is among the packages: nothing is downloaded here.
    offline = ["--no-deps", "--no-build-isolation", "--no-index"]
    run_logged([*pip, *offline, "--editable", "."], _log(root), root)


def _link_rasa(root: Path) -> None:
    # A line with the project's folder is all that Rasa needs to import our components; the
    # project's own metadata asks for a newer Python than Rasa can run on.
    for packages in (root / RASA.folder / "lib").glob("python*/site-packages"):
        (packages / "posventa.pth").write_text(f"{root}\n", encoding="utf-8")


def _package_names(requirements: Path) -> List[str]:
    text = requirements.read_text(encoding="utf-8")
    return re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)


def _log(root: Path) -> Path:
    return root / "var" / "log" / "setup.log"
