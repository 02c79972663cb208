"""The debugger: step through backprop in both directions of time.

Read in this order: ``records`` (what a step is), ``recording`` (the pass as columns of numbers), ``stepper`` (the
cursor), ``breakpoints``, ``replay`` (what if), ``local_check``, then what people see: ``display``, ``prompt``, ``quiz``.
"""

from __future__ import annotations

from autograd.stepper.breakpoints import Breakpoint, Breakpoints
from autograd.stepper.local_check import LocalCheck
from autograd.stepper.records import Compute, Read, Send, Step
from autograd.stepper.stepper import Stepper

__all__ = ["Breakpoint", "Breakpoints", "Compute", "LocalCheck", "Read", "Send", "Step", "Stepper"]
