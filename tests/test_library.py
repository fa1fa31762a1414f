import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from garden import prose
from garden.config import ReadSettings, Settings
from garden.errors import LibraryLocked, NotALibrary
from garden.library import Library, Reading, ahead, file_hash, locked, read, reading, write, writing
from garden.library.find import is_pattern
from garden.library.reading import reading_of
from garden.models import Edit
from garden.store import Store

GOOD = "---\nslug: {slug}\ntitle: {slug}\n---\n\nSome text about {slug}.\n"


def text(slug: str) -> str:
    return GOOD.format(slug=slug)


@pytest.fixture
def shelve(tmp_path: Path) -> Callable[..., Library]:
    def shelve(root: Path, settings: Settings | None = None) -> Library:
        return read(root, settings or Settings(), Store(tmp_path / "store"), lambda *_: None)

    return shelve


def slugs(library: Library) -> list[str]:
    return [pattern.slug for pattern in library.patterns]


def codes(library: Library) -> dict[str, str]:
    return {problem.path: problem.code for problem in library.problems}


def edit(path: str, old: str, new: str) -> Edit:
    return Edit(path=path, old_hash=file_hash(old.encode()), start=0, old=old.encode(), new=new.encode())


def test_reads_patterns_of_all_folders_in_slug_order_and_leaves_out_what_is_none(make_library, shelve) -> None:
    root = make_library(
        {
            "b.md": text("b"),
            "sub/a.md": text("a"),
            "README.md": "no pattern",
            ".hidden/c.md": text("c"),
            "notes.txt": "-",
        }
    )
    assert slugs(shelve(root)) == ["a", "b"]


@pytest.mark.parametrize(
    "head",
    [
        "slug: first-steps\ntitle: [1,\n",
        "slug: 'first-steps'  # its name\ntitle: A\ntitle: B\n",
        'title: A\nmeta:\n  id: "first-steps"\n\tbad: 1\n',
    ],
)
def test_a_file_that_cannot_be_read_is_still_called_what_it_says(make_library, shelve, head: str) -> None:
    root = make_library({"017.md": f"---\n{head}---\nText.\n", "b.md": text("b")})
    assert {"017", "first-steps"} <= shelve(root).unreadable


PATHS = ("a.md", "archive/a.md", "archive/old/b.md", "x/archive/old/c.md")


@pytest.mark.parametrize(
    ("glob", "fitting"),
    [
        ("archive/**", PATHS[1:]),
        ("archive/", PATHS[1:]),
        ("**/archive/", PATHS[1:]),
        ("archive/**/*.md", PATHS[1:]),
        ("archive/**/**/*.md", PATHS[1:]),
        ("**/archive/*.md", ("archive/a.md",)),
        ("archive/*", ("archive/a.md",)),
        ("x/**/old/*.md", ("x/archive/old/c.md",)),
        ("x/**/archive/**/c.md", ("x/archive/old/c.md",)),
        ("archive/**/archive/**", ()),
        ("**/old/**/b.md", ("archive/old/b.md",)),
        ("archive", ()),
        ("a.md", PATHS[:2]),
        ("**/a.md", PATHS[:2]),
        ("**", PATHS),
        ("*", PATHS),
        ("/", ()),
        ("", ()),
    ],
)
def test_two_stars_are_any_number_of_folders_and_a_folder_is_all_below_it(
    make_library, shelve, glob: str, fitting: tuple[str, ...]
) -> None:
    assert tuple(path for path in PATHS if is_pattern(path, ReadSettings(include=(glob,), exclude=()))) == fitting
    root = make_library({path: text(path.replace("/", "-")) for path in PATHS} | {"kept.txt": text("kept")})
    settings = Settings(read=ReadSettings(include=("*.md", "kept.txt"), exclude=(glob,)))
    if fitting != PATHS:
        assert {pattern.path for pattern in shelve(root, settings).patterns} == {*PATHS, "kept.txt"}.difference(fitting)


