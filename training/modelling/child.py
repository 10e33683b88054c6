"""What every training process does around its work: exit codes, the last event, stopping."""

import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from training.modelling.manifest import ManifestError
from training.modelling.progress import Cancelled, Reporter
from training.modelling.settings_fields import SpecError
from training.modelling.spec import RunSpec, read_spec

DONE, FAILED, CANCELLED = 0, 1, 3


def guarded(arguments: list[str], work: Callable[[RunSpec, Path, Reporter], None]) -> int:
    """Run `work` on SPEC.json and DIR; returns the exit code: 0 done, 1 failed, 3 cancelled.

    The last event says the same: "done" (emitted by the work), "failed" with a code and a sentence, or "cancelled".
    """
    folder = Path(arguments[1])
    reporter = Reporter.on_stdout(folder)
    try:
        work(read_spec(Path(arguments[0])), folder, reporter)
    except Cancelled as stopped:
        return _last(reporter, CANCELLED, "cancelled", reason=f"Stopped by {stopped}.")
    except SpecError as error:
        return _last(reporter, FAILED, "failed", code="specification", error=str(error), problems=error.problems)
    except ManifestError as error:
        return _last(reporter, FAILED, "failed", code="manifest", error=str(error), problems=[str(error)])
    except FloatingPointError as error:
        return _last(reporter, FAILED, "failed", code="diverged", error=str(error), problems=[str(error)])
    except MemoryError:
        text = "There was not enough memory: use smaller pictures or a smaller batch."
        return _last(reporter, FAILED, "failed", code="memory", error=text, problems=[text])
    except Exception as error:  # the parent needs a last word whatever happened; the trace goes to standard error
        traceback.print_exc(file=sys.stderr)
        text = f"{type(error).__name__}: {error}"[:2000]
        return _last(reporter, FAILED, "failed", code="internal", error=text, problems=[text])
    return DONE


def _last(reporter: Reporter, exit_code: int, event: str, **fields: object) -> int:
    try:
        reporter.emit(event, **fields)
    except Cancelled:  # nobody reads any more: the exit code is all that is left
        return exit_code
    return exit_code
