"""How a library is doing: figures, what they mean, when they are an alarm, and how they went over time."""

from garden.health.alarms import Alarm, alarms
from garden.health.bias import Bias, bias_of
from garden.health.figures import Aside, Figures, health
from garden.health.history import History, history_line, read_history
from garden.health.links import curated_leaning, leaning
from garden.health.metrics import METRICS, Metric
from garden.health.words import Row, rows

__all__ = [
    "METRICS",
    "Alarm",
    "Aside",
    "Bias",
    "Figures",
    "History",
    "Metric",
    "Row",
    "alarms",
    "bias_of",
    "curated_leaning",
    "health",
    "history_line",
    "leaning",
    "read_history",
    "rows",
]
