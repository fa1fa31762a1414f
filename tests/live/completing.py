"""The command as a shell asks it what may follow: by the name ``garden``, with the question in the environment."""

import sys

from garden.cli import main

# A program in a package would be taken for ``python -m``, and its questions sought under that name.
__package__ = ""
sys.argv = ["garden"]
main()
