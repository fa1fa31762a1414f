"""Lines and columns of a text, counted as an editor counts them."""

import re

LINE_END = re.compile(r"\r\n|\r|\n")
BYTE_ORDER_MARK = "\ufeff"


def place(text: str, index: int) -> tuple[int, int]:
    """Line and column of the character at ``index``, both from 1; a byte order mark is no column."""
    line, start = 1, int(text.startswith(BYTE_ORDER_MARK))
    for found in LINE_END.finditer(text, 0, index):
        line, start = line + 1, found.end()
    return line, index - start + 1


def line_start(text: str, index: int) -> int:
    """Where the line that holds ``index`` begins."""
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def line_end(text: str, index: int) -> int:
    """Where the line that holds ``index`` ends, its line end included."""
    found = LINE_END.search(text, index)
    return found.end() if found else len(text)
