"""Manifests and the notes beside parts of the state: what each file was when it was written."""

from __future__ import annotations

import json
from dataclasses import asdict

from schemas.run import FilePart, ManifestError, RunManifest
from transforms.lake.layout import manifest_path, note_path
from transforms.lake.storage import Storage


def read_manifest(storage: Storage, run_id: str) -> RunManifest:
    """A run's manifest. ManifestError, naming file and remedy, where it is missing or damaged."""
    path = manifest_path(run_id)
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
    """What a merged or rebuilt part was written as; None where there is no note, or none that can be read."""
    try:
        noted = FilePart.from_values(json.loads(storage.get(note_path(part))))
        return noted if noted.path == part and isinstance(noted.checksum, str) else None
    except (FileNotFoundError, ValueError, TypeError, AttributeError, RecursionError):
        return None


def write_note(storage: Storage, part: FilePart) -> None:
    """Keep what a part was written as beside it. Goes before what a manifest says of the same name."""
    storage.put(note_path(part.path), json.dumps(asdict(part)).encode())


def delete_part(storage: Storage, path: str) -> None:
    """Remove a part of the state, its note last: a note without its part says nothing."""
    storage.delete(path)
    storage.delete(note_path(path))