def test_what_lies_below_a_folder_that_is_left_out_is_nobody_s_concern(
    make_library, shelve, tmp_path, monkeypatch
) -> None:
    root = make_library({"a.md": text("a"), "old/closed/b.md": text("b")})
    (root / "old" / "notes").symlink_to(tmp_path)
    refusing(monkeypatch, "closed")
    assert codes(shelve(root)) == {"old/closed": "unreadable", "old/notes": "link-outside"}
    library = shelve(root, Settings(read=ReadSettings(exclude=("old/**",))))
    assert (slugs(library), library.problems, library.whole) == (["a"], (), True)


def test_a_bad_file_is_a_problem_with_its_place_and_the_rest_goes_on(make_library, shelve) -> None:
    root = make_library({"a.md": text("a"), "bad.md": "---\nslug: bad\ntitle: [1,\n---\n", "c.md": text("c")})
    library = shelve(root)
    assert slugs(library) == ["a", "c"]
    assert [(p.path, p.line) for p in library.problems] == [("bad.md", 4)]
    assert library.unreadable == {"bad"}


def test_a_second_reading_takes_the_store_s_word_and_finds_the_same(make_library, shelve) -> None:
    root = make_library({"a.md": text("a"), "bad.md": "nothing"})
    first, second = shelve(root), shelve(root)
    assert first.patterns == second.patterns
    assert first.problems == second.problems
    assert first.readings[0].prose.passage == second.readings[0].prose.passage


def test_a_changed_file_is_read_anew(make_library, shelve) -> None:
    root = make_library({"a.md": text("a")})
    shelve(root)
    make_library({"a.md": text("a").replace("title: a", "title: New")})
    assert shelve(root).patterns[0].title == "New"


