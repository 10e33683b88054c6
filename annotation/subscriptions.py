from common.jobs_registry import Periodic

SUBSCRIPTIONS = {
    "TasksCompleted": ["annotation.on_tasks_completed"],
    "PictureWanted": ["annotation.on_picture_wanted"],
}

# An encoder of the operator's may take half a minute a picture: what others wait for must not stand behind it.
EVENT_QUEUES = {"annotation.on_picture_wanted": "encoding"}

JOB_TASKS = {
    "annotation.fill_queue": ("annotation.fill_queue", "default"),
    "annotation.change_schema": ("annotation.change_schema", "default"),
    "annotation.prioritise": ("annotation.prioritise", "default"),
    "annotation.reopen": ("annotation.reopen", "default"),
    "annotation.run_consensus": ("annotation.run_consensus", "default"),
    "annotation.accept_consensus": ("annotation.accept_consensus", "default"),
    "annotation.draw_review": ("annotation.draw_review", "default"),
}

SCHEDULE = [
    Periodic(task="annotation.sweep_leases", every_seconds=20),
    Periodic(task="annotation.announce_completed", every_seconds=10),
    Periodic(task="annotation.prune_embeddings", every_seconds=24 * 3600),
]
