"""What a run leaves for people and programs to read."""

from garden.report.files import write_report

__all__ = ["write_report"]
