"""The project's model at a glance: the champion, or the newest candidate while there is none."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import Project
from common.said import Phrase, Said
from training.models import ModelVersion, Stage
from training.selectors.models import headline

NOT_COMPARED = Phrase("home.model.notCompared", "It has not been compared with a baseline.")


@dataclass(frozen=True, kw_only=True)
class ModelGlance:
    """estimate: the metric as JSON, or None while nothing is judged. said: the verdict against the baseline."""

    public_id: UUID
    name: str
    stage: str
    beats_baseline: bool
    metric: str
    estimate: dict[str, Any] | None
    said: Said


def best_model(project: Project) -> ModelGlance | None:
    """None while no model is registered."""
    rows = ModelVersion.objects.filter(project=project).select_related("line", "run").order_by("-id")
    model = rows.filter(stage=Stage.CHAMPION).first() or rows.first()
    if model is None:
        return None
    comparison = model.run.comparison or {}
    found: Any = headline(model)
    return ModelGlance(
        public_id=model.public_id,
        name=str(model),
        stage=str(model.stage),
        beats_baseline=comparison.get("verdict") == "beats",
        metric=str(found["metric"]) if found else "",
        estimate=found["estimate"] if found else None,
        said=Said.stored(comparison) if comparison.get("sentence") else NOT_COMPARED(),
    )
