"""``python -m autograd.generate`` writes the generated files; ``--check`` only compares."""

import sys

from autograd.generate.files import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
