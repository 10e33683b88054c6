"""Whether the files of a model may leave the server: training data can partly be recovered from a model."""

from typing import Any

from accounts.models import Project
from datasets.selectors.sensitivity import sensitive_sources
from training.models import ExportSignature, ModelVersion, Run
from training.selectors.brief_terms import terms_of

DEVICE_FORMATS = frozenset({"litert_int8"})  # of no use on the server
SENSITIVE = ("personal", "special")


def told_sensitive(project: Project, version: Any) -> dict[str, Any]:
    """The same as data, for pages in another language: {brief: kind or empty, version, sources: [{name, kind}]}."""
    told = terms_of(project).sensitivity
    return {
        "brief": told if told in SENSITIVE else "",
        "version": str(version),
        "sources": [{"name": one.name, "kind": one.sensitivity} for one in sensitive_sources(version)[:3]],
    }


def sensitivity_of(run: Run) -> str:
    """What is sensitive about the data of a run, as half a sentence; empty when nothing is."""
    return sensitivity(run.project, run.version)


def sensitivity(project: Project, version: Any) -> str:
    """What the brief and the sources of a version's pictures call sensitive, as half a sentence."""
    told = told_sensitive(project, version)
    found = [f"the brief calls the data {told['brief']}"] if told["brief"] else []
    if told["sources"]:
        named = ", ".join(f"“{source['name']}” ({source['kind']})" for source in told["sources"])
        found.append(f"{version} has pictures of {named}")
    return " and ".join(found)


def signature_of(model: ModelVersion) -> ExportSignature | None:
    found: ExportSignature | None = getattr(model, "export_signature", None)
    return found


def blocked(model: ModelVersion) -> str:
    """Why no file of the model may leave the server; empty when they may."""
    if signature_of(model) is not None:
        return ""
    return why_blocked(sensitivity_of(model.run))


def why_blocked(sensitivity: str) -> str:
    if not sensitivity:
        return ""
    return (
        f"No file of this model leaves the server yet: {sensitivity}, and training data can partly be recovered from "
        "a model. Somebody has to answer for it by name first."
    )
