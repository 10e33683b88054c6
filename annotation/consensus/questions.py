"""Several questions about one item, counted one by one in the order in which they hang on each other."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from datasets.labeling_schema.answers import answer_token, is_asked
from datasets.labeling_schema.document import Question

Answer = dict[str, Any]


class Counted(Protocol):
    """What counting said about one item: its answer, how probable it is, and by how many labels."""

    @property
    def answer(self) -> Answer: ...

    @property
    def posterior(self) -> float: ...


@dataclass(frozen=True, kw_only=True)
class Vote:
    """What one annotator said to one question about one item. answer: canonical."""

    item: int
    annotator: int
    answer: Answer


@dataclass(kw_only=True)
class ItemParts:
    """What is known of one item, by question in the order in which they are asked.

    answers: settled ones, counted (the leading class, however sure) or compared. counted: the counted ones in full.
    unsettled: questions that are asked and have no answer: nobody could tell, or what is compared differs.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    counted: dict[str, Counted] = field(default_factory=dict)
    unsettled: list[str] = field(default_factory=list)

    @property
    def posterior(self) -> float:
        """Of the question that is least sure; 0 while nothing is counted."""
        return min((one.posterior for one in self.counted.values()), default=0.0)


Given = Mapping[int, Mapping[int, Mapping[str, Answer]]]
"""Item to annotator to question to canonical answer."""


def settle_by_question(
    asked: Sequence[Question],
    given: Given,
    count: Callable[[Question, Sequence[Vote]], Mapping[int, Counted]],
    compare: Callable[[Question, int, Sequence[Answer]], Answer | None],
) -> dict[int, ItemParts]:
    """Each question for itself: choices are counted, anything else is compared.

    asked: all questions of the queue; one that has a condition stands behind the question it hangs on. A question is
    asked of an item when the settled answers so far say so, whatever some people were asked by their own: what was
    said where the consensus closes the condition says nothing about the item and is left out, from what is learned
    about people too. Who was not asked is missing, as is who could not tell. A question behind an unsettled one is not
    looked at.

    count: gets the votes of a question that give a class; returns what it found by item. compare: gets a question that
    is not counted, the item and all answers to it (one or more); returns the one that stands, or None.

    The dependence of questions on each other, beyond their conditions, is ignored: each posterior is what it would be
    if its question were asked alone of the same people. So the order of questions without conditions is of no matter,
    and an item whose m questions are each right with probability p or more is all right with p^m or more if they err
    independently, and with 1 - m(1 - p) or more whatever they do (Bonferroni's inequality).
    Source: Dawid and Skene 1979 for each question; counting questions apart is the "binary relevance" of Tsoumakas and
    Katakis 2007, IJDWM 3:1-13, for labels of several parts.
    """
    found = {item: ItemParts() for item in given}
    for question in asked:
        here = [item for item in given if is_asked(question, asked, found[item].answers)]
        said = {item: [(a, parts[question.key]) for a, parts in given[item].items() if question.key in parts]
                for item in here}  # fmt: skip
        if question.is_choice:
            votes = [
                Vote(item=item, annotator=annotator, answer=answer)
                for item, answers in said.items()
                for annotator, answer in answers
                if "cannot_tell" not in answer
            ]
            for item, counted in (count(question, votes) if votes else {}).items():
                found[item].counted[question.key] = counted
                found[item].answers[question.key] = counted.answer
        else:
            for item, answers in said.items():
                stands = compare(question, item, [answer for _, answer in answers]) if answers else None
                if stands is not None:
                    found[item].answers[question.key] = stands
        for item in here:
            if question.key not in found[item].answers:
                found[item].unsettled.append(question.key)
    return found


def right_parts(counted: Sequence[str], known: Answer, given: Answer) -> dict[str, bool]:
    """Whether an answer gives each counted question of a known one as it is known; both canonical, whole or parts.

    counted: keys of the questions with classes. A question that only one of the two was asked is wrong, where the
    other says something to it: its condition was opened or closed wrongly. Of an answer to one question the key is "".
    >>> right_parts(["animal"], {"answers": {"animal": {"choice": "cat"}, "legs": {"number": 4}}},
    ...             {"answers": {"animal": {"choice": "cat"}, "legs": {"number": 3}}})
    {'animal': True}
    """
    if "answers" not in known:
        return {"": answer_token(given) == answer_token(known)}
    truth, said = known["answers"], given.get("answers", {})
    return {
        key: key in truth and key in said and answer_token(said[key]) == answer_token(truth[key])
        for key in counted
        if key in truth or key in said
    }


def is_right(counted: Sequence[str], known: Answer, given: Answer) -> bool:
    """Whether all counted questions are right, and there is one."""
    parts = right_parts(counted, known, given)
    return bool(parts) and all(parts.values())


def by_item(rows: Sequence[tuple[int, int, Mapping[str, Answer]]]) -> Given:
    """(item, annotator, answers by question) in one table."""
    found: dict[int, dict[int, Mapping[str, Answer]]] = defaultdict(dict)
    for item, annotator, parts in rows:
        found[item][annotator] = parts
    return found
