"""Several questions counted one by one: a worked example, laws, and how often accepted items are right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.consensus.questions import by_item, is_right, right_parts, settle_by_question
from annotation.selectors.answers import CurrentAnswer
from annotation.services.consensus_numbers import alike, compute
from datasets.labeling_schema.document import Condition, LabelClass, Question


def choice(key, *classes, when=None, kind="single_choice"):
    shown = tuple(LabelClass(key=one, names={}) for one in classes)
    return Question(key=key, kind=kind, title={}, classes=shown, allow_none=True, allow_cannot_tell=True, when=when)


ANIMAL = choice("animal", "cat", "dog", "cow")
COAT = choice("coat", "black", "white", when=Condition(question="animal", has=("cat",)))
TONE = choice("tone", "a", "b", "c", "d")
TAGS = choice("tags", "wet", "old", kind="multiple_choice")
LEGS = Question(key="legs", kind="number", title={}, allow_cannot_tell=True)


def said(item, annotator, *, gold=False, **parts):
    answers = {key: {"choice": value} if isinstance(value, str) else value for key, value in parts.items()}
    return CurrentAnswer(
        item_id=item, task_id=item, annotator_id=annotator, answer={"answers": answers}, flagged=False, is_gold=gold,
        is_complete=True,
    )  # fmt: skip


def number(value):
    return {"number": value}


def test_the_worked_example():
    """Three people about one item: two see a cat, and are asked for its coat; the dog of the third has none."""
    answers = [
        said(1, 1, animal="cat", coat="black", legs=number(4)),
        said(1, 2, animal="cat", coat="white", legs=number(4)),
        said(1, 3, animal="dog", legs=number(3)),
    ]
    (found,) = compute((ANIMAL, COAT, LEGS), answers, method="majority", seed=0).items
    assert found.answer["answers"]["animal"] == {"choice": "cat"}
    shares = {key: (round(part["posterior"], 3), part["n"]) for key, part in found.parts.items()}
    assert shares == {"animal": (0.667, 3), "coat": (0.5, 2)}
    assert found.posterior == pytest.approx(0.5)
    assert found.entropy == pytest.approx(sum(part["entropy"] for part in found.parts.values()))
    assert (found.unsettled, found.n) == (("legs",), 3)


def test_a_condition_that_the_consensus_closes_drops_the_question():
    answers = [
        said(1, 1, animal="cat", coat="black"),
        said(1, 2, animal="dog"),
        said(1, 3, animal="dog"),
        said(2, 1, animal="cat", coat="white"),
        said(2, 2, animal="cat", coat="white"),
        said(2, 3, animal="cat", coat="white"),
    ]
    numbers = compute((ANIMAL, COAT), answers, method="majority", seed=0)
    first, second = numbers.items
    assert (first.answer["answers"], set(first.parts), first.unsettled) == (
        {"animal": {"choice": "dog"}},
        {"animal"},
        (),
    )
    assert second.parts["coat"]["n"] == 3
    # What was said of the dog's coat teaches nothing about anybody either.
    assert numbers.summary["questions"]["coat"]["n_answers"] == 3
    assert numbers.people["coat"].agreement[1].value == 1


def test_what_nobody_can_tell_is_unsettled_and_what_hangs_on_it_is_not_asked():
    unknown = {"cannot_tell": True}
    answers = [said(1, 1, animal=unknown, tone="a"), said(1, 2, animal=unknown, tone="a")]
    (found,) = compute((ANIMAL, COAT, TONE), answers, method="majority", seed=0).items
    assert (found.unsettled, set(found.parts), found.posterior) == (("animal",), {"tone"}, 1)
    assert compute((ANIMAL, LEGS), [said(1, 1, animal=unknown, legs=number(4))], method="majority", seed=0).items == []


def test_opened_by_the_consensus_and_answered_by_nobody_it_is_unsettled():
    """Two classes of two people are both in by half of the votes; each alone did not open the condition."""
    asks = choice("more", "yes", "no", when=Condition(question="tags", has=("old",)))
    votes = [said(1, n, tags={"choices": ["wet"]}) for n in (1, 2)]
    found = settle_by_question(
        (TAGS, asks),
        by_item([(one.item_id, one.annotator_id, one.answer["answers"]) for one in votes]),
        lambda question, _: {1: Fixed()} if question is TAGS else {},
        alike,
    )
    assert found[1].unsettled == ["more"]


class Fixed:
    answer = {"choices": ["old", "wet"]}
    posterior = 0.9


def test_gold_teaches_about_people_and_has_no_estimate():
    answers = [said(item, n, animal="cow", gold=item == 1) for item in (1, 2) for n in (1, 2)]
    numbers = compute((ANIMAL, LEGS), answers, method="majority", seed=0)
    assert [one.item_id for one in numbers.items] == [2]
    assert numbers.people["animal"].agreement[1].n == 2


KNOWN = {"answers": {"animal": {"choice": "cat"}, "coat": {"choice": "black"}, "legs": number(4)}}


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ({"animal": {"choice": "cat"}, "coat": {"choice": "black"}, "legs": number(3)}, {"animal": True, "coat": True}),
        ({"animal": {"choice": "cat"}, "coat": {"choice": "white"}}, {"animal": True, "coat": False}),
        ({"animal": {"choice": "dog"}}, {"animal": False, "coat": False}),
        ({}, {"animal": False, "coat": False}),
    ],
)
def test_an_answer_to_gold_is_right_when_all_that_is_counted_is(given, parts):
    assert right_parts(["animal", "coat"], KNOWN, {"answers": given}) == parts
    assert is_right(["animal", "coat"], KNOWN, {"answers": given}) == all(parts.values())


def test_gold_of_one_question_is_compared_as_it_always_was():
    assert is_right([], {"choice": "cat"}, {"choice": "cat"})
    assert not is_right([], {"choice": "cat"}, {"cannot_tell": True})


def plain(item, annotator, answer):
    return CurrentAnswer(
        item_id=item, task_id=item, annotator_id=annotator, answer=answer, flagged=False, is_gold=False,
        is_complete=True,
    )  # fmt: skip


LABELS = st.lists(
    st.tuples(
        st.integers(0, 9), st.integers(0, 4), st.sampled_from(["cat", "dog", "cow", None]),
        st.sampled_from(["a", "b", "c", None]),
    ),
    min_size=1, max_size=40, unique_by=lambda row: row[:2],
)  # fmt: skip


def part(key):
    return {"choice": key} if key else {"cannot_tell": True}


@settings(max_examples=25, deadline=None)
@given(rows=LABELS, method=st.sampled_from(["majority", "dawid_skene"]))
def test_a_question_among_others_gets_exactly_what_it_gets_alone(rows, method):
    together = [said(i, n, animal=part(animal), tone=part(tone), legs=number(4)) for i, n, animal, tone in rows]
    alone = [plain(i, n, part(animal)) for i, n, animal, _ in rows]
    one = compute((ANIMAL,), alone, method=method, seed=5)
    several = compute((ANIMAL, TONE, LEGS), together, method=method, seed=5)
    expected = {
        item.item_id: (item.answer, item.posterior, item.entropy, item.n, item.distribution) for item in one.items
    }
    found = {
        item.item_id: (
            item.answer["answers"]["animal"], *(item.parts["animal"][key] for key in ("posterior", "entropy", "n")),
            item.parts["animal"]["distribution"],
        )
        for item in several.items
        if "animal" in item.parts
    }  # fmt: skip
    assert found == expected
    assert several.people.get("animal") == one.people.get("")
    assert several.summary["questions"]["animal"]["agreement"] == one.summary["agreement"]


@settings(max_examples=15, deadline=None)
@given(rows=LABELS, order=st.permutations(range(3)))
def test_the_order_of_questions_without_conditions_is_of_no_matter(rows, order):
    asked = (ANIMAL, TONE, LEGS)
    answers = [said(i, n, animal=part(animal), tone=part(tone), legs=number(n % 2)) for i, n, animal, tone in rows]

    def told(questions):
        numbers = compute(questions, answers, method="dawid_skene", seed=2)
        items = {
            one.item_id: (one.answer, one.parts, one.posterior, set(one.unsettled), one.n, pytest.approx(one.entropy))
            for one in numbers.items
        }
        return items, numbers.people, numbers.summary

    assert told([asked[place] for place in order]) == told(asked)


@settings(max_examples=15, deadline=None)
@given(rows=LABELS)
def test_an_item_is_as_sure_as_its_least_sure_question(rows):
    answers = [said(i, n, animal=part(animal), tone=part(tone)) for i, n, animal, tone in rows]
    for one in compute((ANIMAL, TONE), answers, method="dawid_skene", seed=1).items:
        assert one.posterior == min(each["posterior"] for each in one.parts.values())
        assert set(one.unsettled) | set(one.answer["answers"]) == {"animal", "tone"}


def crowd(n_items, rng):
    """(truth, answers): ten people, right in 60% to 95%, five to an item; the coat is asked by one's own animal."""
    skill = rng.uniform(0.6, 0.95, 10)
    truth, answers = {}, []
    for item in range(n_items):
        animal, tone, coat = rng.choice(["cat", "dog", "cow"]), rng.choice(list("abcd")), rng.choice(["black", "white"])
        truth[item] = {"animal": str(animal), "tone": str(tone)} | ({"coat": str(coat)} if animal == "cat" else {})

        def give(question, right, who):
            keys = [one.key for one in question.classes]
            wrong = [key for key in keys if key != right]
            return str(right if rng.random() < skill[who] else rng.choice(wrong))

        for who in rng.choice(10, 5, replace=False):
            parts = {"animal": give(ANIMAL, animal, who), "tone": give(TONE, tone, who)}
            if parts["animal"] == "cat":
                parts["coat"] = give(COAT, coat, who)
            answers.append(said(item, int(who), **parts))
    return truth, answers


