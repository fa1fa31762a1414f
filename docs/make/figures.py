"""The page of health's figures, made from the words that reports use."""

from garden.health.metrics import METRICS

HEAD = """# Figures of health

What `garden health PATH --full` shows, in this order; `--json` prints them by their key. Reports show the figures
before and after a run, and say better or worse where one way is better. Thresholds from which a figure is an alarm are
[settings](settings.md#health).

| figure | what it means | better is | key |
|---|---|---|---|
"""
WAYS = {"up": "more", "down": "less", "middle": "the middle", None: ""}


def figures_page() -> str:
    """The page's Markdown."""
    rows = [f"| {m.name} | {m.meaning} | {WAYS[m.better]} | `{m.key}` |" for m in METRICS]
    return HEAD + "\n".join(rows) + "\n"
