"""The set-up, with interpreters that only write down what they are asked to do."""

import json
from pathlib import Path

import pytest

from bot.installation import SetupFailed, model_is_current, set_up, train
from bot.installation.training import quicker_kernels

# Answers as far as the set-up asks: its version, a new environment, pip, and Rasa's training.
# While the file BROKEN exists, whatever installs or trains fails.
FAKE = """#!/bin/sh
echo "$*" >> "{root}/calls"
case "$1 $2" in
"-c "*) printf '{version}\\n%s\\n' "$0" ;;
"-m venv")
    /bin/mkdir -p "$3/bin" "$3/lib/python{minor}/site-packages"
    /bin/cp "$0" "$3/bin/python"
    echo "version = {version}" > "$3/pyvenv.cfg" ;;
"-m pip" | "-m rasa")
    if [ -e "{root}/BROKEN" ]; then echo "no space left"; exit 1; fi
    while [ $# -gt 0 ]; do
        if [ "$1" = --out ]; then echo model > "$2/posventa.tar.gz"; fi
        shift
    done ;;
esac
"""


class Checkout:
    """A checkout of the project with nothing installed, on a machine of its own."""

    def __init__(self, root: Path, interpreters: Path) -> None:
        self.root = root
        self._interpreters = interpreters

    def add_interpreter(self, version: str) -> None:
        minor = version.rpartition(".")[0]
        fake = self._interpreters / f"python{minor}"
        fake.write_text(FAKE.format(root=self.root, version=version, minor=minor))
        fake.chmod(0o755)

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def calls(self) -> list[str]:
        """What the interpreters were asked since the last time."""
        log = self.root / "calls"
        calls = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return calls

    def installations(self) -> list[str]:
        return [call.rpartition(" ")[2] for call in self.calls() if "--require-hashes" in call]

    def trainings(self) -> int:
        return sum("-m rasa train" in call for call in self.calls())


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    root, interpreters = tmp_path / "a checkout with spaces", tmp_path / "bin"
    interpreters.mkdir()
    monkeypatch.setenv("PATH", str(interpreters))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "no pyenv"))
    made = Checkout(root, interpreters)
    for name in ("pyproject.toml", "config.yml", "domain.yml", "data/nlu/orders.yml"):
        made.write(name, f"{name}, first version")
    made.write("requirements/app.txt", "fastapi==1.0\n")
    made.write("requirements/rasa.txt", "rasa==3.6.21\n")
    return made


@pytest.fixture
def ready(checkout: Checkout) -> Checkout:
    """The same after a first set-up."""
    checkout.add_interpreter("3.10.13")
    checkout.add_interpreter("3.11.7")
    set_up(checkout.root)
    checkout.calls()
    return checkout


def test_both_environments_are_installed_from_their_hashed_files(checkout: Checkout) -> None:
    checkout.add_interpreter("3.10.13")
    checkout.add_interpreter("3.11.7")
    set_up(checkout.root)
    assert checkout.installations() == ["requirements/app.txt", "requirements/rasa.txt"]


def test_rasas_environment_sees_the_project_where_it_stands(ready: Checkout) -> None:
    (path_file,) = (ready.root / ".venv-rasa").rglob("*.pth")
    assert path_file.read_text().strip() == str(ready.root)


def test_a_newer_python_serves_where_the_tested_one_is_missing(checkout: Checkout) -> None:
    checkout.add_interpreter("3.10.13")
    checkout.add_interpreter("3.13.0")
    set_up(checkout.root)
    assert "3.13.0" in (checkout.root / ".venv" / "pyvenv.cfg").read_text()


