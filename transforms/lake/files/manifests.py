"""Reads manifests, and reads and writes the notes beside state parts: size and checksum of each file as written."""

from __future__ import annotations

import json
from dataclasses import asdict

from schemas.run import FilePart, ManifestError, RunManifest
from transforms.lake.files.layout import edition_path, index_path, is_merged, manifest_path, note_path
from transforms.lake.files.storage import Storage


def read_manifest(storage: Storage, run_id: str) -> RunManifest:
    """A run's manifest. Raises ManifestError, which names file and remedy, if it is missing or damaged."""
    return _read(storage, manifest_path(run_id), run_id)


def read_edition(storage: Storage, edition_id: str) -> RunManifest:
    """An edition's manifest. Raises ManifestError, which names file and remedy, if it is missing or damaged."""
    return _read(storage, edition_path(edition_id), edition_id)


def _read(storage: Storage, path: str, run_id: str) -> RunManifest:
    try:
        manifest = RunManifest.from_json(storage.get(path))
        if manifest.run_id != run_id:
            raise ManifestError(f"tells of another run, {manifest.run_id}")
    except FileNotFoundError:
        raise ManifestError(f"{path} is missing") from None
    except ManifestError as error:
        raise ManifestError(f"{path} {error}; run: newsbeam repair --output {storage.root}") from None
    return manifest


def read_note(storage: Storage, part: str) -> FilePart | None:
    """The note beside a merged or rebuilt part; None if there is no note, or none that can be read."""
    try:
        noted = FilePart.from_values(json.loads(storage.get(note_path(part))))
        return noted if noted.path == part and isinstance(noted.checksum, str) else None
    except (FileNotFoundError, ValueError, TypeError, AttributeError, RecursionError):
        return None


def read_index_note(storage: Storage, part: str) -> FilePart | None:
    """What the note beside a merged part says of the part's index; None if it says nothing."""
    try:
        noted = FilePart.from_values(json.loads(storage.get(note_path(part)))["index"])
        return noted if noted.path == index_path(part) else None
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def write_note(storage: Storage, part: FilePart, index: FilePart | None = None) -> None:
    """Write the note beside a part. A note overrides what a manifest says of the same path."""
    values = asdict(part) | ({} if index is None else {"index": asdict(index)})
    storage.put(note_path(part.path), json.dumps(values).encode())


def delete_part(storage: Storage, path: str) -> None:
    """Delete a part of the state, then its index and note: what is left of these without their part is ignored."""
    storage.delete(path)
    if is_merged(path):
        storage.delete(index_path(path))
    storage.delete(note_path(path))
