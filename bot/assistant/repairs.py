"""Repairs of Rasa 3.6.21 from outside, each measured and each without a change of outcome.

They are applied by the private channel when it is mounted, and only to the version they were
written for: another Rasa runs unrepaired, slower and right, with a warning.
"""

import logging
from typing import Any, Dict, List, Optional, Text, Tuple

import rasa
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.shared.core.events import Event

logger = logging.getLogger(__name__)

WRITTEN_FOR = "3.6.21"


def apply_repairs() -> bool:
    """Repair Rasa in this process; False (and a warning) when it is another version."""
    if rasa.__version__ != WRITTEN_FOR:
        logger.warning("Rasa %s runs unrepaired: written for %s", rasa.__version__, WRITTEN_FOR)
        return False
    _validate_action_results_with_one_validator()
    _remember_event_classes()
    return True


def _validate_action_results_with_one_validator() -> None:
    """`jsonschema.validate` re-checks its own schema on every call: 21 ms of each action turn."""
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def _validate_action_result(_action: RemoteAction, result: Dict[Text, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = _validate_action_result


def _remember_event_classes() -> None:
    """`Event.resolve_by_type` walks all subclasses for each event of each tracker."""
    resolve = Event.resolve_by_type
    known: Dict[Text, Any] = {}

    def resolve_by_type(type_name: Text, default: Optional[Any] = None) -> Optional[Any]:
        found = known.get(type_name)
        if found is None:
            found = resolve(type_name, default)
            if found is not None and found is not default:
                known[type_name] = found
        return found

    Event.resolve_by_type = staticmethod(resolve_by_type)


class DirectGraphRunner(GraphRunner):
    """Runs the prediction graph in an order found once, where dask plans it anew each time.

    Shares the loaded nodes of a `DaskGraphRunner`; same inputs, same outputs.
    """

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._schema: GraphSchema = loaded._graph_schema
        self._nodes: Dict[Text, GraphNode] = loaded._instantiated_nodes
        self._plans: Dict[Tuple[Text, ...], List[Text]] = {}

    @classmethod
    def create(cls, *args: Any, **kwargs: Any) -> "DirectGraphRunner":
        """Load the nodes as dask's runner does, then run without it."""
        return cls(DaskGraphRunner.create(*args, **kwargs))

    def run(
        self,
        inputs: Optional[Dict[Text, Any]] = None,
        targets: Optional[List[Text]] = None,
    ) -> Dict[Text, Any]:
        """Run the graph up to the targets (see parent class)."""
        wanted = tuple(targets or self._schema.target_names)
        plan = self._plans.get(wanted)
        if plan is None:
            plan = self._plans[wanted] = self._plan(wanted)
        results: Dict[Text, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name in plan:
            if name not in results:
                needs = self._schema.nodes[name].needs.values()
                results[name] = self._nodes[name](*(results[need] for need in needs))
        return dict(results[name] for name in wanted)

    def _plan(self, targets: Tuple[Text, ...]) -> List[Text]:
        order: List[Text] = []
        schema = self._schema.minimal_graph_schema(list(targets))

        def visit(name: Text) -> None:
            if name in order or name not in schema.nodes:
                return
            for need in schema.nodes[name].needs.values():
                visit(need)
            order.append(name)

        for target in targets:
            visit(target)
        return order
