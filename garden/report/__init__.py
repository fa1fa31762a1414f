"""What a run leaves for people and programs to read."""

from garden.report.files import refuse_library, write_report

__all__ = ["refuse_library", "write_report"]
