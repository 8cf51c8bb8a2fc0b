"""The files that a stranger's first command depends on agree with each other."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
REQUIREMENTS = {"app.txt": ("app", "dev"), "rasa.txt": ("rasa",)}

# Put together here, so that this file does not hold what it forbids.
REGISTRIES = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian"]
SOMEBODYS_FOLDER = re.compile("/ro" + "ot/|/ho" + "me/[a-z]+/|/Us" + "ers/[a-zA-Z]+/|/o" + "pt/")


def _project_files() -> list[Path]:
    """Every file that git has or would take in."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return [file for file in files if file.is_file()]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="ignore")


def _entries(name: str) -> list[str]:
    """The requirements of a compiled file, each with its continuation lines joined."""
    text = (ROOT / "requirements" / name).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    loose = [
        entry for entry in _entries(name) if "==" not in entry or "--hash=sha256:" not in entry
    ]
    assert _entries(name)
    assert loose == []


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirement_files_name_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links|--trusted-host", text) == []


@pytest.mark.parametrize(("name", "groups"), REQUIREMENTS.items())
def test_requirement_files_are_compiled_from_todays_groups(
    name: str, groups: tuple[str, ...]
) -> None:
    wanted = {
        re.split(r"[\[<>=!~ ]", requirement)[0].lower()
        for group in groups
        for requirement in PYPROJECT["dependency-groups"][group]
    }
    pinned = {entry.partition("==")[0] for entry in _entries(name)}
    assert wanted - pinned == set(), "run `make requirements`"


def test_no_file_names_a_package_registry() -> None:
    naming = [
        f"{file.relative_to(ROOT)}: {host}"
        for file in _project_files()
        for host in REGISTRIES
        if host in _text(file)
    ]
    assert naming == []


def test_no_file_knows_a_folder_of_the_machine_it_was_written_on() -> None:
    knowing = [
        f"{file.relative_to(ROOT)}: {found.group()}"
        for file in _project_files()
        if (found := SOMEBODYS_FOLDER.search(_text(file)))
    ]
    assert knowing == []


def test_make_alone_lists_every_command() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    targets = ["setup", "run", "test", "check", "evaluate", "bench", "requirements"]
    assert [target for target in targets if f"make {target} " not in listed] == []


def test_both_interpreters_are_named_for_version_managers() -> None:
    assert (ROOT / ".python-version").read_text().split() == ["3.11", "3.10"]


def test_continuous_integration_runs_what_a_developer_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "make check" in script
    assert "make test" in script
    assert "make test" in (ROOT / "README.md").read_text()


def test_every_folder_on_the_map_of_the_readme_exists() -> None:
    named = set(re.findall(r"(?:^|[`\s│├└─])([A-Za-z][\w-]*)/(?=[`\s]|$)", _map(), re.MULTILINE))
    assert named
    assert [folder for folder in sorted(named) if not (ROOT / folder).is_dir()] == []


def test_every_folder_is_on_the_map_of_the_readme() -> None:
    folders = {file.relative_to(ROOT).parts[0] for file in _project_files() if file.parent != ROOT}
    visible = {folder for folder in folders if not folder.startswith(".")}
    assert [folder for folder in sorted(visible) if f"{folder}/" not in _map()] == []


def _map() -> str:
    return (ROOT / "README.md").read_text()


def test_training_does_not_change_what_it_reads() -> None:
    # Rasa writes an `assistant_id` into a configuration that has none: every training would then
    # change its own sources and call for the next one.
    assert yaml.safe_load((ROOT / "config.yml").read_text())["assistant_id"] == "posventa"


def test_every_module_has_its_place_among_the_import_rules() -> None:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    placed = set(re.findall(r"[\w.]+", " ".join(layers)))
    alone = {"bot.assistant", "bot.installation"}  # held by contracts of their own
    modules = {
        f"bot.{module.stem}"
        for module in (ROOT / "bot").iterdir()
        if module.suffix == ".py" or (module / "__init__.py").exists()
    }
    assert modules - placed - alone - {"bot.__init__"} == set()