def test_new_files_are_told_of_while_reading_and_bad_ones_are_not(make_library, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    store = Store(tmp_path / "store")

    def shelve(root: Path, name: str) -> None:
        read(root, Settings(), store, lambda *_: None, lambda new, files: told.append((name, new, files)))

    root = make_library({"bad.md": "---\nslug: [1,\n---\n", **{f"p{n}.md": text(f"p{n}") for n in range(120)}})
    shelve(root, "many")
    shelve(root, "none")
    (root / "p7.md").write_text(text("p7") + "More.\n")
    shelve(root, "one")
    assert told == [("many", 99, 121), ("many", 120, 121), ("one", 1, 121)]


@pytest.mark.parametrize(("slug", "again"), [("same", "same"), ("café", "cafe\u0301")])
def test_two_files_with_one_slug_are_a_problem_of_the_second(make_library, shelve, slug: str, again: str) -> None:
    library = shelve(make_library({"a.md": text(slug), "b.md": text(again)}))
    assert slugs(library) == [slug]
    assert codes(library) == {"b.md": "slug-twice"}


def test_links_that_leave_the_library_are_named_and_not_followed(make_library, shelve, tmp_path: Path) -> None:
    root = make_library({"a.md": text("a")})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.md").write_text(text("x"))
    (root / "out.md").symlink_to(outside / "x.md")
    (root / "folder").symlink_to(outside)
    (root / "again.md").symlink_to(root / "a.md")
    library = shelve(root)
    assert slugs(library) == ["a"]
    assert codes(library) == {"folder": "link-outside", "out.md": "link-outside"}


def test_a_link_that_leads_nowhere_and_what_is_no_file_are_named(make_library, shelve) -> None:
    root = make_library({"a.md": text("a")})
    (root / "gone.md").symlink_to(root / "nowhere.md")
    (root / "round.md").symlink_to(root / "round.md")
    (root / "gone.txt").symlink_to(root / "nowhere.txt")
    os.mkfifo(root / "pipe.md")
    library = shelve(root)
    assert slugs(library) == ["a"]
    assert codes(library) == {"gone.md": "link-nowhere", "round.md": "link-nowhere", "pipe.md": "no-file"}
    # What is called otherwise than its file may be behind a link that leads nowhere.
    assert not library.whole
    for name in ("gone.md", "round.md"):
        (root / name).unlink()
    assert shelve(root).whole


def test_what_is_hidden_is_no_pattern(make_library, shelve) -> None:
    root = make_library({"a.md": text("a"), ".b.md": text("b"), ".trash/c.md": text("c")})
    (root / ".#a.md").symlink_to("somebody@somewhere.1234:5678")
    library = shelve(root)
    assert (slugs(library), library.problems, library.whole) == (["a"], (), True)
    assert not is_pattern(".trash/c.md", ReadSettings())


def test_what_a_file_in_another_coding_or_outside_is_called_is_known(make_library, shelve, tmp_path: Path) -> None:
    root = make_library({"a.md": text("a")})
    (root / "wide.md").write_bytes(text("first-steps").encode("utf-16"))
    (tmp_path / "else.md").write_text(text("next-steps"))
    (root / "elsewhere.md").symlink_to(tmp_path / "else.md")
    library = shelve(root)
    assert library.whole
    assert {"wide", "first-steps", "elsewhere", "next-steps"} <= library.unreadable


def test_a_link_to_a_folder_without_patterns_is_nobody_s_concern(make_library, shelve, tmp_path: Path) -> None:
    root = make_library({"a.md": text("a")})
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (pictures / "x.png").touch()
    (root / "assets").symlink_to(pictures)
    library = shelve(root)
    assert (library.problems, library.whole) == ((), True)
    for number in range(1001):
        (pictures / f"{number}.png").touch()
    assert codes(shelve(root)) == {"assets": "link-outside"}
    assert not shelve(root).whole
    for glob in ("assets", "assets/", "assets/**"):
        assert shelve(root, Settings(read=ReadSettings(exclude=(glob,)))).whole


@pytest.mark.parametrize("hidden", ["closed", "linked", "named"])
def test_a_link_to_a_folder_that_may_hold_patterns_is_named(
    make_library, shelve, tmp_path, monkeypatch, hidden
) -> None:
    root = make_library({"a.md": text("a")})
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    settings = Settings()
    if hidden == "closed":
        refusing(monkeypatch, "deep")
    elif hidden == "linked":
        (outside / "deep" / "link").symlink_to(tmp_path)
    else:
        settings = Settings(read=ReadSettings(include=("a.md", "notes/*.txt")))
        (outside / "x.txt").write_text("x")
    (root / "notes").symlink_to(outside)
    library = shelve(root, settings)
    assert codes(library) == {"notes": "link-outside"}
    assert not library.whole


def test_reports_are_no_patterns_wherever_they_lie(make_library, shelve) -> None:
    report = {f"notes/run/{name}": "text" for name in ("plan.json", "changes.patch", "report.md", "deep/report.md")}
    library = shelve(make_library({"a.md": text("a"), "notes/report.md": text("report"), **report}))
    assert slugs(library) == ["a", "report"]
    assert library.problems == ()


def test_a_name_that_is_no_text_is_named_and_the_rest_goes_on(make_library, shelve) -> None:
    root = make_library({"a.md": text("a")})
    for name in (b"caf\xe9.md", b"caf\xe9.png"):
        (root / os.fsdecode(name)).write_text(text("b"))
    folder = root / os.fsdecode(b"d\xe9pot")
    folder.mkdir()
    (folder / "c.md").write_text(text("c"))
    library = shelve(root)
    assert slugs(library) == ["a"]
    assert codes(library) == {"caf\\xe9.md": "name-not-utf8", "d\\xe9pot": "name-not-utf8"}
    assert not library.whole


def test_a_file_over_the_limit_is_not_even_read(make_library, shelve) -> None:
    root = make_library({"a.md": text("a"), "big.md": text("big") + "x" * 5000})
    library = shelve(root, Settings(read=ReadSettings(max_bytes=4000)))
    assert codes(library) == {"big.md": "too-large"}


@pytest.mark.parametrize("make", [lambda p: None, lambda p: p.write_text(""), lambda p: p.mkdir()])
def test_what_is_no_library_says_so(tmp_path: Path, shelve, make) -> None:
    make(tmp_path / "thing")
    with pytest.raises(NotALibrary, match="name a folder that holds Markdown patterns"):
        shelve(tmp_path / "thing")


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (
            ReadSettings(exclude=("**",)),
            "read.exclude leaves out every file that matches **/*.md; take out of read.exclude",
        ),
        (ReadSettings(include=("../*.md",)), "no file matches ../*.md; change read.include in garden.toml"),
        (ReadSettings(include=("",)), "no file matches ''; change read.include in garden.toml"),
        (ReadSettings(include=("*.txt",), exclude=("**",)), "no file matches *.txt; change read.include"),
    ],
)
def test_globs_that_leave_no_pattern_are_named_with_the_way_out(make_library, shelve, read, says: str) -> None:
    with pytest.raises(NotALibrary, match=re.escape(says)):
        shelve(make_library({"a.md": text("a")}), Settings(read=read))


