"""Production at a glance: traffic, mix of classes, accuracy over time, releases, the verdict."""

from typing import Any

from django.utils import timezone

from accounts.models import Project
from auditing.models import RetrainSuggestion
from auditing.selectors.audits import judged_random_audits, latest_of_model
from auditing.selectors.expected import promised_accuracy
from auditing.selectors.production import class_mix, recent_window, traffic_by_day
from auditing.selectors.verdict import still_right
from datasets.selectors.drift import latest_production_look
from training.selectors import endpoints

MOST_CLASSES = 30


def overview(project: Project, endpoint: Any, *, days: int = 30) -> dict[str, Any]:
    """Everything that the production page shows of one endpoint, from a bounded number of queries."""
    window = recent_window(endpoint.pk, days=days)
    model = endpoint.model_version
    promised = promised_accuracy(model) if model else None
    expected = None if promised is None else {**promised[0].as_json(), "split": promised[1]}
    audits = judged_random_audits(project, endpoint.pk)
    verdict = still_right(
        audit=latest_of_model(audits, endpoint.model_version_id),
        expected=expected,
        look=latest_production_look(project, version=str(model.run.version)) if model else None,
    )
    mix = class_mix(window)
    return {
        "endpoint": endpoint.name,
        "model": model,
        "now": timezone.now(),
        "days": days,
        "traffic": traffic_by_day(window),
        "mix": [{"key": key, "count": count} for key, count in mix[:MOST_CLASSES]],
        "total": sum(count for _, count in mix),
        "expected": expected,
        "verdict": verdict,
        "audited": [
            {
                "audit": audit.public_id,
                "name": audit.name,
                "at": audit.window_to,
                "model": str(audit.model_version),
                "state": audit.state,
                "accuracy": (audit.result or {})["accuracy"],
            }
            for audit in audits
        ],
        "releases": [
            {"at": one.created_at, "model": str(one.model_version), "kind": one.kind, "reason": one.reason}
            for one in endpoints.releases_of(endpoint)[:50]
        ],
        "suggestions": list(
            RetrainSuggestion.objects.filter(endpoint=endpoint)
            .select_related("decided_by", "run", "job", "endpoint__model_version__run__version__project")
            .order_by("-id")[:20]
        ),
    }
