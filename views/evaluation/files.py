"""Files of an evaluation to carry away: the result, the report, and the operation itself."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from config.force_file import settings_key
from config.operation_papers import PLAN
from layers.evaluation.files import PAPER_FILE, REPORT_FILE, RESULT_FILE, evaluation_files
from views import access, waiting

if TYPE_CHECKING:
    from spatial.evaluation_results import EvaluationResult
    from views.evaluation.evaluated import Registered

_OFFERED: Final = (
    (REPORT_FILE, "Report", "text/html", "One page to read or send: nothing from outside"),
    (PAPER_FILE, "PDF", "application/pdf", "The same, on paper"),
    (RESULT_FILE, "JSON", "application/json", "Every figure, as harmhex evaluate writes it"),
)


def offer(known: Registered, result: EvaluationResult) -> None:
    """Offer the files, to who may take them away."""
    stem = f"harmhex_evaluation_{result.run_id}"
    files = waiting.answer(
        f"evaluation files {settings_key()} {result.run_id}",
        lambda _: evaluation_files(result),
        doing="Writing the files",
    )
    access.download_each(_OFFERED, files, stem=stem, run_id=result.run_id)
    access.download(
        "Operation",
        papers_zip(known),
        file_name=f"{stem}_operation.zip",
        mime="application/zip",
        run_id=result.run_id,
        help="Its TOML with the files that it names, as harmhex evaluate reads them",
        key="evaluation_file_plan",
    )


def papers_zip(known: Registered) -> bytes:
    """Return an operation's papers as one archive; the same papers, the same bytes."""
    opened = known.operation
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ((PLAN, opened.plan), *opened.files):
            # a moment of its own would make every archive another
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.encode())
    return held.getvalue()
