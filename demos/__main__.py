"""``python -m demos``: see ``demos.command``."""

import sys

from demos.command import main

if __name__ == "__main__":
    sys.exit(main())