def test_a_bare_repository_is_called_that(tmp_path: Path, shelve) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "thing.git")], check=True)
    with pytest.raises(NotALibrary, match="a bare git repository, which holds no files; clone it"):
        shelve(tmp_path / "thing.git")


def test_writes_each_file_and_keeps_its_mode(make_library) -> None:
    root = make_library({"a.md": "old\n"})
    (root / "a.md").chmod(0o640)
    written = write(root, [edit("a.md", "old\n", "new\n")], lambda *_: None)
    assert written.paths == ("a.md",)
    assert (root / "a.md").read_text() == "new\n"
    assert (root / "a.md").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in root.iterdir()] == ["a.md"]


def test_a_file_of_the_longest_name_is_written(make_library) -> None:
    name = "é" * 126 + ".md"
    root = make_library({name: "old\n"})
    assert write(root, [edit(name, "old\n", "new\n")], lambda *_: None).paths == (name,)
    assert (root / name).read_text() == "new\n"


def test_what_a_kill_left_beside_a_file_is_swept_away(make_library) -> None:
    root = make_library({"sub/a.md": "old\n", "sub/.a.md.garden-tmp": "of an earlier version"})
    writing.temporary_of(root / "sub/a.md").write_text("half")
    write(root, [], lambda *_: None)
    assert [path.name for path in (root / "sub").iterdir()] == ["a.md"]


def test_a_file_changed_meanwhile_is_left_alone_and_named(make_library) -> None:
    root = make_library({"a.md": "someone's\n", "b.md": "old\n"})
    written = write(root, [edit("a.md", "old\n", "new\n"), edit("b.md", "old\n", "new\n")], lambda *_: None)
    assert written.paths == ("b.md",)
    assert [(p.path, p.code) for p in written.skipped] == [("a.md", "changed-meanwhile")]
    assert (root / "a.md").read_text() == "someone's\n"


def taken_out(path: Path) -> None:
    path.unlink()


def to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def to_link(path: Path) -> None:
    path.rename(path.with_suffix(".txt"))
    path.symlink_to(path.with_suffix(".txt"))


def folder_to_link(path: Path) -> None:
    path.parent.rename(path.parent.parent.parent / "elsewhere")
    path.parent.symlink_to(path.parent.parent.parent / "elsewhere")