def accuracy_of_accepted(threshold, numbers, truth):
    """(share of accepted items with every question right, share of their counted answers right, share accepted)."""
    accepted = [one for one in numbers.items if one.posterior >= threshold and not one.unsettled]
    told = {one.item_id: {key: part["choice"] for key, part in one.answer["answers"].items()} for one in accepted}
    whole = np.mean([told[item] == truth[item] for item in told])
    each = np.mean([answer == truth[item].get(key) for item in told for key, answer in told[item].items()])
    return float(whole), float(each), len(accepted) / len(numbers.items)


@pytest.mark.parametrize("threshold", [0.8, 0.9, 0.95])
def test_accepted_answers_are_right_about_as_often_as_the_threshold_says(threshold):
    truth, answers = crowd(800, np.random.default_rng(11))
    numbers = compute((ANIMAL, COAT, TONE), answers, method="dawid_skene", seed=1)
    whole, each, share = accuracy_of_accepted(threshold, numbers, truth)
    assert each >= threshold
    assert whole >= 1 - 3 * (1 - threshold)  # Bonferroni, three questions
    assert share > 0.4


def test_an_item_whose_classes_hang_on_shapes_that_differ_is_left_to_settle():
    def head(x):
        return {"shapes": [{"id": "a", "kind": "box", "class": "head", "x": x, "y": 1, "width": 5, "height": 5}]}

    parts = Question(key="parts", kind="shapes", title={}, classes=(LabelClass(key="head", names={}),))
    hat = choice("hat", "none", "red", when=Condition(question="parts", has=("head",)))
    answers = [
        said(1, 1, parts=head(1), hat={"choice": "red"}), said(1, 2, parts=head(2), hat={"choice": "none"}),
        said(2, 1, parts=head(1), hat={"choice": "red"}), said(2, 2, parts=head(1), hat={"choice": "red"}),
    ]  # fmt: skip
    one, two = compute((parts, hat), answers, method="majority", seed=0).items
    assert (one.item_id, one.answer, one.parts, one.unsettled) == (1, {"answers": {}}, {}, ("parts",))
    assert (one.posterior, one.n) == (0, 0)
    assert (two.posterior, two.unsettled) == (1, ())
