import pytest

from tests.training import factories
from training.models import EpochPoint
from training.selectors.runs import curves, thinned
from training.services import runs


def line(fold, epochs):
    return [EpochPoint(fold=fold, epoch=epoch, train_loss=1.0) for epoch in range(1, epochs + 1)]


def test_long_curves_are_thinned_and_keep_their_ends():
    points = line(0, 3000) + line(1, 2000)
    kept = thinned(points)
    assert len(kept) <= 500
    for fold, last in ((0, 3000), (1, 2000)):
        epochs = [p.epoch for p in kept if p.fold == fold]
        assert (epochs[0], epochs[-1]) == (1, last)
        assert epochs == sorted(set(epochs))
    short = line(0, 20)
    assert thinned(short) == short


@pytest.mark.django_db
def test_curves_say_how_many_epochs_there_were():
    version = factories.frozen_version(factories.project(), counts={"disc": 1, "cross": 1})
    run = runs.start_run(project=version.project, version=version, recipe="small_cnn", by=None, with_baselines=False)
    EpochPoint.objects.bulk_create([EpochPoint(run=run, fold=0, epoch=e, train_loss=1 / e) for e in range(1, 701)])
    found = curves(run)
    assert (found["epochs"], len(found["points"]), found["metric"], found["overfitting"]) == (
        700,
        500,
        "accuracy",
        None,
    )
