"""Makes gardens of manuals whose authors linked their pages: what the ranking was not made with.

    python -m benchmarks.manuals OUT

The manuals are packages of Debian 12, fetched and unpacked by its own tools. Each garden is a folder of OUT with
``notes.jsonl`` and ``links.jsonl``, as ``benchmarks/gardens.py`` takes them. A "see also" is left out of the text, and
so are the words of each link to another page: what is left says nothing of who linked whom.
"""

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

SHORTEST = 300  # Characters: what says less is a page of links.
SUMMARY = 250
LEFT_OUT = {"SEE ALSO", "KEYWORDS", "VERSIONS", "STANDARDS", "COLOPHON", "HISTORY", "LIBRARY", "ATTRIBUTES", "AUTHORS"}
FRAME = {"navheader", "navfooter", "toc", "toctree-wrapper", "sphinxsidebar", "nav", "footer"}
BREAKS = {"p", "li", "pre", "dt", "dd", "tr", "div", "h1", "h2", "h3", "h4"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "param", "wbr"}
FONT = re.compile(r"\\f(?:\[[^]]*\]|\(..|[A-Z])|\\[&/,|:%]")
SIGN = re.compile(r"\\(?:\(..|\[[^]]*\])")
REFERENCE = re.compile(r"^\.(?:BR|IR|RB)\s+(\S+)\s+\((\d\w*)\)", re.MULTILINE)
MALLARD = "{http://projectmallard.org/1.0/}"


@dataclass
class Page:
    """One page of a manual, and where it leads."""

    slug: str
    title: str
    summary: str
    body: str
    links: list[tuple[str, str]] = field(default_factory=list)  # The target's slug or name, and the type.
    names: tuple[str, ...] = ()


def from_troff(text: str) -> str:
    """The words of a line or two of a manual page's source."""
    return SIGN.sub(" ", FONT.sub("", text)).replace("\\-", "-").replace("\\e", "\\").replace("\\ ", " ")


def man_pages(root: Path) -> Iterator[Page]:
    """Linux's manual and Tcl's: sections of troff, with references under SEE ALSO."""
    for path in sorted(root.glob("usr/share/man/man*/*.gz")):
        source = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        if path.is_symlink() or source.lstrip().startswith(".so "):
            continue
        parts = re.split(
            r"^\.SH\s+\"?(.*?)\"?\s*$",
            re.sub(r"^\.de .*?^\.\.$", "", source, flags=re.MULTILINE | re.DOTALL),
            flags=re.MULTILINE,
        )
        sections = dict(zip(map(str.upper, parts[1::2]), parts[2::2], strict=True))
        named = from_troff(re.sub(r"^\..*$", "", sections.pop("NAME", ""), flags=re.MULTILINE))
        names, _, summary = " ".join(named.split()).partition(" - ")
        also = sections.get("SEE ALSO", "")
        body = "\n\n".join(
            f"## {head.capitalize()}\n{_said(text)}" for head, text in sections.items() if head not in LEFT_OUT
        )
        found = [from_troff(f"{name}.{part}") for name, part in REFERENCE.findall(also)]
        found = found or [re.sub(r"\(.*", "", word) for word in re.split(r"[,\s]+", from_troff(also)) if word]
        slug = path.stem
        called = tuple(re.sub(r"\(.*", "", name.strip()) for name in names.split(","))
        yield Page(slug, slug.rpartition(".")[0], summary, body, [(one, "related") for one in found], called)


def _said(section: str) -> str:
    lines = []
    for line in section.split("\n"):
        if line.startswith(('.\\"', "'\\\"", ".TH", ".TP", ".IP", ".VS", ".VE", ".BS", ".BE")):
            continue
        bare = REFERENCE.sub("", line)
        lines.append(from_troff(re.sub(r"^\.\w+\s*", "", bare)).replace('"', ""))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def mallard_pages(root: Path) -> Iterator[Page]:
    """GNOME's help: pages that say of themselves which guide they belong to and what to see also."""
    for path in sorted((root / "usr/share/help/C/gnome-help").glob("*.page")):
        page = ElementTree.parse(path).getroot()
        links = []
        for parent in page.iter():
            for link in [one for one in parent if one.tag == f"{MALLARD}link" and one.get("xref")]:
                kind = {"guide": "child_of", "seealso": "related"}.get(link.get("type", ""), "")
                links.append((link.get("xref", "").partition("#")[0], kind))
                _drop(parent, link)
        info, title = page.find(f"{MALLARD}info"), page.find(f"{MALLARD}title")
        summary = " ".join(info.findtext(f"{MALLARD}desc", "").split()) if info is not None else ""
        called = " ".join("".join(title.itertext()).split()) if title is not None else path.stem
        for one in (info, title):
            if one is not None:
                page.remove(one)
        yield Page(page.get("id", path.stem), called, summary, _tidy("".join(page.itertext())), links)


def _drop(parent: ElementTree.Element, link: ElementTree.Element) -> None:
    """Takes a link and its words out; what stands behind it stays."""
    before = list(parent)[: list(parent).index(link)]
    if before:
        before[-1].tail = (before[-1].tail or "") + (link.tail or "")
    else:
        parent.text = (parent.text or "") + (link.tail or "")
    parent.remove(link)


