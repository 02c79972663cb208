"""The graph that the terminal tests walk, opened at the prompt: ``python lesson.py [forward]``."""

import sys

from autograd import Value

a, b = Value(0.5, name="a"), Value(-0.3, name="b")
d = a * b
e = d + b
t = e.tanh()
f = d * t

if __name__ == "__main__":
    f.stepper(direction="forward" if "forward" in sys.argv else "backward").repl(predict="predict" in sys.argv)
