"""What the benchmark starts is accounted for as a whole, and ended as a whole."""

import os
import sys
from pathlib import Path

import pytest

from bot.bench.launches import BenchFailed, Launch, Running, run_to_end
from bot.bench.processes import ProcessStat, cpu_seconds, members, memory, parse_stat, tree

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")

# A parent that starts a child in a session of its own, tells its number, and dies before it when
# asked to end.
WITH_RUNAWAY_CHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"],
                         start_new_session=True)
with open(sys.argv[1], "w") as pipe:
    pipe.write(str(child.pid))
time.sleep(600)
"""

BUSY = "import os; [sum(range(1000)) for _ in iter(lambda: os.times().user < 0.2, False)]"


def launch(folder: Path, program: str, *arguments: str) -> Launch:
    command = [sys.executable, "-c", program, *arguments]
    return Launch(command, folder, os.environ, folder / "log")


def process(pid: int, parent: int = 1, session: int = 1) -> ProcessStat:
    return ProcessStat(pid, "S", parent, session, cpu_ticks=0, started=0)


def is_running(pid: int) -> bool:
    return any(each.pid == pid and each.runs for each in tree([pid]))


def test_the_kernels_line_is_read_whatever_the_commands_name_is():
    line = "42 (a) b (c) S 7 8 9 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 1 0 5555 0 0"
    read = parse_stat(line)
    assert (read.pid, read.parent, read.session, read.started) == (42, 7, 9, 5555)
    assert read.cpu_ticks == 127


def test_a_tree_holds_descendants_and_orphans_of_its_sessions_and_nobody_else():
    root, child, grandchild = process(10, session=10), process(11, 10, 10), process(12, 11, 12)
    orphan, of_grandchild, stranger = process(13, 1, 10), process(14, 1, 12), process(15, 1, 15)
    everybody = [stranger, of_grandchild, orphan, grandchild, child, root]
    assert {each.pid for each in members(everybody, [10])} == {10, 11, 12, 13, 14}


def test_memory_and_cpu_are_those_of_the_running_process():
    roots = [os.getpid()]
    assert 0 < memory(roots).pss <= memory(roots).rss
    assert cpu_seconds(roots) > 0


def test_cpu_of_children_that_have_ended_is_counted(tmp_path):
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}])"
    assert run_to_end(launch(tmp_path, parent), limit=60).cpu_s >= 0.2


def test_a_command_that_fails_names_its_log(tmp_path):
    with pytest.raises(BenchFailed, match="log"):
        run_to_end(launch(tmp_path, "raise SystemExit(3)"), limit=60)


def test_a_command_that_does_not_end_is_ended(tmp_path):
    with pytest.raises(BenchFailed):
        run_to_end(launch(tmp_path, "import time; time.sleep(600)"), limit=0.2)


def test_a_command_that_cannot_be_run_is_told(tmp_path):
    with pytest.raises(BenchFailed):
        run_to_end(Launch(["/no/such/program"], tmp_path, {}, tmp_path / "log"), limit=60)


def test_whatever_a_command_has_started_ends_with_it(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with Running([launch(tmp_path, WITH_RUNAWAY_CHILD, str(pipe))]) as running:
        child = int(pipe.read_text())
        assert is_running(child)
    assert not is_running(child)
    assert not is_running(running.roots[0])


def test_a_failure_in_the_middle_ends_them_as_well(tmp_path):
    with (
        pytest.raises(KeyboardInterrupt),
        Running([launch(tmp_path, "import time; time.sleep(600)")]) as running,
    ):
        raise KeyboardInterrupt
    assert not is_running(running.roots[0])
