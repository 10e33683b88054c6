from training.models.endpoint import Endpoint, EndpointError, EndpointRelease, ReleaseKind
from training.models.evaluation import Evaluation, Split
from training.models.gate import GateResult, GateRun, Verdict
from training.models.look import TestLook, ValidationLook
from training.models.model_version import ModelExport, ModelLine, ModelVersion, Stage
from training.models.run import OPEN_STATES, EpochPoint, Run, RunFile, RunState
from training.models.signature import ExportSignature

__all__ = [
    "OPEN_STATES",
    "Endpoint",
    "EndpointError",
    "EndpointRelease",
    "EpochPoint",
    "Evaluation",
    "ExportSignature",
    "GateResult",
    "GateRun",
    "ModelExport",
    "ModelLine",
    "ModelVersion",
    "ReleaseKind",
    "Run",
    "RunFile",
    "RunState",
    "Split",
    "Stage",
    "TestLook",
    "ValidationLook",
    "Verdict",
]
