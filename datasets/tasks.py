from celery import shared_task

from accounts.services.jobs import run_claimed
from datasets.services import (
    derivation,
    exports,
    freezing,
    imports,
    representation,
    sampling_bias,
    tiling,
    understanding,
    uploads,
)


@shared_task(name="datasets.run_import", acks_late=True, ignore_result=True)
def run_import(job_id: int) -> None:
    run_claimed(job_id, imports.perform)


@shared_task(name="datasets.run_derivation", acks_late=True, ignore_result=True)
def run_derivation(job_id: int) -> None:
    run_claimed(job_id, derivation.perform)


@shared_task(name="datasets.run_tiling", acks_late=True, ignore_result=True)
def run_tiling(job_id: int) -> None:
    run_claimed(job_id, tiling.perform)


@shared_task(name="datasets.run_freeze", acks_late=True, ignore_result=True)
def run_freeze(job_id: int) -> None:
    run_claimed(job_id, freezing.perform)


@shared_task(name="datasets.run_export", acks_late=True, ignore_result=True)
def run_export(job_id: int) -> None:
    run_claimed(job_id, exports.perform)


@shared_task(name="datasets.run_understanding", acks_late=True, ignore_result=True)
def run_understanding(job_id: int) -> None:
    run_claimed(job_id, understanding.perform)


@shared_task(name="datasets.run_representation", acks_late=True, ignore_result=True)
def run_representation(job_id: int) -> None:
    run_claimed(job_id, representation.perform)


@shared_task(name="datasets.run_sampling_bias", acks_late=True, ignore_result=True)
def run_sampling_bias(job_id: int) -> None:
    run_claimed(job_id, sampling_bias.perform)


@shared_task(name="datasets.sweep_derivation", ignore_result=True)
def sweep_derivation() -> None:
    derivation.sweep_pending()


@shared_task(name="datasets.sweep_tiling", ignore_result=True)
def sweep_tiling() -> None:
    tiling.sweep_pending()


@shared_task(name="datasets.sweep_uploads", ignore_result=True)
def sweep_uploads() -> None:
    uploads.sweep_forgotten()
