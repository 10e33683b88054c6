from common.jobs_registry import Periodic

JOB_TASKS = {
    "datasets.import": ("datasets.run_import", "imports"),
    "datasets.derive": ("datasets.run_derivation", "imports"),
    "datasets.tile": ("datasets.run_tiling", "imports"),
    "datasets.freeze": ("datasets.run_freeze", "default"),
    "datasets.export": ("datasets.run_export", "default"),
    "datasets.understand": ("datasets.run_understanding", "default"),
    "datasets.represent": ("datasets.run_representation", "default"),
    "datasets.sampling_bias": ("datasets.run_sampling_bias", "default"),
}
SCHEDULE = [
    Periodic(task="datasets.sweep_derivation", every_seconds=60),
    Periodic(task="datasets.sweep_tiling", every_seconds=60),
    Periodic(task="datasets.sweep_uploads", every_seconds=6 * 3600),
]
