"""``python -m garden`` is the command line."""

from garden.cli import main

if __name__ == "__main__":
    main()
