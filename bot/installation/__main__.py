"""The command line of the set-up."""

import argparse
import sys
from pathlib import Path

from bot.installation import SetupFailed, set_up, train


def main() -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m bot.installation")
    parser.add_argument("command", nargs="?", choices=("setup", "train"), default="setup")
    parser.add_argument("--force", action="store_true", help="train even if nothing changed")
    arguments = parser.parse_args()
    root = Path(__file__).resolve().parents[2]
    try:
        set_up(root)
        if arguments.command == "train":
            train(root, force=arguments.force)
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The next run takes up from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
