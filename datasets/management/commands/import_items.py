import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from accounts.models import Job, JobState, Project, User
from accounts.services.jobs import run_claimed
from common.problems import DomainError
from datasets.models import Import, Source
from datasets.selectors import schemas
from datasets.services import derivation, imports
from datasets.services.sources import source_named

LOOK_EVERY_S = 0.5
WIDTH = 30
FINISHED = {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


class Command(BaseCommand):
    help = "Import a folder, an archive or one file of this machine into a project, with a bar and a report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="slug of the project")
        parser.add_argument("path", help="folder, zip, tar or file on this machine")
        parser.add_argument("--source", default="", help="name of the source; by default that of the path")
        parser.add_argument("--population", default="", help="what population the source speaks for")
        parser.add_argument("--manifest", default="", help="CSV, JSONL or Parquet inside, if not manifest.*")
        parser.add_argument("--encoding", default="utf-8", choices=imports.ENCODINGS, help="of a CSV manifest")
        parser.add_argument("--only-listed", action="store_true", help="leave out what the manifest does not name")
        parser.add_argument("--schema", default="", help="family of the label schema for the manifest's label column")
        parser.add_argument("--question", default="", help="question of that schema")
        parser.add_argument("--by", default="", help="e-mail of the person who imports")
        parser.add_argument("--no-thumbnails", action="store_true", help="leave thumbnails to the workers")
        parser.add_argument("--no-progress", action="store_true", help="no bar, even on a terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = self._request(options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        assert run.job is not None
        started = time.monotonic()
        bar = sys.stderr.isatty() and not options["no_progress"]
        job = self._run(run.job, imports.perform, bar)
        if job.state != JobState.SUCCEEDED:
            detail = (job.error or {}).get("detail", "It was cancelled.")
            raise CommandError(f"The import {job.state}: {detail}")
        if not options["no_thumbnails"] and (pending := derivation.request_derivation(project=run.project)):
            self._run(pending, derivation.perform, bar)
        self._report(run, time.monotonic() - started)

    def _request(self, options: dict[str, Any]) -> Import:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        by = None
        if options["by"] and not (by := User.objects.filter(email__iexact=options["by"]).first()):
            raise CommandError(f"There is nobody with the e-mail {options['by']}.")
        schema = None
        if options["schema"] and not (schema := schemas.latest(project, options["schema"])):
            raise CommandError(f"The project has no label schema {options['schema']}.")
        path = Path(options["path"])
        source = source_named(
            project=project, name=options["source"] or path.resolve().name, kind=Source.Kind.FOLDER, by=by,
            uri=str(path), population=options["population"],
        )  # fmt: skip
        request = imports.ImportRequest(
            path=options["path"], manifest=options["manifest"], only_listed=options["only_listed"],
            label_schema=schema, question=options["question"], encoding=options["encoding"],
        )  # fmt: skip
        return imports.request_import(project=project, source=source, request=request, by=by, trusted_path=True)

    def _run(self, job: Job, handler: Any, bar: bool) -> Job:
        """Do the job here, or watch the worker that was faster."""
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(job.pk, over, bar), daemon=True)
        watcher.start()
        try:
            run_claimed(job.pk, handler)
            while (now := Job.objects.get(pk=job.pk)).state not in FINISHED:
                time.sleep(LOOK_EVERY_S)
        finally:
            over.set()
            watcher.join()
        return now

    def _watch(self, job_id: int, over: threading.Event, bar: bool) -> None:
        try:
            while bar and not over.wait(LOOK_EVERY_S):
                self._draw(Job.objects.get(pk=job_id))
            if bar:
                self._draw(Job.objects.get(pk=job_id))
                self.stderr.write("")
        finally:
            connections.close_all()

    def _draw(self, job: Job) -> None:
        share = job.done / job.total if job.total else 0
        filled = round(share * WIDTH)
        left = ""
        if job.started_at and job.heartbeat_at and job.done and job.total:
            seconds = (job.heartbeat_at - job.started_at).total_seconds() / job.done * (job.total - job.done)
            left = f"{seconds:,.0f} s left"
        total = f" of {job.total:,}" if job.total else ""
        line = f"\r{'█' * filled}{'░' * (WIDTH - filled)} {job.done:,}{total} {left:<14}"
        self.stderr.write(line, ending="")

    def _report(self, run: Import, seconds: float) -> None:
        run.refresh_from_db()
        self.stdout.write(
            f"{run.imported:,} imported, {run.duplicates:,} duplicates, {run.known:,} known, {run.rejected:,} rejected,"
            f" {seconds:,.0f} s"
        )
        for row in run.files.filter(outcome="rejected").order_by("pk")[:20]:
            self.stdout.write(f"  {row.name}: {row.message}")
        if run.rejected > 20:
            self.stdout.write(f"  … and {run.rejected - 20:,} more in the import's report")
