"""Repairs of Rasa 3.6.21 from outside, each measured and each without a change of outcome.

They are applied by the private channel when it is mounted, and only to the version they were
written for: another Rasa runs unrepaired, slower and right, with a warning.
"""

import gc
import json
import logging
from typing import Any, Dict, List, Optional, Set, Text, Tuple

import rasa
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.shared.core.events import Event
from rasa.shared.exceptions import RasaException

logger = logging.getLogger(__name__)

WRITTEN_FOR = "3.6.21"
# A few hundred bytes each; a conversation uses a dozen, most of them everybody's.
STATES_REMEMBERED = 5_000


def apply_repairs() -> bool:
    """Repair Rasa in this process; False (and a warning) when it is another version."""
    if rasa.__version__ != WRITTEN_FOR:
        logger.warning("Rasa %s runs unrepaired: written for %s", rasa.__version__, WRITTEN_FOR)
        return False
    _check_action_results_by_hand()
    _remember_applicable_rules()
    _remember_event_classes()
    return True


def check_action_result(result: Any) -> None:
    """Whether an action server's answer has the protocol's shape: events and responses.

    Raises:
        RasaException: it has not.
    """
    events = result.get("events", []) if isinstance(result, dict) else None
    responses = result.get("responses", []) if isinstance(result, dict) else None
    if not isinstance(events, list) or not isinstance(responses, list):
        raise RasaException("not an action's result")
    if not all(isinstance(event, dict) and isinstance(event.get("event"), str) for event in events):
        raise RasaException("an action's result with something that is no event")
    if not all(isinstance(response, dict) for response in responses):
        raise RasaException("an action's result with something that is no response")


def _check_action_results_by_hand() -> None:
    """`jsonschema.validate` re-checks its own schema on every call: 21 ms of each action turn.

    A validator built once still takes 1.3 ms, a sixth of what is left of a turn.
    """

    def _validate_action_result(_action: RemoteAction, result: Dict[Text, Any]) -> bool:
        check_action_result(result)
        return True

    RemoteAction._validate_action_result = _validate_action_result


def _remember_applicable_rules() -> None:
    """`RulePolicy` compares every rule with every state, several times a turn: 1.3 ms.

    Which rules fit depends on the rules and the states alone, and states repeat.
    """
    find = RulePolicy._get_possible_keys

    def _get_possible_keys(
        policy: RulePolicy, lookup: Dict[Text, Text], states: List[Any]
    ) -> Set[Text]:
        remembered = policy.__dict__.setdefault("_remembered_keys", {})
        key = (id(lookup), json.dumps(states, sort_keys=True, default=str))
        found = remembered.get(key)
        if found is None:
            if len(remembered) >= STATES_REMEMBERED:
                remembered.clear()
            found = remembered[key] = frozenset(find(policy, lookup, states))
        return set(found)

    RulePolicy._get_possible_keys = _get_possible_keys


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


def run_directly(processor: MessageProcessor) -> None:
    """Repair a loaded processor.

    Its graph runs without dask. It knows that it has a domain: for each message Rasa builds a new
    empty one to compare it with, 0.1 ms. And what is loaded by now is no longer searched for
    garbage: that took 0.3 s every few hundred messages, in which nobody was answered.
    """
    if isinstance(processor.graph_runner, DaskGraphRunner):
        processor.graph_runner = DirectGraphRunner(processor.graph_runner)
    is_empty = processor.domain.is_empty()
    vars(processor.domain)["is_empty"] = lambda: is_empty
    gc.unfreeze()  # of a model that this one replaces
    gc.collect()
    gc.freeze()


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
