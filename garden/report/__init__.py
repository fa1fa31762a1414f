"""What a run leaves for people and programs to read."""

from garden.report.files import refuse_library, refuse_unwritable, write_report

__all__ = ["refuse_library", "refuse_unwritable", "write_report"]
