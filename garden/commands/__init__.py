"""The commands of the command line that ``garden.cli`` does not hold itself, and how their help and completion look."""
