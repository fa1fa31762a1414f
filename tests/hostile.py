"""A library whose every text tries to be more than text: markup, scripts, quotes, turned directions, endless lines."""

import json

# Each tries to be obeyed by a browser, by Markdown, by a host of pull requests, or by a terminal.
TEXTS = (
    "</script><script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    "\"quotes\" & 'apostrophes' `ticks` ${window.pwned = 1} {{ 7 * 7 }} {% raw %}",
    "turned \u202eright to left\u202c, marked \u200f\u2067 and \u2028 a line end",
    "[a link](javascript:window.pwned=1) ![a picture](https://example.org/x.png) https://example.org",
    "@everyone fixes #1 and owner/name#2 | a | table | ~~gone~~ **bold** __bold__ <!-- hidden",
    "- [ ] `0123456789ab` a task\n- [x] `ba9876543210` another\n\n# a heading\n> a quote\n```\nfence",
    "bell \u0007 back\u0008 escape \u001b[2J\u001b]0;title\u0007 \u009b31m delete \u007f zero \u200b\ufeff",
    "]]> <style>body { display: none }</style> <svg onload=window.pwned=1> <base href=//example.org>",
    "x" * 10_000,
    "wide " * 2_000,
)
COUNT = 18
WORDS = (
    "Neighbours who share a garden water it by turns, and a rota tells whose turn it is.",
    "A rota that nobody reads leaves the garden dry, so neighbours read it aloud each week.",
    "Turns are swapped on the rota, never in passing, for water forgotten is a garden lost.",
    "Each week the neighbours meet at the tap, and the water of the garden is shared anew.",
)


def hostile_files() -> dict[str, str]:
    """Texts by relative path. Files are named plainly or by markup, and slugs are of the same kinds."""
    broken = '---\nslug: broken\ntitle: "half \\ud83d of a pair"\n---\n'
    return {**{_path(place): _pattern(place) for place in range(COUNT)}, "broken <script>.md": broken}


def hostile_slug(place: int) -> str:
    """The slug of the pattern at that place."""
    return f"p{place:02} {TEXTS[place % 3]}" if place % 2 else f"p{place:02}"


def _path(place: int) -> str:
    return f"p{place:02}{'<b onclick=x>&amp;`' if place % 3 == 0 else ''}.md"


def _text(place: int) -> str:
    return TEXTS[place % len(TEXTS)]


def _pattern(place: int) -> str:
    quoted = json.dumps  # A YAML double-quoted scalar takes the very escapes that JSON writes.
    link = {"target": hostile_slug((place + 5) % COUNT), "type": _text(place + 1), "confidence": 0.7}
    entities = [{"id": _text(place + 2), "label": _text(place + 3), "type": _text(place), "relevance": 0.5}]
    section = {
        "last_pruned": "2026-01-01",
        "entities": entities,
        "communities": [{"id": f"c{place % 2}", "label": _text(place % 2 + 4), "source": "inferred"}],
        "inferred_links": [{**link, "reason": _text(place + 4)}, {**link, "target": _text(place + 6)}],
    }
    head = [
        f"slug: {quoted(hostile_slug(place))}",
        f"title: {quoted(f'Rota {place} ' + _text(place))}",
        f"summary: {quoted(_text(place + 1))}",
        f"aliases: [{quoted(_text(place + 2))}]",
        f"graph_garden: {quoted(section)}",
    ]
    body = [f"# {_text(place)}", *(WORDS[(place + i) % len(WORDS)] for i in range(3)), _text(place + 5)]
    return "\n".join(["---", *head, "---", "", "\n\n".join(body), ""])
