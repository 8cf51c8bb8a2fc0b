"""What all tests share, and the order of the folders."""

import pytest

from bot.settings import PROJECT_ROOT

pytest_plugins = ["tests.fixtures_database", "tests.fixtures_house"]

# Quick answers first. The browser comes last: while Playwright's synchronous interface is open, an
# event loop runs in the main thread and no test could start one of its own.
FOLDERS = ("unit", "contract", "project", "dialogues", "faults", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by folder; within one, tests stay in the order in which they are written."""
    tests = PROJECT_ROOT / "tests"

    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(tests).parts[0]
        return FOLDERS.index(folder) if folder in FOLDERS else len(FOLDERS)

    items.sort(key=place)
