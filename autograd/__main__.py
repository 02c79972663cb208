"""``python -m autograd "tanh(a*b + c)" a=2 b=-3 c=10``: see ``autograd.command``."""

import sys

from autograd.command.main import main

if __name__ == "__main__":
    sys.exit(main())
