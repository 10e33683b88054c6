import pytest

from common.problems import InvalidInput
from datasets.labeling_schema.reading import parse_document
from tests.training.factories import document
from training.selectors.targets import Target, target_classes

PARENTS = {"disc": "round", "square": "angular", "cross": "angular"}
DOCUMENT = parse_document(document(parents=PARENTS))


def keys(found):
    return [c.key for c in found.classes]


def test_without_a_level_the_labelled_class_is_learned():
    found = target_classes(DOCUMENT, Target(question="shape"), present={"disc", "square", "cross"})
    assert (keys(found), found.kind) == (["disc", "square", "cross"], "single_choice")


def test_a_level_takes_labels_up_also_those_that_a_version_took_up_already():
    found = target_classes(DOCUMENT, Target(question="shape", level=0))
    assert keys(found) == ["round", "angular"]
    assert found.of_key == {
        "round": "round",
        "angular": "angular",
        "disc": "round",
        "square": "angular",
        "cross": "angular",
    }
    assert keys(target_classes(DOCUMENT, Target(question="shape", level=5), present={"disc", "cross"})) == [
        "disc",
        "cross",
    ]


def test_of_two_classes_the_one_of_concern_comes_second():
    two = Target(question="shape", level=0)
    assert keys(target_classes(DOCUMENT, two, concern="round")) == ["angular", "round"]
    assert keys(target_classes(DOCUMENT, two, concern="angular")) == ["round", "angular"]


def test_classes_can_be_left_out_by_leaf_and_by_branch():
    left = Target(question="shape", left_out=("cross",))
    assert keys(target_classes(DOCUMENT, left, present=set(PARENTS))) == ["disc", "square"]
    branch = target_classes(DOCUMENT, Target(question="shape", level=0, left_out=("round",)))
    assert set(branch.of_key) == {"angular", "square", "cross"}
    with pytest.raises(InvalidInput, match="no class “moon”"):
        target_classes(DOCUMENT, Target(question="shape", left_out=("moon",)))
