"""What shapes were drawn by stays: points of skeletons, kinds and answers of attributes."""

import copy

import pytest

from common.problems import InvalidInput
from datasets.labeling_schema.reading import parse_document
from datasets.services.schemas import refuse_lost_keys

BEFORE = {"questions": [{
    "key": "parts", "kind": "shapes", "title": {"en": "Parts"}, "tools": ["box", "keypoints"],
    "classes": [{"key": "hand", "names": {"en": "Hand"}}],
    "skeletons": [{"key": "hand", "names": ["wrist", "tip"], "edges": [[0, 1]]}],
    "attributes": [{"key": "hidden", "kind": "single_choice", "title": {"en": "How much is hidden?"},
                    "classes": [{"key": "none", "names": {"en": "None"}}, {"key": "half", "names": {"en": "Half"}}]}],
}]}  # fmt: skip

OTHER = {"key": "other", "names": {"en": "Other"}}


def changed(what, change):
    """The document before with one part of its question changed."""
    document = copy.deepcopy(BEFORE)
    question = document["questions"][0]
    question[what] = change(question[what])
    return document


def refuse(document):
    refuse_lost_keys(parse_document(BEFORE), parse_document(document))


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("skeletons", lambda old: [old[0] | {"names": ["carpus", "end"], "edges": []}]),
        ("skeletons", lambda old: [old[0] | {"layout": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]}]),
        ("skeletons", lambda old: [{"key": "foot", "names": ["heel"]}, *old]),
        ("attributes", lambda old: [old[0] | {"required": True, "for_classes": ["hand"], "title": {"en": "Hidden?"}}]),
        ("attributes", lambda old: [
            old[0] | {"classes": [*old[0]["classes"], {"key": "all", "names": {"en": "All"}}]},
            {"key": "note", "kind": "text", "title": {"en": "Note"}},
        ]),
    ],
)  # fmt: skip
def test_names_places_edges_and_more_of_everything_may_come(what, change):
    refuse(changed(what, change))


@pytest.mark.parametrize(
    ("what", "change", "sentence"),
    [
        ("skeletons", lambda old: [{"key": "foot", "names": ["heel"]}], "drawn by the skeleton 'hand'"),
        ("skeletons", lambda old: [old[0] | {"names": ["wrist", "tip", "nail"]}], "none may come or go"),
        ("attributes", lambda old: [], "values of the attribute 'hidden'"),
        (
            "attributes",
            lambda old: [{"key": "hidden", "kind": "text", "title": {"en": "How?"}}],
            "keep it with its kind",
        ),
        ("attributes", lambda old: [old[0] | {"classes": [old[0]["classes"][0], OTHER]}], "and its answers"),
    ],
)
def test_what_shapes_were_drawn_by_does_not_go(what, change, sentence):
    with pytest.raises(InvalidInput, match=sentence) as caught:
        refuse(changed(what, change))
    assert list(caught.value.context["errors"]) == ["document.parts"]
