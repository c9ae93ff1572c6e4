"""Whether the disk of a lake is nearly full. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.health.finding import Finding
from transforms.health.rules import DiskRule


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """What a disk has for its users, what of it is free: bytes, and files (0 where it counts none)."""

    total_bytes: int
    free_bytes: int
    total_files: int = 0
    free_files: int = 0


def nearly_full(disk: DiskSpace, rule: DiskRule) -> Finding | None:
    """The finding that a disk is nearly full; None if it is not."""
    if not rule.on:
        return None
    shares = [(disk.free_bytes / disk.total_bytes, f"{disk.free_bytes / 1e9:.1f} GB")] if disk.total_bytes else []
    shares += [(disk.free_files / disk.total_files, f"{disk.free_files} files")] if disk.total_files else []
    if not shares or min(shares)[0] >= rule.free_share:
        return None
    share, what = min(shares)
    return Finding("disk", "", f"{what} are free on the lake's disk ({share:.1%})", round(share, 4), rule.free_share)