def folder_to_file(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()
    path.parent.write_text("-")


BECAME = [
    (taken_out, "was deleted, renamed or moved during the run"),
    (to_folder, "a folder has taken its place during the run"),
    (to_link, "a symbolic link has taken its place during the run"),
    (folder_to_link, "a symbolic link has taken its place during the run"),
    (folder_to_file, "was deleted, renamed or moved during the run"),
]


@pytest.mark.parametrize(("become", "says"), BECAME)
@pytest.mark.parametrize("late", [False, True])
def test_what_is_no_file_any_more_is_left_alone_and_named(make_library, monkeypatch, become, says, late) -> None:
    root = make_library({"sub/a.md": "old\n", "b.md": "old\n"})
    put = writing._put_beside

    def too_late(temporary: Path, raw: bytes, path: Path) -> None:
        put(temporary, raw, path)
        if temporary.parent.name == "sub":
            with suppress(OSError):
                temporary.unlink()
            become(root / "sub/a.md")

    if late:
        monkeypatch.setattr(writing, "_put_beside", too_late)
    else:
        become(root / "sub/a.md")
    written = write(root, [edit("sub/a.md", "old\n", "new\n"), edit("b.md", "old\n", "new\n")], lambda *_: None)
    assert written.paths == ("b.md",)
    assert [str(p) for p in written.skipped] == [
        f"sub/a.md:1:1: {says}, so it is left as it is; run again [changed-meanwhile]"
    ]
    assert not list(root.rglob("*garden-tmp"))
    assert "new\n" not in [
        path.read_text() for path in root.parent.rglob("*") if path.is_file() and path.name != "b.md"
    ]


def test_a_file_that_cannot_be_written_is_named_and_the_rest_goes_on(make_library, monkeypatch) -> None:
    root = make_library({"a.md": "old\n", "b.md": "old\n"})
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.name == "a.md":
            raise PermissionError(1, "Operation not permitted")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    written = write(root, [edit("a.md", "old\n", "new\n"), edit("b.md", "old\n", "new\n")], lambda *_: None)
    assert [(p.path, p.code) for p in written.skipped] == [("a.md", "unwritable")]
    assert sorted(path.name for path in root.iterdir()) == ["a.md", "b.md"]


def test_where_the_disk_is_full_the_way_out_is_said(make_library, monkeypatch) -> None:
    root = make_library({"a.md": "old\n"})

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    (problem,) = write(root, [edit("a.md", "old\n", "new\n")], lambda *_: None).skipped
    assert problem.message == "cannot be written: No space left on device; make room, the file is as it was"
    assert [(path.name, path.read_text()) for path in root.iterdir()] == [("a.md", "old\n")]


def test_the_lock_keeps_a_second_run_out_and_ends_with_its_holder(make_library) -> None:
    root = make_library({"a.md": "-"})
    script = (
        "import sys; from pathlib import Path; from garden.library import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LibraryLocked), locked(root):
            pass
        holder.kill()
    with locked(root):
        pass


WRITER = """
import os, sys
from pathlib import Path
from typing import Any
from garden.library import file_hash, write
from garden.models import Edit
root = Path(sys.argv[1])
def flip(path):
    raw = path.read_bytes()
    new = (b"new" if raw.startswith(b"old") else b"old") * 20000
    return Edit(path=path.name, old_hash=file_hash(raw), start=0, old=raw, new=new)
print("ready", flush=True)
while True:
    write(root, [flip(path) for path in sorted(root.glob("*.md"))], lambda *_: None)
"""


@pytest.mark.parametrize("moment", range(5))
def test_a_kill_at_any_moment_leaves_every_file_old_or_new(make_library, moment: int) -> None:
    root = make_library({f"{number}.md": "old" * 20000 for number in range(20)})
    with subprocess.Popen([sys.executable, "-c", WRITER, str(root)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        # The number of the file that is being written moves on; wait until it has reached a given one.
        while not writing.temporary_of(root / f"{moment * 4}.md").exists():
            assert writer.poll() is None
        writer.kill()
    whole = {b"old" * 20000, b"new" * 20000}
    assert all(path.read_bytes() in whole for path in root.glob("[0-9]*.md"))
    write(root, [], lambda *_: None)
    assert sorted(path.name for path in root.iterdir()) == sorted(f"{number}.md" for number in range(20))


@pytest.fixture
def parsed_here(monkeypatch) -> list[str]:
    """The names of files that this process parses, where batches are small and a second process pays early."""
    names: list[str] = []

    def counting(raw: bytes, name: str, settings: Settings) -> Reading:
        names.append(name)
        return reading_of(raw, name, settings)

    monkeypatch.setattr(reading, "reading_of", counting)
    monkeypatch.setattr(reading, "FIRST", 2)
    monkeypatch.setattr(reading, "BATCH", 2)
    monkeypatch.setattr(ahead, "LARGE", 4)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    return names


def many(make_library: Callable[..., Path]) -> Path:
    files = {f"p{number:02}.md": text(f"p{number:02}") for number in range(12)}
    return make_library({**files, "p11.md": "---\nslug: p11\ntitle: [1,\n---\n"})


def test_a_large_library_is_read_by_two_processes_and_is_the_same(make_library, shelve, parsed_here, tmp_path) -> None:
    root = many(make_library)
    library = shelve(root)
    # A bad file is not kept, so its problem is met again here.
    assert parsed_here == [*(f"p{number:02}.md" for number in range(7)), "p11.md"]
    alone = read(root, Settings(), Store(tmp_path / "another"), lambda *_: None)
    assert library.patterns == alone.patterns
    assert library.problems == alone.problems
    assert [prose.dump(one.prose) for one in library.readings] == [prose.dump(one.prose) for one in alone.readings]


def test_where_the_second_process_fails_all_is_read_here(make_library, shelve, parsed_here, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    library = shelve(many(make_library))
    assert len(library.readings) == 11
    assert len(parsed_here) == 12


def test_a_library_that_is_known_starts_no_second_process(make_library, shelve, parsed_here, monkeypatch) -> None:
    root = many(make_library)
    shelve(root)
    parsed_here.clear()
    monkeypatch.setattr("garden.processes.helper.start", lambda *_: pytest.fail("a second process was started"))
    assert shelve(root).new == frozenset()
    assert parsed_here == ["p11.md"]
    (root / "p03.md").write_text(text("p03") + "Anew.\n", encoding="utf-8")
    assert shelve(root).new == {"p03.md"}


def refusing(monkeypatch, name: str) -> None:
    """Lets the system refuse to list folders of this name: root may list any."""
    scandir = os.scandir

    def refused(path: str) -> Any:
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)


def test_a_folder_that_cannot_be_read_is_named_and_the_rest_goes_on(make_library, shelve, monkeypatch) -> None:
    root = make_library({"a.md": text("a"), "closed/b.md": text("b")})
    refusing(monkeypatch, "closed")
    library = shelve(root)
    assert slugs(library) == ["a"]
    assert codes(library) == {"closed": "unreadable"}
    assert "allow reading it" in library.problems[0].message


def test_where_a_folder_cannot_be_read_no_link_is_dead(make_library, shelve, monkeypatch) -> None:
    section = "graph_garden:\n  inferred_links:\n  - target: b\n"
    root = make_library({"a.md": f"---\ntitle: A\nslug: a\n{section}---\ntext\n", "closed/b.md": text("b")})
    refusing(monkeypatch, "closed")
    assert "b" in shelve(root).unreadable


def test_a_library_that_cannot_be_read_says_so(make_library, shelve, monkeypatch) -> None:
    root = make_library({"a.md": text("a")})
    refusing(monkeypatch, root.name)
    with pytest.raises(NotALibrary, match="permission denied"):
        shelve(root)


def test_no_lock_is_to_be_had_on_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name, said in (("missing", "no such file or directory"), ("file", "not a directory")):
        with pytest.raises(NotALibrary, match=said), locked(tmp_path / name):
            pytest.fail("the lock was given")
