"""``python -m garden`` is the command line."""

from garden.entry import program

if __name__ == "__main__":
    program()
