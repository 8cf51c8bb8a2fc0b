"""Policies as the shop runs them: the shipped files, with the shop's own file laid over them."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.adapters.yaml_file import read_yaml
from bot.domain.document_fields import Problems
from bot.domain.policies import Policies, Policy
from bot.domain.policy_document import PolicyRefused, read_policy
from bot.domain.policy_overrides import laid_over, looser_than_law

SHIPPED_POLICIES = Path(__file__).resolve().parents[2] / "data" / "policies"

# The names in a shop's file beside the countries'.
EVERY_COUNTRY = "every_country"
# What every country has, whatever its law gives.
_EVERYWHERE = {
    "carrier_enquiry",
    "commercial_guarantee",
    "compensation",
    "complaint",
    "conformity_return",
    "courtesy_return",
}
DEFAULT = "default"

_MOST_PROBLEMS = 100
_NUMBER_OF_A_RULE = re.compile(r"\[\d+\]")


def read_policies(shop_file: Path | None = None, folder: Path = SHIPPED_POLICIES) -> Policies:
    """The policies of all countries.

    Args:
        shop_file: The shop's own policy; None when it has none.
        folder: One file a country, and `default.yml`, whose sections every country inherits.

    Raises:
        PolicyRefused: a file has mistakes, or the shop's takes away what a law gives.
        OSError: a shipped file cannot be read.
    """
    shipped = _shipped_documents(folder)
    problems: list[str] = []
    law = _read(shipped, problems)
    if problems:
        raise PolicyRefused(problems)
    if shop_file is None:
        return _policies(law)
    over = _shop_document(shop_file, shipped)
    everywhere = over.pop(EVERY_COUNTRY, {})
    changed: dict[str, Any] = {}
    for name, document in shipped.items():
        changed[name] = laid_over(laid_over(document, everywhere), over.get(name, {}))
    theirs = _read(changed, problems)
    if not problems:
        for name, policy in theirs.items():
            problems += looser_than_law(law[name], policy, name)
    if problems:
        # A shop's file knows no numbers of dated rules; several may say the same.
        places = (_NUMBER_OF_A_RULE.sub("", problem) for problem in problems)
        raise PolicyRefused(dict.fromkeys(places))
    return _policies(theirs)


def _shipped_documents(folder: Path) -> dict[str, Any]:
    """Each country's document by its file's name, with what it inherits."""
    default = _plain(read_yaml(folder / f"{DEFAULT}.yml"))
    documents = {DEFAULT: default}
    for file in sorted(folder.glob("*.yml")):
        if file.stem != DEFAULT:
            inherited = {**default, "is_legal": True}
            documents[file.stem] = laid_over(inherited, _plain(read_yaml(file)))
    return documents


def _shop_document(file: Path, shipped: dict[str, Any]) -> dict[str, Any]:
    try:
        document = _plain(read_yaml(file))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PolicyRefused([f"{file}: {error}"]) from error
    if document is None:  # nothing but comments
        return {}
    if not isinstance(document, dict):
        raise PolicyRefused([f"{file}: must be an object with a section for each country"])
    known = {EVERY_COUNTRY, *shipped}
    problems = [f"{name}: not a country with a policy" for name in document.keys() - known]
    problems += [
        f"{name}: must be an object of sections"
        for name in document.keys() & known
        if not isinstance(document[name], dict)
    ]
    everywhere = document.get(EVERY_COUNTRY)
    if isinstance(everywhere, dict):
        problems += [
            f"{EVERY_COUNTRY}.{section}: say it for each country, whose laws differ"
            for section in everywhere.keys() - _EVERYWHERE
        ]
    if problems:
        raise PolicyRefused(sorted(problems))
    return dict(document)


def _read(documents: dict[str, Any], problems: list[str]) -> dict[str, Policy]:
    found = Problems(_MOST_PROBLEMS)
    policies = {name: read_policy(raw, name, found) for name, raw in documents.items()}
    problems += [f"{place}: {problem}" for place, problem in found.kept]
    if found.count > len(found.kept):
        problems.append(f"and {found.count - len(found.kept)} more")
    return policies


def _policies(by_name: dict[str, Policy]) -> Policies:
    countries = [policy for name, policy in by_name.items() if name != DEFAULT]
    return Policies({policy.country: policy for policy in countries}, by_name[DEFAULT])


def _plain(value: Any) -> Any:
    """YAML reads unquoted days as dates; a document has texts."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
