"""Characters that nobody sees, and that can make a line show other than it says."""

import re

# Control characters, marks that turn the direction of text, and blanks without width. The joiners U+200C and U+200D
# belong to words of some languages, and stay.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)


def dropped(text: str) -> str:
    """``text`` without them."""
    # Most text is printable, and this tells it in half the time.
    return text if text.isprintable() else UNSEEN.sub("", text)
