import numpy as np
import pytest

from common.models import OutboxEvent
from common.problems import InvalidInput
from common.storage import object_store
from datasets.models import Item, Occurrence
from tests.training import factories
from training.models import Endpoint, ModelExport
from training.selectors.endpoints import errors_of
from training.selectors.files import read_predictions
from training.services.prediction import EndpointEmpty, Input, decide, predict, served
from training.services.predictors import PREDICTORS
from training.services.releases import create_endpoint, release

pytestmark = pytest.mark.django_db


def pictures(*keys, seed=77):
    rng = np.random.default_rng(seed)
    return [Input(data=factories.draw(key, rng), name=f"{key}.png") for key in keys]


def test_answers_kept_inputs_and_the_event_belong_together():
    owner = factories.project()
    endpoint = factories.released(owner)
    before = Item.objects.filter(project=owner).count()
    answers = predict(endpoint=endpoint, inputs=pictures("disc", "cross"))
    event = OutboxEvent.objects.get(name="PredictionsMade")
    assert event.payload["endpoint_id"] == endpoint.pk
    assert event.payload["model_version_id"] == endpoint.model_version_id
    assert [row["request_id"] for row in event.payload["predictions"]] == [a.request_id for a in answers]
    for answer, row in zip(answers, event.payload["predictions"], strict=True):
        assert sum(answer.probabilities.values()) == pytest.approx(1, abs=1e-4)
        assert answer.score == max(answer.probabilities.values()) or answer.score == pytest.approx(
            max(answer.probabilities.values()), abs=1e-6
        )
        assert row["predicted"] == answer.predicted
        assert Item.objects.get(pk=row["item_id"]).sha256 == answer.sha256
    assert Item.objects.filter(project=owner).count() == before + 2
    assert Occurrence.objects.filter(source=endpoint.source).count() == 2


def test_a_bad_picture_does_not_spoil_the_others():
    endpoint = factories.released(factories.project())
    good = pictures("disc", "square")
    answers = predict(endpoint=endpoint, inputs=[good[0], Input(data=b"hello", name="notes.txt"), good[1]])
    assert [bool(a.problem) for a in answers] == [False, True, False]
    assert "not a picture" in answers[1].problem
    assert len(OutboxEvent.objects.get(name="PredictionsMade").payload["predictions"]) == 2
    alone = predict(endpoint=endpoint, inputs=[good[1]])
    assert alone[0].probabilities == answers[2].probabilities


def test_what_an_endpoint_could_not_answer_is_counted_by_day_and_reason():
    owner = factories.project()
    endpoint = factories.released(owner)
    bad = Input(data=b"hello", name="notes.txt")
    predict(endpoint=endpoint, inputs=[bad, *pictures("disc"), bad])
    predict(endpoint=endpoint, inputs=[bad])
    ModelExport.objects.update(object_key="p/0/gone")
    PREDICTORS.clear()
    with pytest.raises(FileNotFoundError):
        predict(endpoint=endpoint, inputs=pictures("disc"))
    told = {(row.code, row.count) for row in errors_of(endpoint)}
    assert told == {("unreadable-picture", 3), ("model-failed", 1)}
    assert "not a picture" in errors_of(endpoint).get(code="unreadable-picture").last
    empty = create_endpoint(project=owner, name="empty", by=None)
    with pytest.raises(EndpointEmpty):
        predict(endpoint=empty, inputs=pictures("disc"))
    assert [(row.code, row.count) for row in errors_of(empty)] == [("endpoint-empty", 1)]


def test_a_release_in_between_does_not_part_the_answer_from_its_model():
    owner = factories.project()
    endpoint = factories.released(owner)
    asked = served(endpoint)
    other = factories.candidate(owner, line="others", seed=5, name="others")
    release(model=other, endpoint=endpoint, by=None, reason="Meanwhile.", despite_gate=True)
    predict(endpoint=endpoint, inputs=pictures("disc"), by=asked)
    assert OutboxEvent.objects.get(name="PredictionsMade").payload["model_version_id"] == asked[0].pk


def test_an_endpoint_that_logs_no_inputs_keeps_nothing_but_the_answer():
    owner = factories.project()
    endpoint = factories.released(owner)
    Endpoint.objects.update(log_inputs=False)
    endpoint.refresh_from_db()
    before = Item.objects.count()
    answers = predict(endpoint=endpoint, inputs=pictures("disc"))
    assert answers[0].predicted
    assert (answers[0].item_id, Item.objects.count()) == (None, before)
    assert OutboxEvent.objects.get(name="PredictionsMade").payload["predictions"][0]["item_id"] is None


def test_known_items_are_not_kept_again():
    owner = factories.project()
    endpoint = factories.released(owner)
    item = Item.objects.filter(project=owner).first()
    data = pictures("disc")[0].data
    answers = predict(
        endpoint=endpoint, inputs=[Input(data=data, name=item.sha256, item_id=item.pk, sha256=item.sha256)]
    )
    assert answers[0].item_id == item.pk
    assert not Occurrence.objects.filter(source=endpoint.source).exists()


def test_serving_says_what_training_said():
    """The same picture through the endpoint and through the run: one preprocessing, one model."""
    owner = factories.project()
    endpoint = factories.released(owner)
    model = endpoint.model_version
    found = read_predictions(model.evaluations.get(split="validation").predictions_key, 3)
    item = Item.objects.get(project=owner, sha256=found.items[4])
    with object_store().open(item.object_key) as stored:
        answer = predict(endpoint=endpoint, inputs=[Input(data=stored.read(), item_id=item.pk)])[0]
    told = [answer.probabilities[key] for key in factories.KEYS]
    assert told == pytest.approx(found.probabilities[4].tolist(), abs=1e-4)


def test_the_session_is_loaded_once():
    endpoint = factories.released(factories.project())
    PREDICTORS.clear()
    predict(endpoint=endpoint, inputs=pictures("disc"))
    loaded = dict(PREDICTORS._predictors)
    predict(endpoint=endpoint, inputs=pictures("cross"))
    assert dict(PREDICTORS._predictors) == loaded
    assert len(loaded) == 1


def test_no_model_no_pictures_too_many():
    owner = factories.project()
    empty = create_endpoint(project=owner, name="empty", by=None)
    with pytest.raises(EndpointEmpty, match="No model was released"):
        predict(endpoint=empty, inputs=pictures("disc"))
    with pytest.raises(InvalidInput, match="no picture"):
        predict(endpoint=empty, inputs=[])
    with pytest.raises(InvalidInput, match="At most 100"):
        predict(endpoint=empty, inputs=[Input(data=b"")] * 101)


@pytest.mark.parametrize(
    ("threshold", "probabilities", "predicted", "flagged"),
    [
        (None, [0.5, 0.2, 0.3], "disc", None),
        (0.25, [0.5, 0.2, 0.3], "cross", True),
        (0.35, [0.5, 0.2, 0.3], "disc", False),
        (0.95, [0.03, 0.05, 0.92], "square", False),
    ],
)
def test_the_threshold_decides_for_the_class_of_concern(threshold, probabilities, predicted, flagged):
    model = factories.ModelVersion(
        threshold=threshold, class_of_concern="cross",
        serving_card={"kind": "single_choice", "classes": [{"key": key, "name": key} for key in factories.KEYS]},
    )  # fmt: skip
    made = decide(np.array(probabilities), model, 2)
    assert (made.predicted, made.is_flagged) == (predicted, flagged)
    assert len(made.probabilities) == 2
