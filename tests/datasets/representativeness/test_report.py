import numpy as np
import pytest

from datasets.profiling.columns import category_column, number_column
from datasets.representativeness.paired_histogram import MAX_BARS, paired_categories, paired_numbers
from datasets.representativeness.report import Gates, Look, compare


def table(rng, n, *, brightness=0.6, phone=0.1, gaps=0.05):
    width = rng.choice([640.0, 1024.0, 4000.0], n, p=[0.3, 0.6, 0.1])
    return [
        number_column("brightness", rng.normal(brightness, 0.1, n)),
        number_column("width", width),
        number_column("sharpness", np.where(rng.random(n) < gaps, np.nan, rng.lognormal(5, 1, n))),
        category_column("camera", rng.choice(["studio", "phone"], n, p=[1 - phone, phone]).tolist()),
        category_column("dish", rng.choice(["soup", "rice", "noodles", None], n).tolist()),
    ]


def test_tale_t3_the_food_app_trained_on_studio_pictures():
    """Training pictures are bright studio pictures, production is phone pictures: caught before release."""
    rng = np.random.default_rng(0)
    training, production = table(rng, 800), table(rng, 300, brightness=0.45, phone=0.9)
    embedded = rng.normal(size=(800, 16)), rng.normal(size=(300, 16))
    embedded[1][:250, :3] += 1.5
    report = compare(training, production, rng=rng, reference_embeddings=embedded[0], current_embeddings=embedded[1])
    flagged = [row.name for row in report.attributes if row.flagged]
    assert set(flagged) == {"camera", "brightness"}
    assert report.look is Look.DIFFERENT
    assert report.classifier_flagged
    assert report.auc.low > 0.7
    assert np.mean(report.most_different[:50] < 250) > 0.95
    assert "Production does not look like the training data: 2 of 5 attributes differ" in report.verdict
    camera = next(row for row in report.attributes if row.name == "camera")
    assert "“phone”" in camera.sentence or "“studio”" in camera.sentence
    assert all(row.histogram is None or len(row.histogram.reference) <= 30 for row in report.attributes)


def test_without_a_shift_hardly_ever_anything_is_flagged():
    rng = np.random.default_rng(1)
    flagged_without_gate = flagged = 0
    for _ in range(80):
        embeddings = rng.normal(size=(120, 4)), rng.normal(size=(90, 4))
        report = compare(
            table(rng, 120),
            table(rng, 90),
            rng=rng,
            reference_embeddings=embeddings[0],
            current_embeddings=embeddings[1],
            gates=Gates(ks_d=0, cramers_v=0, auc=0),
        )
        flagged_without_gate += any(row.flagged for row in report.attributes) or report.classifier_flagged
        flagged += report.look is Look.DIFFERENT
    assert flagged == flagged_without_gate
    assert flagged_without_gate <= 11  # 5% of 80 is 4; 11 is exceeded once in a thousand


def test_a_tiny_shift_in_many_rows_is_significant_but_not_flagged():
    rng = np.random.default_rng(2)
    a = [number_column("x", rng.normal(size=100_000))]
    b = [number_column("x", rng.normal(0.03, 1, 100_000))]
    (row,) = compare(a, b, rng=rng).attributes
    assert row.q_value < 0.001
    assert not row.flagged


def test_a_change_in_missing_values_is_seen_on_its_own():
    rng = np.random.default_rng(3)
    report = compare(table(rng, 500), table(rng, 500, gaps=0.5), rng=rng)
    assert [(row.name, row.kind) for row in report.attributes if row.flagged] == [("sharpness", "missing")]


def test_information_is_there_and_the_seed_decides():
    training, production = table(np.random.default_rng(4), 300), table(np.random.default_rng(5), 200, brightness=0.5)
    first, second = (compare(training, production, rng=np.random.default_rng(6)) for _ in range(2))
    assert first.attributes == second.attributes
    top = first.attributes[0]
    assert (top.name, top.kind, top.test.effect_name) == ("brightness", "number", "D")
    assert top.psi > 0.2
    assert 0 < top.jensen_shannon < 1
    assert first.n_tests == 7  # five columns and two with missing values
    assert first.classifier is None
    assert first.most_different.size == 0


def test_what_cannot_be_compared():
    rng = np.random.default_rng(7)
    empty = compare([number_column("a", [1.0] * 5)], [number_column("b", [1.0] * 5)], rng=rng)
    assert empty.look is Look.UNKNOWN
    with pytest.raises(ValueError, match="on the other"):
        compare([number_column("a", [1.0])], [category_column("a", ["1"])], rng=rng)
    with pytest.raises(ValueError, match="embeddings"):
        compare([], [], rng=rng, reference_embeddings=np.ones((3, 2)))


def test_paired_histograms_count_everything():
    rng = np.random.default_rng(8)
    a, b = rng.normal(size=500), rng.normal(3, 1, 200)
    a[:7] = np.nan
    h = paired_numbers(a, b)
    assert (sum(h.reference), sum(h.current), h.missing_reference) == (493, 200, 7)
    assert len(h.edges) == len(h.reference) + 1 <= MAX_BARS + 1
    words = [str(i % 50) for i in range(500)] + [None]
    values = category_column("x", words).values
    h = paired_categories(values, values[:100])
    assert len(h.labels) == MAX_BARS
    assert h.labels[-1] == "(other)"
    assert (sum(h.reference), sum(h.current), h.missing_reference) == (500, 100, 1)
    assert paired_numbers(np.array([np.nan]), np.array([])).edges == ()
