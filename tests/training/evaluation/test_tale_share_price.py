"""Tale T2: a share price predicted from its own history. No model may be said to beat "tomorrow is like today"."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from training.evaluation.regression import last_value_baseline, mean_baseline, report_regression, time_blocks

LAGS = 5


def lagged(series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.column_stack([series[i : len(series) - LAGS + i] for i in range(LAGS)]), series[LAGS:]


@pytest.mark.parametrize(
    "model", [LinearRegression(), RandomForestRegressor(n_estimators=20, random_state=0, n_jobs=1)]
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_model_beats_the_last_value_on_a_random_walk(model, seed):
    prices = 100 + np.cumsum(np.random.default_rng(seed).normal(0, 1, 3000))
    features, target = lagged(prices)
    cut = 1500
    predicted = model.fit(features[:cut], target[:cut]).predict(features[cut:])
    baseline = last_value_baseline(prices)[LAGS - 1 :][cut:]
    report = report_regression(
        target[cut:],
        predicted,
        baseline,
        baseline_name="last value",
        rng=np.random.default_rng(1),
        groups=time_blocks(len(predicted), 20),
    )
    if isinstance(model, LinearRegression):
        assert report.r2.value > 0.9  # it looks impressive, and means nothing
    assert report.against_baseline.verdict == "does_not_beat"
    assert "does not beat the baseline" in report.against_baseline.sentence


def test_a_model_that_knows_something_beats_it():
    rng = np.random.default_rng(5)
    steps = np.zeros(3000)
    for day in range(1, 3000):  # steps that persist: yesterday's step says something about today's
        steps[day] = 0.6 * steps[day - 1] + rng.normal()
    series = np.cumsum(steps)
    features, target = lagged(series)
    predicted = LinearRegression().fit(features[:1500], target[:1500]).predict(features[1500:])
    baseline = last_value_baseline(series)[LAGS - 1 :][1500:]
    report = report_regression(
        target[1500:], predicted, baseline, baseline_name="last value", rng=rng, groups=time_blocks(len(predicted), 20)
    )
    assert report.against_baseline.verdict == "beats"


def test_scores_equal_scikit_learn():
    rng = np.random.default_rng(2)
    truth = rng.normal(10, 3, 200)
    predicted = truth + rng.normal(0, 1, 200)
    report = report_regression(
        truth, predicted, mean_baseline(truth[:50], 200), baseline_name="mean", rng=rng, resamples=200
    )
    assert report.mae.value == pytest.approx(mean_absolute_error(truth, predicted))
    assert report.rmse.value == pytest.approx(root_mean_squared_error(truth, predicted))
    assert report.r2.value == pytest.approx(r2_score(truth, predicted))
    assert report.mae.low < report.mae.value < report.mae.high
    assert report.as_json()["against_baseline"]["verdict"] == "beats"
