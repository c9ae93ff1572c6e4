"""Arrays in a file answer as arrays in memory do, in a local lake and in an object store."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from obstore.store import MemoryStore

from transforms.common.arrays import Arrays, HeldArrays
from transforms.lake.files.storage import DamagedPartError, Storage
from transforms.lake.merged.stored_arrays import FENCE, StoredArrays, open_arrays, write_arrays

CHANCE = np.random.default_rng(1)
KEYS = np.sort(CHANCE.integers(0, 1 << 40, 200_000, dtype=np.uint64))
KEYS[5_000:9_000] = KEYS[5_000]  # one key in more rows than stand between two fences
ARRAYS = {
    "key": KEYS,
    "row": CHANCE.integers(0, 1 << 20, KEYS.size, dtype=np.int32),
    "few": np.array([1, 5, 5, 9], np.uint32),
    "none": np.empty(0, np.uint64),
    "name": np.array([b"a", b"long"]),
}


def stored(storage: Storage, path: str = "_state/seen/part.index") -> StoredArrays:
    file = BytesIO()
    write_arrays(ARRAYS, file)
    storage.put(path, file.getvalue())
    return open_arrays(storage, path)


@pytest.fixture(scope="module", params=["local", "object"])
def arrays(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> StoredArrays:
    return stored(local(tmp_path_factory.mktemp("lake")) if request.param == "local" else in_memory())


def local(folder: Path) -> Storage:
    return Storage(str(folder))


def in_memory() -> Storage:
    storage = Storage("memory:///lake")
    storage._store = MemoryStore()
    return storage


@settings(max_examples=60)
@given(data=st.data())
def test_a_search_finds_all_places_of_the_wanted_values_and_no_others(
    arrays: StoredArrays, data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.integers(0, KEYS.size - 1), max_size=30))
    more = data.draw(st.lists(st.integers(0, (1 << 41) - 1), max_size=5))
    fences = data.draw(st.lists(st.integers(0, KEYS.size // FENCE), max_size=4))
    wanted = np.unique(np.array([*KEYS[places], *KEYS[np.array(fences, np.int64) * FENCE], *more], np.uint64))
    number, found = arrays.find("key", wanted)
    assert found.tolist() == np.flatnonzero(np.isin(KEYS, wanted)).tolist()
    assert (KEYS[found] == wanted[number]).all()
    assert (arrays.at("row", found[::-1]) == ARRAYS["row"][found[::-1]]).all()


def test_small_and_empty_arrays_are_searched_too(arrays: StoredArrays) -> None:
    held = HeldArrays(ARRAYS)
    for each in (arrays, held):
        assert [part.tolist() for part in each.find("few", np.array([0, 5, 9, 10], np.uint32))] == [
            [1, 1, 2],
            [1, 2, 3],
        ]
        assert [part.tolist() for part in each.find("none", KEYS[:9])] == [[], []]
        assert [part.tolist() for part in each.find("key", KEYS[:0])] == [[], []]
        assert each.whole("name").tolist() == [b"a", b"long"]
        assert "few" in each
        assert "many" not in each
        assert each.nbytes > 0


@pytest.mark.parametrize("starts", [[], [0], [7, 9, 150_000], [0, 199_999]])
def test_spans_come_one_after_another(arrays: StoredArrays, starts: list[int]) -> None:
    begins = np.array(starts, np.int64)
    ends = np.minimum(begins + 2, KEYS.size)
    expected = [int(ARRAYS["row"][n]) for start, end in zip(begins, ends, strict=True) for n in range(start, end)]
    for each in (arrays, HeldArrays(ARRAYS)):
        some: Arrays = each
        assert some.spans("row", begins, ends).tolist() == expected


def test_a_few_values_of_an_object_are_found_by_few_and_short_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = in_memory()
    arrays, reads, read = stored(storage), list[int](), Storage._range
    arrays.find("key", KEYS[:1])  # reads the fences, which stay

    def counted(self: Storage, path: str, start: int, end: int) -> bytes:
        reads.append(end - start)
        return read(self, path, start, end)

    monkeypatch.setattr(Storage, "_range", counted)
    _, places = arrays.find("key", KEYS[[100, 60_000, 180_000]])
    arrays.at("row", places)
    assert len(reads) <= 6
    assert sum(reads) < KEYS.nbytes / 20


@pytest.mark.parametrize("size", [0, 5, 100, -1])
def test_a_file_that_is_cut_short_or_garbled_is_damaged(tmp_path: Path, size: int) -> None:
    storage = local(tmp_path)
    path = stored(storage).path
    data = storage.get(path)
    storage.put(path, data[:size])
    with pytest.raises(DamagedPartError, match=r"part\.index is damaged \(its header is damaged.*newsbeam repair"):
        open_arrays(storage, path)
    storage.put(path, data[:8] + data[8:40].replace(b"a", b"b") + data[40:])
    with pytest.raises(DamagedPartError, match="its header is damaged"):
        open_arrays(storage, path)
    with pytest.raises(FileNotFoundError):
        open_arrays(storage, "_state/seen/none.index")


def test_a_place_that_is_not_there_is_damage_and_no_crash(arrays: StoredArrays) -> None:
    with pytest.raises(DamagedPartError, match="names a row that is not there"):
        arrays.at("row", np.array([KEYS.size]))
    with pytest.raises(DamagedPartError, match="names a row that is not there"):
        arrays.at("row", np.array([-1]))
