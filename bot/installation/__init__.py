"""The set-up: both environments and the trained model, made when needed and only then.

Runs before anything is installed, so it uses the standard library alone and the Python 3.8 that
an older system still has as `python3`:

    python3 -m bot.installation setup    both environments
    python3 -m bot.installation train    both environments and the trained model

`make` calls it before every target. What is already there is left alone, which takes well under
a second; what was interrupted is made again by the next run.
"""

from bot.installation.console import SetupFailed
from bot.installation.environments import set_up
from bot.installation.training import model_is_current, train

__all__ = ["SetupFailed", "model_is_current", "set_up", "train"]
