"""Graph Garden tends the machine-written part of a pattern library."""

__version__ = "0.1.0"
