"""What a file keeps when it is written: whose it is, who may do what with it, its attributes."""

import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE

import pytest

from garden.library import file_hash, rights, write
from garden.models import Edit

LUKE, MARY, TEAM, OTHERS = 1001, 1002, 2001, 2002
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these attributes")


def written(root: Path, name: str = "a.md") -> str | None:
    """Writes the file anew, and returns why it was not."""
    old = (root / name).read_bytes()
    edit = Edit(path=name, old_hash=file_hash(old), start=0, old=old, new=b"new\n")
    skipped = write(root, [edit], lambda *_: None).skipped
    return skipped[0].message if skipped else None


def whose(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_uid, found.st_gid, S_IMODE(found.st_mode)


@contextmanager
def acting_as(user: int, group: int, *groups: int) -> Iterator[None]:
    """A block that another user's program would run."""
    before = os.getgroups()
    os.setgroups(groups)
    os.setegid(group)
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(before)


@pytest.fixture
def shared(make_library, monkeypatch) -> Path:
    """A folder that a team shares, with a file of Luke's; it is the current one, for the way there is root's alone."""
    root: Path = make_library({"a.md": "old\n"})
    os.chown(root, 0, TEAM)
    root.chmod(0o775)
    os.chown(root / "a.md", LUKE, TEAM)
    monkeypatch.chdir(root)
    return Path()


@as_root
def test_root_leaves_a_file_its_owner_its_group_and_its_mode(shared: Path) -> None:
    (shared / "a.md").chmod(0o2750)
    assert written(shared) is None
    assert whose(shared / "a.md") == (LUKE, TEAM, 0o2750)


@as_root
def test_what_another_one_made_is_written_in_a_folder_that_a_group_shares(shared: Path) -> None:
    (shared / "a.md").chmod(0o4664)
    with acting_as(MARY, OTHERS, TEAM):
        assert written(shared) is None
    # It is Mary's now, who is no reason to let a program run as her.
    assert whose(shared / "a.md") == (MARY, TEAM, 0o664)
    assert (shared / "a.md").read_text() == "new\n"


@as_root
@pytest.mark.parametrize(("mode", "then"), [(0o644, 0o644), (0o660, 0o600), (0o2664, 0o644), (0o606, 0o600)])
def test_where_the_group_cannot_be_kept_nobody_may_do_more_than_before(shared: Path, mode: int, then: int) -> None:
    os.chown(shared, LUKE, TEAM)
    (shared / "a.md").chmod(mode)
    with acting_as(LUKE, OTHERS):
        assert written(shared) is None
    assert whose(shared / "a.md") == (LUKE, OTHERS, then)


def test_a_file_is_its_writer_s_alone_until_it_has_its_mode(tmp_path: Path) -> None:
    with open(tmp_path / "a.md", "wb", opener=rights.private) as file:
        assert S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600


@on_linux
def test_attributes_are_kept_also_where_the_file_may_not_be_written(make_library) -> None:
    root = make_library({"a.md": "old\n"})
    try:
        os.setxattr(root / "a.md", "user.xdg.tags", b"red")
    except OSError:
        pytest.skip("this file system has no attributes")
    (root / "a.md").chmod(0o444)
    assert written(root) is None
    assert os.getxattr(root / "a.md", "user.xdg.tags") == b"red"
    assert whose(root / "a.md")[2] == 0o444


def refuse(*_: object) -> None:
    raise OSError(95, "Operation not supported")


@on_linux
@pytest.mark.parametrize("call", ["listxattr", "getxattr", "setxattr"])
def test_a_file_is_written_where_its_attributes_cannot_be_kept(make_library, monkeypatch, call: str) -> None:
    root = make_library({"a.md": "old\n"})
    monkeypatch.setattr(os, "listxattr", lambda _: ["user.tags", "security.selinux"])
    monkeypatch.setattr(os, call, refuse)
    assert written(root) is None


def access_list(group: int, mary: int) -> bytes:
    """A list that gives Mary and the file's group some rights, and others none, as the kernel has it."""
    nobody = 0xFFFFFFFF
    rows = [(0x01, 6, nobody), (0x02, mary, MARY), (0x04, group, nobody), (0x10, 6, nobody), (0x20, 0, nobody)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *row) for row in rows)


@pytest.fixture
def listed(shared: Path) -> Path:
    """The same, where the file has an access list."""
    try:
        os.setxattr(shared / "a.md", rights.ACCESS_LIST, access_list(group=0, mary=6))
    except OSError:
        pytest.skip("this file system has no access lists")
    return shared


@on_linux
@as_root
def test_an_access_list_is_kept(listed: Path) -> None:
    before = os.getxattr(listed / "a.md", rights.ACCESS_LIST)
    assert written(listed) is None
    assert os.getxattr(listed / "a.md", rights.ACCESS_LIST) == before
    assert whose(listed / "a.md") == (LUKE, TEAM, 0o660)


@on_linux
@as_root
def test_a_file_gets_no_access_list_from_its_folder(shared: Path) -> None:
    (shared / "a.md").chmod(0o660)
    try:
        os.setxattr(shared, "system.posix_acl_default", access_list(group=6, mary=6))
    except OSError:
        pytest.skip("this file system has no access lists")
    assert written(shared) is None
    assert rights.ACCESS_LIST not in os.listxattr(shared / "a.md")
    assert whose(shared / "a.md") == (LUKE, TEAM, 0o660)


@on_linux
@as_root
def test_a_file_whose_access_list_would_speak_of_another_group_is_left_alone_and_named(listed: Path) -> None:
    listed.chmod(0o777)
    with acting_as(MARY, OTHERS):
        assert "its access list speaks of a group that it would not have any more" in (written(listed) or "")
    assert (whose(listed / "a.md"), (listed / "a.md").read_text()) == ((LUKE, TEAM, 0o660), "old\n")
