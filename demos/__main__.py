"""``python -m demos``: see ``demos.course``."""

import sys

from demos.course import main

if __name__ == "__main__":
    sys.exit(main())
