"""What stands of answers that have no closed list: numbers, texts, shapes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from annotation.agreement.answer_agreement import agreement_of, most_typical, span_of
from annotation.models import Queue, ReviewPlan, TaskPayload
from annotation.selectors.asked import asked_of
from annotation.services.consensus_numbers import alike
from datasets.labeling_schema.document import Question


class Comparison:
    """The answer that all gave; where the review plan says how much agreement is enough, the one that agrees most.

    alive: called for each item; comparing shapes takes some ms, and who shows no life loses the job.
    """

    def __init__(self, queue: Queue, alive: Callable[[], None]) -> None:
        self.alive = alive
        plans = ReviewPlan.objects.filter(queue=queue)
        self.enough: float | None = plans.values_list("agreement_below", flat=True).first()
        self.sides: Mapping[int, float] = {}
        if self.enough is not None and any(one.kind == "shapes" for one in asked_of(queue)):
            sizes = TaskPayload.objects.filter(queue=queue).values_list("item_id", "width", "height")
            self.sides = {item: max(width or 0, height or 0) for item, width, height in sizes.iterator()}

    def __call__(self, question: Question, item: int, answers: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
        self.alive()
        same = alike(question, item, answers)
        if same is not None or self.enough is None or len(answers) < 2:
            return same
        side = self.sides.get(item, 0)
        if agreement_of(answers, span=span_of(question), side=side) < self.enough:
            return None
        typical = answers[most_typical((question,), answers, side=side)]
        return None if "cannot_tell" in typical else typical
