from pathlib import Path

import numpy as np
import pytest

from accounts.models import Job
from datasets.models import Report
from datasets.selectors.reports import latest
from datasets.services.attributes import define_attribute
from datasets.services.imports import ImportRequest, request_import
from datasets.services.understanding import request_understanding
from tests.datasets import factories
from tests.datasets.runs import finish

pytestmark = pytest.mark.django_db


def test_a_column_that_is_known_only_after_the_fact_is_a_leak(tmp_path: Path) -> None:
    """Tale T6: "has been diagnosed" predicts the diagnosis."""
    project = factories.project()
    schema = factories.schema(project)
    rng = np.random.default_rng(3)
    lines = ["id,age,diagnosed,blood,latitude,longitude,label"]
    for n in range(300):
        ill = rng.random() < 0.4
        age = round(float(rng.normal(60 if ill else 55, 12)), 1)
        blood = "" if rng.random() < 0.1 else rng.choice(["a", "b", "ab", "o"])
        place = f"{37 + n / 1000},{127 + n / 1000}" if n < 40 else ","
        lines.append(f"{n},{age},{'yes' if ill else 'no'},{blood},{place},{'cat' if ill else 'dog'}")
    (tmp_path / "manifest.csv").write_text("\n".join(lines))
    request = ImportRequest(path=str(tmp_path), label_schema=schema, question="animal")
    run = request_import(project=project, source=factories.source(project), request=request, by=None, trusted_path=True)
    assert finish(run.job).state == "succeeded"
    define_attribute(project=project, name="diagnosed", known_at_prediction="no")
    define_attribute(project=project, name="age", known_at_prediction="yes")
    report = request_understanding(project=project)
    assert finish(report.job).state == "succeeded"
    found = latest(project, Report.Kind.UNDERSTAND)
    assert found is not None
    result = found.result
    judged = {one["name"]: one["judgement"] for one in result["leaks"]["findings"]}
    assert judged["diagnosed"] == "leak"
    assert judged["blood"] != "leak"
    assert judged["age"] in ("associated", "nothing")
    assert "diagnosed" in result["leaks"]["verdict"]
    assert result["leaks"]["not_known"] == ["diagnosed"]
    missing = {one["name"]: one["n_missing"] for one in result["missing"]["columns"]}
    assert 10 < missing["blood"] < 60
    assert (result["map"]["n_located"], len(result["map"]["points"])) == (40, 40)
    (age,) = [one for one in result["numbers"] if one["name"] == "age"]
    assert sum(age["histogram"]["counts"]) + age["histogram"]["below"] + age["histogram"]["above"] == 300


def test_duplicates_and_issues_are_shown(tmp_path: Path) -> None:
    project = factories.project()
    for seed in range(4):
        (tmp_path / f"{seed}.png").write_bytes(factories.picture(seed))
    (tmp_path / "again.png").write_bytes(factories.picture(0))
    (tmp_path / "resized.png").write_bytes(factories.picture(1, width=96, height=80))
    (tmp_path / "wide.png").write_bytes(factories.picture(9, width=400, height=20))
    run = request_import(
        project=project, source=factories.source(project), request=ImportRequest(path=str(tmp_path)), by=None,
        trusted_path=True,
    )  # fmt: skip
    finish(run.job)
    finish(Job.objects.get(project=project, kind="datasets.derive"))
    finish(request_understanding(project=project).job)
    found = latest(project, Report.Kind.UNDERSTAND)
    assert found is not None
    result = found.result
    assert (result["balance"], result["n_labelled"]) == (None, 0)
    assert result["leaks"]["reason"]
    assert (result["duplicates"]["n_exact"], result["duplicates"]["n_near_groups"]) == (1, 1)
    assert "odd-ratio" in {one["code"] for one in result["issues"]["codes"]}


def test_without_items_the_job_says_what_to_do() -> None:
    report = request_understanding(project=factories.project())
    job = finish(report.job)
    assert (job.state, job.error["detail"]) == ("failed", "There are no items to look at yet. Import some first.")
