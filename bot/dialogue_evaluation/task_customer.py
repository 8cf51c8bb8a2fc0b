"""A customer with a task: hears what the assistant asks and says what they would say."""

from bot.dialogue_evaluation.tasks import Task
from bot.dialogue_evaluation.topics import Topic


class TaskCustomer:
    """Answers by topic, interrupts where the task says so, and goes on to further matters.

    It knows nothing of journeys, and never the words that the assistant would like best: each
    answer is written in the task, and a question that the task does not foresee gets what the
    customer says to anything else.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._given: dict[Topic, int] = {}
        self._goes_on = list(task.goes_on)
        self._questions = 0
        self._interrupts = dict(task.interrupts)
        self._last: str = task.says
        self._corrected = False
        self._said_nothing_else = False

    def begins(self) -> str:
        """The first message."""
        return self._task.says

    def has_words_for(self, topic: Topic) -> bool:
        """Whether the task says what the customer answers to such a question."""
        return topic in self._task.answers

    def next(self, topic: Topic | None) -> str | None:
        """What the customer says to an answer of the assistant.

        Args:
            topic: What it asks, if anything.

        Returns:
            None when they have nothing more to say.
        """
        said = self._reply(topic)
        if said is not None:
            self._last = said
        self._corrected = topic is Topic.CHANGE
        return said

    def _reply(self, topic: Topic | None) -> str | None:
        if topic is None or topic is Topic.ANYTHING_ELSE:
            return self._open_end(topic)
        if topic is Topic.AGAIN:
            return self._last
        self._questions += 1
        if self._questions in self._interrupts:
            return self._interrupts.pop(self._questions)
        if topic is Topic.CHANGE:
            return self._change()
        return self._answer(topic)

    def _open_end(self, topic: Topic | None) -> str | None:
        """Nothing certain is asked: the next matter, or a polite end, once."""
        if self._goes_on:
            return self._goes_on.pop(0)
        if topic is None or self._said_nothing_else:
            return None
        self._said_nothing_else = True
        return self._answer(Topic.ANYTHING_ELSE)

    def _change(self) -> str:
        """What was said instead of a yes carries the correction already: it is said again."""
        if self._corrected or Topic.CONFIRM not in self._given:
            return self._answer(Topic.ANYTHING_ELSE)
        texts = self._task.answers[Topic.CONFIRM]
        return texts[min(self._given[Topic.CONFIRM], len(texts)) - 1]

    def _answer(self, topic: Topic) -> str:
        texts = self._task.answers.get(topic)
        if not texts:
            topic = Topic.ANYTHING_ELSE
            texts = self._task.answers.get(topic) or ("no",)
        given = self._given.get(topic, 0)
        self._given[topic] = given + 1
        return texts[min(given, len(texts) - 1)]
