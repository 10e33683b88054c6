"""The specification of a run.

One versioned JSON object, complete enough to repeat the run (docs/methods/training.md).
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, get_args

from training.modelling.catalogue import ALL_KINDS, CATALOGUE, RecipeInfo
from training.modelling.settings_fields import SpecError, read_settings, setting
from training.serving.card import ServedClass, TaskKind

VERSION = 1
PROTOCOLS = ("hold_out", "k_fold", "final")
METRICS = ("accuracy", "balanced_accuracy", "macro_f1")
EXPORTS = ("onnx", "litert_int8")


@dataclass(frozen=True, kw_only=True)
class DataSpec:
    """Where the rows are. manifest: .parquet or .jsonl.

    Folder: base of relative picture paths, "" for the manifest's own.
    """

    manifest: str
    folder: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskSpec:
    """What is predicted. metric: the one shown per epoch beside the loss."""

    kind: TaskKind
    classes: tuple[ServedClass, ...]
    metric: str


@dataclass(frozen=True, kw_only=True)
class ProtocolSpec:
    """How the model is judged.

    hold_out: fit on "train", judge on "validation". k_fold: fit and judge on folds of both, then fit the model that is
    kept on all of them. final: fit on both, judge on nothing but (when asked) the test split.
    """

    kind: str = setting("hold_out", "How the model is judged.", choices=PROTOCOLS)
    folds: int = setting(5, "Number of folds.", minimum=2, maximum=20)
    repeats: int = setting(1, "How often the folds are drawn anew (iterated k-fold).", minimum=1, maximum=10)
    stratified: bool = setting(True, "Every fold has about the same class shares.")
    grouped: bool = setting(True, "Rows of one group are never on both sides.")


@dataclass(frozen=True, kw_only=True)
class RunSpec:
    """A validated specification. settings: an instance of the recipe's settings class."""

    data: DataSpec
    task: TaskSpec
    recipe: str
    settings: Any
    protocol: ProtocolSpec = field(default_factory=ProtocolSpec)
    seed: int = 0
    threads: int = 2
    evaluate_test: bool = False
    exports: tuple[str, ...] = ("onnx",)
    cache_folder: str | None = None
    resamples: int = 500
    level: float = 0.95

    @property
    def info(self) -> RecipeInfo:
        """The catalogue entry of the recipe."""
        return CATALOGUE[self.recipe]

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object with every default filled in."""
        data = asdict(self)
        data["recipe"] = {"name": self.recipe, "settings": data.pop("settings")}
        data["task"]["classes"] = [asdict(c) for c in self.task.classes]
        return {"version": VERSION} | data | {"exports": list(self.exports)}


@dataclass(frozen=True, kw_only=True)
class _Scalars:
    seed: int = setting(0, "Seed of everything random.", minimum=0, maximum=2**31 - 1)
    threads: int = setting(2, "CPU threads.", minimum=1, maximum=64)
    evaluate_test: bool = setting(False, "Look at the sealed test split.")
    cache_folder: str | None = setting(None, "Folder for embeddings that later runs can use.")
    resamples: int = setting(500, "Bootstrap resamples for intervals.", minimum=50, maximum=10_000)
    level: float = setting(0.95, "Confidence level of intervals.", minimum=0.5, maximum=0.999)


def parse_spec(data: object) -> RunSpec:
    """Validate a JSON object. Raises SpecError listing every problem found."""
    if not isinstance(data, dict):
        raise SpecError(["The specification must be an object."])
    if data.get("version") != VERSION:
        raise SpecError([f"version {data.get('version')!r} is not known here; known: {VERSION}."])
    problems: list[str] = []
    parts = {"version", "data", "task", "recipe", "protocol", "exports"}
    scalars = read_settings(_Scalars, {k: v for k, v in data.items() if k not in parts}, "spec", problems)
    source = read_settings(DataSpec, data.get("data"), "data", problems)
    protocol = read_settings(ProtocolSpec, data.get("protocol", {}), "protocol", problems)
    task = _task(data.get("task"), problems)
    recipe, settings = _recipe(data.get("recipe"), task, problems)
    exports = _exports(data.get("exports", ["onnx"]), recipe, problems)
    if problems or not (scalars and source and protocol and task and recipe):
        raise SpecError(problems)
    return RunSpec(
        data=source,
        task=task,
        recipe=recipe.key,
        settings=settings,
        protocol=protocol,
        exports=exports,
        **asdict(scalars),
    )


def read_spec(path: Path) -> RunSpec:
    """Read and validate a JSON file. Raises SpecError."""
    try:
        return parse_spec(json.loads(path.read_text("utf-8")))
    except (OSError, json.JSONDecodeError) as error:
        raise SpecError([f"The specification {path.name} cannot be read ({error})."]) from error


def _task(data: object, problems: list[str]) -> TaskSpec | None:
    if not isinstance(data, dict):
        problems.append("task must be an object.")
        return None
    unknown = data.keys() - {"kind", "classes", "metric"}
    problems += [f"task.{name} is not known; known: kind, classes, metric." for name in unknown]
    kind: Any = data.get("kind")
    if kind not in get_args(TaskKind):
        problems.append(f"task.kind must be one of {', '.join(ALL_KINDS)}, not {kind!r}.")
        return None
    metric = data.get("metric") or ("macro_f1" if kind == "multi_label" else "accuracy")
    if metric not in METRICS:
        problems.append(f"task.metric must be one of {', '.join(METRICS)}, not {metric!r}.")
    classes = _classes(data.get("classes"), problems)
    least = {"single_choice": 2, "binary": 2, "multi_label": 1}[kind]
    if classes is not None and (len(classes) < least or (kind == "binary" and len(classes) != 2)):
        problems.append(
            f"A {kind} task needs {'exactly' if kind == 'binary' else 'at least'} {least} classes, not {len(classes)}."
        )
    return TaskSpec(kind=kind, classes=classes, metric=metric) if classes is not None else None


def _classes(data: object, problems: list[str]) -> tuple[ServedClass, ...] | None:
    ok = isinstance(data, list) and all(
        isinstance(c, dict) and isinstance(c.get("key"), str) and isinstance(c.get("name", ""), str) for c in data
    )
    if not ok or not isinstance(data, list):
        problems.append('task.classes must be a list of {"key": text, "name": text}.')
        return None
    classes = tuple(ServedClass(key=c["key"], name=c.get("name", c["key"])) for c in data)
    if len({c.key for c in classes}) != len(classes):
        problems.append("task.classes has a key twice.")
    return classes


def _recipe(data: object, task: TaskSpec | None, problems: list[str]) -> tuple[RecipeInfo | None, Any]:
    if not isinstance(data, dict) or not isinstance(data.get("name"), str):
        problems.append('recipe must be {"name": text, "settings": object}.')
        return None, None
    problems += [f"recipe.{name} is not known; known: name, settings." for name in data.keys() - {"name", "settings"}]
    info = CATALOGUE.get(data["name"])
    if info is None:
        problems.append(f"recipe.name {data['name']!r} is not known; known: {', '.join(CATALOGUE)}.")
        return None, None
    settings = read_settings(info.settings, data.get("settings", {}), "recipe.settings", problems)
    if task and task.kind not in info.kinds:
        problems.append(f"{info.key} does not do {task.kind} tasks.")
    if task and task.kind == "multi_label" and getattr(settings, "balance", "none") != "none":
        problems.append("recipe.settings.balance is for tasks with one label a picture; use class_weights here.")
    if settings is not None and info.key == "baseline_logistic" and settings.image_size % settings.grid:
        problems.append("recipe.settings.image_size must be a multiple of grid.")
    if settings is not None and info.key == "small_cnn" and settings.image_size < 2**settings.blocks:
        problems.append("recipe.settings.blocks is too large for image_size: each block halves the picture.")
    return info, settings


def _exports(data: object, recipe: RecipeInfo | None, problems: list[str]) -> tuple[str, ...]:
    if not isinstance(data, list) or any(name not in EXPORTS for name in data):
        problems.append(f"exports must be a list of {', '.join(EXPORTS)}.")
        return ()
    if recipe:
        problems += [f"{recipe.key} cannot be exported as {name}." for name in data if name not in recipe.exports]
    return tuple(dict.fromkeys(data))