def test_an_interpreter_found_by_pyenv_serves_though_path_has_none(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    checkout.add_interpreter("3.11.7")
    checkout.add_interpreter("3.10.13")
    pyenv = tmp_path / "pyenv"
    place = pyenv / "versions" / "3.10.13" / "bin"
    place.mkdir(parents=True)
    (tmp_path / "bin" / "python3.10").rename(place / "python3.10")
    monkeypatch.setenv("PYENV_ROOT", str(pyenv))
    set_up(checkout.root)
    assert "3.10.13" in (checkout.root / ".venv-rasa" / "pyvenv.cfg").read_text()


@pytest.mark.parametrize(
    ("present", "missing"), [("3.10.13", "Python 3.11"), ("3.11.7", "Python 3.10")]
)
def test_a_missing_interpreter_is_named_with_the_way_to_get_it(
    checkout: Checkout, present: str, missing: str
) -> None:
    checkout.add_interpreter(present)
    with pytest.raises(SetupFailed) as failure:
        set_up(checkout.root)
    (sentence,) = str(failure.value).splitlines()
    assert missing in sentence
    assert "install" in sentence


def test_all_missing_interpreters_are_named_at_once(checkout: Checkout) -> None:
    with pytest.raises(SetupFailed) as failure:
        set_up(checkout.root)
    assert len(str(failure.value).splitlines()) == 2


def test_the_advice_is_for_the_version_manager_that_is_there(
    checkout: Checkout, tmp_path: Path
) -> None:
    uv = tmp_path / "bin" / "uv"
    uv.write_text("#!/bin/sh\nexit 1\n")
    uv.chmod(0o755)
    with pytest.raises(SetupFailed, match=r"uv python install 3\.10"):
        set_up(checkout.root)


def test_an_interpreter_that_does_not_run_is_not_taken(checkout: Checkout, tmp_path: Path) -> None:
    checkout.add_interpreter("3.11.7")
    stand_in = tmp_path / "bin" / "python3.10"
    stand_in.write_text("#!/bin/sh\necho not installed >&2\nexit 127\n")
    stand_in.chmod(0o755)
    with pytest.raises(SetupFailed, match=r"Python 3\.10"):
        set_up(checkout.root)


def test_nothing_runs_when_nothing_changed(ready: Checkout) -> None:
    set_up(ready.root)
    assert ready.calls() == []


def test_only_the_environment_whose_list_changed_is_made_again(ready: Checkout) -> None:
    ready.write("requirements/rasa.txt", "rasa==3.6.21\nspacy==3.7.5\n")
    set_up(ready.root)
    assert ready.installations() == ["requirements/rasa.txt"]


def test_changed_project_metadata_installs_no_package_again(ready: Checkout) -> None:
    ready.write("pyproject.toml", "another version")
    set_up(ready.root)
    calls = ready.calls()
    assert any("--editable" in call for call in calls)
    assert not any("--require-hashes" in call for call in calls)


def test_an_environment_whose_interpreter_is_gone_is_made_again(ready: Checkout) -> None:
    (ready.root / ".venv" / "bin" / "python").unlink()
    set_up(ready.root)
    assert ready.installations() == ["requirements/app.txt"]


def test_a_moved_checkout_gets_new_environments(ready: Checkout, tmp_path: Path) -> None:
    moved = ready.root.rename(tmp_path / "elsewhere")
    ready.root.mkdir()  # where the interpreters write down their calls
    set_up(moved)
    assert ready.installations() == ["requirements/app.txt", "requirements/rasa.txt"]


def test_a_failed_installation_shows_the_end_of_its_log(checkout: Checkout) -> None:
    checkout.add_interpreter("3.10.13")
    checkout.add_interpreter("3.11.7")
    checkout.write("BROKEN", "")
    with pytest.raises(SetupFailed, match="no space left"):
        set_up(checkout.root)


def test_an_interrupted_installation_is_repaired_by_the_next_run(ready: Checkout) -> None:
    ready.write("requirements/rasa.txt", "rasa==3.6.21\nspacy==3.7.5\n")
    ready.write("BROKEN", "")
    with pytest.raises(SetupFailed):
        set_up(ready.root)
    half_installed = ready.root / ".venv-rasa" / "half installed"
    half_installed.touch()
    (ready.root / "BROKEN").unlink()
    ready.calls()

    set_up(ready.root)

    assert ready.installations() == ["requirements/rasa.txt"]
    assert not half_installed.exists()


def test_an_environment_of_another_making_is_kept_aside(checkout: Checkout) -> None:
    checkout.add_interpreter("3.10.13")
    checkout.add_interpreter("3.11.7")
    checkout.write(".venv/mine", "")
    set_up(checkout.root)
    assert (checkout.root / ".venv.before-posventa" / "mine").exists()


def test_a_failing_uv_gives_way_to_pip(checkout: Checkout, tmp_path: Path) -> None:
    checkout.add_interpreter("3.10.13")
    checkout.add_interpreter("3.11.7")
    uv = tmp_path / "bin" / "uv"
    uv.write_text("#!/bin/sh\nexit 2\n")
    uv.chmod(0o755)
    set_up(checkout.root)
    assert checkout.installations() == ["requirements/app.txt", "requirements/rasa.txt"]


def test_training_makes_the_model(ready: Checkout) -> None:
    train(ready.root)
    assert (ready.root / "models" / "posventa.tar.gz").exists()
    assert model_is_current(ready.root)


def test_the_same_sources_are_not_trained_twice(ready: Checkout) -> None:
    train(ready.root)
    train(ready.root)
    assert ready.trainings() == 1


def test_training_can_be_forced(ready: Checkout) -> None:
    train(ready.root)
    train(ready.root, force=True)
    assert ready.trainings() == 2


@pytest.mark.parametrize(
    "source",
    [
        "config.yml",
        "domain.yml",
        "data/nlu/returns.yml",
        "data/stories/deep/down.yml",
        "data/lexicon/products.yml",
        "bot/assistant/normalise.py",
    ],
)
def test_each_source_of_the_model_counts(ready: Checkout, source: str) -> None:
    train(ready.root)
    ready.write(source, "something new")
    assert not model_is_current(ready.root)


@pytest.mark.parametrize(
    "beside", ["bot/assistant/__pycache__/normalise.pyc", "data/nlu/.orders.yml.swp", "README.md"]
)
def test_what_the_model_is_not_made_from_does_not_count(ready: Checkout, beside: str) -> None:
    train(ready.root)
    ready.write(beside, "something new")
    assert model_is_current(ready.root)


def test_a_failed_training_leaves_the_former_model_in_use(ready: Checkout) -> None:
    train(ready.root)
    model = ready.root / "models" / "posventa.tar.gz"
    before = model.stat().st_ino
    ready.write("config.yml", "something wrong")
    ready.write("BROKEN", "")
    with pytest.raises(SetupFailed):
        train(ready.root)
    assert model.stat().st_ino == before
    assert not model_is_current(ready.root)


def test_a_lost_model_is_trained_again(ready: Checkout) -> None:
    train(ready.root)
    (ready.root / "models" / "posventa.tar.gz").unlink()
    train(ready.root)
    assert model_is_current(ready.root)


def test_the_time_of_a_step_is_kept_for_the_next_announcement(
    ready: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    ready.write("var/setup-times.json", json.dumps({"train": 41}))
    train(ready.root)
    assert "41 s last time" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ("fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl", {"OPENBLAS_CORETYPE": "SkylakeX"}),
        ("fpu avx2 avx512f avx512cd", {}),
        ("fpu avx2", {}),
    ],
)
def test_training_is_told_of_wide_vectors_where_the_processor_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, told: dict[str, str]
) -> None:
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    described = tmp_path / "cpuinfo"
    described.write_text(f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t: none\n")
    assert quicker_kernels(described) == told
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Zen")
    assert quicker_kernels(described) == {}


def test_training_needs_no_description_of_the_processor(tmp_path: Path) -> None:
    assert quicker_kernels(tmp_path / "cpuinfo") == {}
