"""How much memory is free, also in a container; and aligned arrays."""

import os

import numpy as np
import pytest

from kgan.data.decoding.memory import aligned, available_memory, is_aligned
from kgan.data.decoding.storage import Storage

GB = 10**9


@pytest.fixture
def machine(tmp_path):
    """A function that writes a machine's files: 8 GB available, and what is given."""

    def write(files):
        meminfo = f"MemTotal: 9 kB\nMemAvailable:  {8 * GB // 1024} kB\n"
        for name, text in ({"proc/meminfo": meminfo} | files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(str(text))
        return tmp_path

    return write


def group(folder, limit, used, cache=0, version=2):
    names = ["memory.max", "memory.current", "inactive_file"]
    if version == 1:
        names = ["memory.limit_in_bytes", "memory.usage_in_bytes"]
        names += ["total_inactive_file"]
    return {
        f"sys/fs/cgroup/{folder}{names[0]}": f"{limit}\n",
        f"sys/fs/cgroup/{folder}{names[1]}": f"{used}\n",
        f"sys/fs/cgroup/{folder}memory.stat": f"anon 7\n{names[2]} {cache}\nfile 1\n",
    }


def test_without_groups_it_is_the_machines(machine):
    assert available_memory(machine({})) == pytest.approx(8 * GB, abs=1024)


def test_a_container_of_version_2(machine):
    files = {"proc/self/cgroup": "0::/\n"} | group("", 3 * GB, 2 * GB)
    assert available_memory(machine(files)) == 1 * GB


def test_file_cache_counts_as_free(machine):
    files = {"proc/self/cgroup": "0::/\n"} | group("", 3 * GB, 2 * GB, GB // 2)
    assert available_memory(machine(files)) == 1.5 * GB


def test_the_tightest_group_up_the_tree(machine):
    files = {"proc/self/cgroup": "0::/user/job/step\n"}
    files |= group("user/job/step/", "max", 1 * GB)
    files |= group("user/job/", 6 * GB, 1 * GB)
    files |= group("user/", 5 * GB, 2 * GB)
    assert available_memory(machine(files)) == 3 * GB


def test_version_1_and_a_path_of_the_host(machine):
    text = "5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/\n"
    files = {"proc/self/cgroup": text} | group("memory/", 2 * GB, 1 * GB, 10, version=1)
    assert available_memory(machine(files)) == 1 * GB + 10


def test_no_limit_of_version_1(machine):
    files = {"proc/self/cgroup": "4:memory:/\n"}
    files |= group("memory/", 2**63 - 4096, 1 * GB, version=1)
    assert available_memory(machine(files)) == pytest.approx(8 * GB, abs=1024)


def test_a_group_above_its_limit_leaves_nothing(machine):
    files = {"proc/self/cgroup": "0::/\n"} | group("", 1 * GB, 2 * GB)
    assert available_memory(machine(files)) == 0


def test_a_machine_without_proc_has_its_physical_memory(tmp_path):
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert available_memory(tmp_path) == physical


def test_this_machine():
    assert 0 < available_memory() < 2**50


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float32"])
@pytest.mark.parametrize("shape", [(3, 5, 5, 1), (1,), (1000, 8, 8, 3)])
def test_arrays_are_aligned(shape, dtype):
    for _ in range(5):
        found = aligned(shape, dtype)
        assert found.shape == shape
        assert found.dtype == dtype
        assert found.ctypes.data % 64 == 0
        found[...] = 1
        assert is_aligned(found)


def test_what_is_not_aligned():
    whole = aligned((10, 64))
    assert is_aligned(whole[1:])
    assert not is_aligned(whole.ravel()[1:])
    assert not is_aligned(whole[:, ::2])
    whole.flags.writeable = False
    assert not is_aligned(whole)


def test_rooms_in_memory_and_in_files_are_aligned(tmp_path):
    lines = []
    for limit in (10**6, 0):
        room = Storage(limit, tmp_path, lines.append).room((7, 4, 4, 3))
        assert isinstance(room, np.memmap) == (limit == 0)
        assert is_aligned(room)
    assert len(lines) == 1
