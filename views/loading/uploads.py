"""Files a person gives to the page: uploads, on disk for a moment, and a folder of this machine."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile

FILES_VARIABLE: Final = "HARMHEX_FILES"
ENDINGS: Final = (
    "csv", "gz", "zip", "xlsx", "xlsm", "parquet", "geoparquet", "geojson", "gpkg",
)  # fmt: skip
BOUNDARY_ENDINGS: Final = ("geojson", "gpkg", "parquet", "geoparquet")
_MOST_MB: Final = 1_000
_MOST_LISTED: Final = 500


def ask_for_files(turn: int) -> tuple[list[UploadedFile], list[Path], UploadedFile | None]:
    """Ask for files: uploads, those of the folder that the app was started on, and a boundary.

    ``turn`` changes when files are done with: the widgets are then new and empty, and the uploaded
    bytes are let go.
    """
    left, middle, right = st.columns([1.5, 1, 1], gap="medium")
    with right:
        boundary = st.file_uploader(
            "Boundary, where the store has no study area yet",
            type=list(BOUNDARY_ENDINGS),
            key=f"boundary_{turn}",
        )
    with left:
        uploads = st.file_uploader(
            "Files of incidents; streets, beats and places too, named so",
            type=list(ENDINGS),
            accept_multiple_files=True,
            key=f"uploads_{turn}",
            max_upload_size=_MOST_MB,
        )
    with middle:
        folder = os.environ.get(FILES_VARIABLE, "")
        if not folder:
            st.html(
                '<p class="hx-words">For large files start the app with --files FOLDER, and choose '
                "from that folder here; or use harmhex load.</p>"
            )
            return uploads, [], boundary
        names = files_in(Path(folder))
        picked = st.multiselect(
            "Or files in the folder of this machine",
            list(names),
            key=f"picked_{turn}",
            placeholder="Choose" if names else "No file of incidents in it",
        )
    return uploads, [names[name] for name in picked], boundary


def files_in(folder: Path) -> dict[str, Path]:
    """Return the files of a folder that a load may read, by name; none that leads out of it.

    Raises
    ------
    BadInputError
        The folder is not there.
    """
    if not folder.is_dir():
        msg = f"The folder of files {folder.name!r} is not there. Check --files."
        raise BadInputError(msg)
    root = folder.resolve()
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower().removeprefix(".") in ENDINGS
        and path.is_file()
        and path.resolve().is_relative_to(root)
    )
    return {str(path.relative_to(folder)): path for path in found[:_MOST_LISTED]}


@contextmanager
def on_disk(uploads: Sequence[UploadedFile]) -> Iterator[list[Path]]:
    """Put uploads on disk, each under its own name, and remove them at the end of the block.

    Only the last part of a name counts, so that no name can lead out of the folder.
    """
    with tempfile.TemporaryDirectory(prefix="harmhex-upload-") as folder:
        paths = []
        for number, upload in enumerate(uploads):
            # two files may have one name
            path = (
                Path(folder) / str(number) / (Path(upload.name.replace("\\", "/")).name or "file")
            )
            path.parent.mkdir()
            path.write_bytes(upload.getbuffer())
            paths.append(path)
        yield paths
