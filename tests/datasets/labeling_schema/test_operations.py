import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.labeling_schema.mistakes import InvalidDocument
from datasets.labeling_schema.operations import apply_operations, carry_answer, heir


def leaf(key, **fields):
    return {"key": key, "names": {"en": key.title()}, **fields}


CLASSES = [leaf("pet"), leaf("cat", parent="pet"), leaf("kitten", parent="cat"), leaf("dog", parent="pet"), leaf("cow")]
DOCUMENT = {"questions": [
    {"key": "animal", "kind": "single_choice", "title": {"en": "Animal"}, "classes": CLASSES},
    {"key": "note", "kind": "text", "title": {"en": "Note"}},
]}  # fmt: skip


def op(name, **fields):
    return {"op": name, "question": "animal", **fields}


def after(*operations):
    changed = apply_operations(DOCUMENT, list(operations))
    return changed, changed.document.by_key["animal"]


def test_a_merge_retires_the_merged_and_lifts_what_stood_below():
    changed, question = after(op("merge", classes=["cat", "dog"], into="dog"))
    assert changed.moved == {"animal": {"cat": "dog"}}
    assert not changed.split
    assert question.by_key["cat"].retired
    assert question.by_key["kitten"].parent == "dog"


def test_a_class_that_goes_into_one_below_it_leaves_its_place_to_it():
    _, question = after(op("merge", classes=["cat"], into="kitten"))
    assert question.by_key["kitten"].parent == "pet"


def test_a_split_asks_again():
    changed, question = after(op("split", **{"class": "dog"}, into=[leaf("puppy"), leaf("hound"), "cow"]))
    assert changed.split == {"animal": ("dog",)}
    assert question.by_key["dog"].replaced_by == ("puppy", "hound", "cow")
    assert question.by_key["puppy"].parent == "pet"


def test_renaming_and_adding_move_nothing():
    changed, question = after(
        op("rename", **{"class": "cow"}, names={"en": "Cattle"}), op("add", **{"class": leaf("ox")})
    )
    assert changed.questions() == []
    assert question.by_key["cow"].names == {"en": "Cattle"}
    assert "ox" in question.selectable_keys


def test_what_follows_counts_for_what_went_before():
    changed, question = after(
        op("merge", classes=["kitten"], into="cat"),
        op("merge", classes=["cat"], into="dog"),
        op("retire", **{"class": "cow"}),
    )
    assert changed.moved == {"animal": {"kitten": "dog", "cat": "dog"}}
    assert changed.retired == {"animal": ("cow",)}
    assert heir(question, "kitten") == "dog"
    changed, _ = after(
        op("merge", classes=["kitten"], into="cat"), op("split", **{"class": "cat"}, into=[leaf("a"), leaf("b")])
    )
    assert changed.split == {"animal": ("kitten", "cat")}


@pytest.mark.parametrize(
    ("operation", "place", "word"),
    [
        ("merge", "operations[0].op", "one of add"),
        (op("melt"), "operations[0].op", "one of add"),
        (op("retire", question="colour", **{"class": "cow"}), "operations[0].question", "there are animal, note"),
        (op("retire", question="note", **{"class": "cow"}), "operations[0].question", "has no classes"),
        (op("retire", **{"class": "horse"}), "operations[0].class", "no class 'horse'"),
        (op("retire", **{"class": "pet"}), "operations", "'cat' stands below"),
        (op("merge", classes=["cow"], into="cow"), "operations[0].classes", "at least one class"),
        (op("merge", classes=["cow"]), "operations[0].into", "no class None"),
        (op("split", **{"class": "cow"}, into=[leaf("a")]), "operations[0].into", "at least two"),
        (op("split", **{"class": "cow"}, into=["cow", "dog"]), "operations[0].into", "two other"),
        (op("split", **{"class": "cow"}, into=[leaf("a"), 3]), "operations[0].into[1]", "A class is like"),
        (op("rename", **{"class": "cow"}), "operations[0].names", "by language"),
        (op("add", **{"class": leaf("cow")}), "questions[0].classes[5].key", "already belongs"),
        (op("rename", **{"class": "cow"}, names={"en": "Pet"}), "questions[0].classes", "tell them apart"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_place(operation, place, word):
    with pytest.raises(InvalidDocument) as caught:
        apply_operations(DOCUMENT, [operation])
    assert word in caught.value.errors[place][0]


def test_a_retired_class_takes_no_further_operation():
    with pytest.raises(InvalidDocument, match="retired already"):
        apply_operations(DOCUMENT, [op("retire", **{"class": "cow"}), op("merge", classes=["cow"], into="dog")])


def test_the_document_given_stays_as_it_was():
    after(op("merge", classes=["cat"], into="dog"))
    assert "retired" not in CLASSES[1]


LEAVES = ["cat", "kitten", "dog", "cow"]


@given(st.lists(st.tuples(st.sampled_from(LEAVES), st.sampled_from(LEAVES)), max_size=4), st.sampled_from(LEAVES))
def test_after_any_merges_every_answer_is_a_living_class(pairs, given_key):
    operations = []
    alive = set(LEAVES)
    for one, into in pairs:
        if one != into and {one, into} <= alive:
            operations.append(op("merge", classes=[one], into=into))
            alive.discard(one)
    changed, question = after(*operations)
    carried = carry_answer(question, {"choice": given_key})
    assert carried["choice"] in alive
    assert carry_answer(question, carried) == carried
    assert carried["choice"] == changed.moved.get("animal", {}).get(given_key, given_key)


def test_every_form_of_answer_is_carried():
    _, question = after(
        op("merge", classes=["cat"], into="dog"), op("split", **{"class": "cow"}, into=[leaf("a"), leaf("b")])
    )
    assert carry_answer(question, {"choices": ["cat", "dog", "pet"]}) == {"choices": ["dog", "pet"]}
    assert carry_answer(question, {"choices": ["cow", "dog"]}) is None
    assert carry_answer(question, {"shapes": [{"id": "x", "class": "cat"}]}) == {
        "shapes": [{"id": "x", "class": "dog"}]
    }
    assert carry_answer(question, {"shapes": [{"id": "x", "class": "cow"}]}) is None
    assert carry_answer(question, {"none": True}) == {"none": True}