class _Reader(HTMLParser):
    """The first heading of a page of HTML, its text without navigation and links' words, and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.title: list[str] = []
        self.text: list[str] = []
        self.links: list[str] = []
        self._open: list[tuple[str, str]] = []  # Each open element, and what its words are.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        given = dict(attrs)
        inside = self._open[-1][1] if self._open else "text"
        role = inside
        if tag in {"script", "style", "head"} or FRAME & set((given.get("class") or "").split()):
            role = "none"
        elif inside == "text" and tag in {"h1", "h2", "h3"} and not self.title:
            role = "title"
        elif tag == "a" and inside == "text" and self._leads(given.get("href") or ""):
            role = "none"
        if tag in BREAKS:
            self.text.append("\n")
        self._open.append((tag, role))

    def _leads(self, target: str) -> bool:
        page = target.partition("#")[0]
        if not page or ":" in page:
            return False
        self.links.append(page)
        return True

    def handle_endtag(self, tag: str) -> None:
        while any(tag == name for name, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        role = self._open[-1][1] if self._open else "text"
        if role != "none":
            (self.title if role == "title" else self.text).append(data)


def html_pages(root: Path, wanted: str) -> Iterator[Page]:
    """A manual in HTML: the pages whose path matches."""
    files = {os.path.relpath(path, root): path for path in sorted(root.rglob("*.html")) if re.search(wanted, str(path))}
    slugs = {
        name: re.sub(r"\W+", "-", name.removesuffix(".html").rpartition("/html/")[2].rpartition("/en/")[2])
        for name in files
    }
    for name, path in files.items():
        reader = _Reader()
        reader.feed(path.read_text(encoding="utf-8", errors="replace"))
        title = re.sub(
            r"^(?:Chapter\s)?[\dA-Z]?[\d.]*\.\s*|¶|\(\d\)| Manual Page", "", " ".join("".join(reader.title).split())
        )
        body = _tidy("".join(reader.text).replace("¶", ""))
        ends = (os.path.normpath(Path(name).parent / link) for link in reader.links)
        yield Page(
            slugs[name],
            title,
            re.split(r"(?<=[.!?])\s", body, maxsplit=1)[0][:SUMMARY],
            body,
            [(slugs[end], "") for end in ends if end in slugs],
        )


def _tidy(text: str) -> str:
    return re.sub(r"\n\s*\n+", "\n\n", re.sub(r"[ \t\xa0]+", " ", text)).strip()


MANUALS: dict[str, tuple[tuple[str, ...], Callable[[Path], Iterable[Page]]]] = {
    "linux": (("manpages", "manpages-dev"), man_pages),
    "tcl": (("tcl8.6-doc",), man_pages),
    "gnome": (("gnome-user-docs",), mallard_pages),
    "git": (("git-doc",), lambda root: html_pages(root, r"/git-doc/git[^/]*\.html")),
    "gimp": (
        ("gimp-help-en",),
        lambda root: html_pages(root, r"/en/(?!index|g[oi]\d|glossary|bibliography)[^/]*\.html"),
    ),
    "postgresql": (
        ("postgresql-doc-15",),
        lambda root: html_pages(
            root,
            r"/html/(sql|app|functions|datatype|runtime|ddl|indexes|queries|routine|monitoring|plpgsql|textsearch|view|catalog)-",
        ),
    ),
    "django": (
        ("python-django-doc",),
        lambda root: html_pages(root, r"/html/(topics|ref|howto|faq|intro|misc|internals)/"),
    ),
}


def unpacked(packages: Iterable[str], folder: Path) -> Path:
    """The files of some Debian packages, under one folder."""
    for package in packages:
        subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, check=True)
        (archive,) = folder.glob(f"{package}_*.deb")
        subprocess.run(["dpkg-deb", "-x", str(archive), str(folder / "root")], check=True)
    return folder / "root"


def write(pages: Iterable[Page], folder: Path) -> str:
    """Writes a garden, each link once, and tells its size."""
    kept = {page.slug: page for page in pages if page.title and len(page.body) >= SHORTEST}
    meant = {name: page.slug for page in reversed(kept.values()) for name in page.names} | {slug: slug for slug in kept}
    links = {
        (page.slug, meant[end]): kind
        for page in kept.values()
        for end, kind in page.links
        if end in meant and meant[end] != page.slug
    }
    folder.mkdir(parents=True)
    notes = [{"slug": p.slug, "title": p.title, "summary": p.summary, "body": p.body} for p in kept.values()]
    rows = [{"source": source, "target": target, "type": kind} for (source, target), kind in links.items()]
    for name, some in (("notes", notes), ("links", rows)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in some), encoding="utf-8")
    return f"{folder.name}: {len(notes)} pages, {len(rows)} links"


def main() -> None:
    out = Path(sys.argv[1])
    for name, (packages, pages) in MANUALS.items():
        with tempfile.TemporaryDirectory() as scratch:
            print(write(pages(unpacked(packages, Path(scratch))), out / name), flush=True)


if __name__ == "__main__":
    main()
