"""The order of the instructions of a listing, chosen so that results are used soon after they are computed.

A loss is often a sum over examples, and the backward pass of one example needs nothing of the others. In the order
forward, then backward, everything waits until the very end. Here each instruction of the forward pass is put
off until something needs it, and the backward passes keep their order; so a value is near when it is read, in the
processor's cache or among the local variables of a function, and far fewer values are alive at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograd.program.listing import Listing


def scheduled(listing: Listing) -> Listing:
    """Give the same listing with the instructions of the forward pass as late as they can be.

    >>> from autograd import rules
    >>> from autograd.program.listing import Listing
    >>> f = Listing(2)
    >>> first, second = f.append(rules.exp, (0,)), f.append(rules.sin, (1,))
    >>> f.outputs = [f.append(rules.neg, (second,)), f.append(rules.neg, (first,))]
    >>> [f.at(i)[0].name for i in range(4)], [scheduled(f).at(i)[0].name for i in range(4)]
    (['exp', 'sin', 'neg', 'neg'], ['sin', 'neg', 'exp', 'neg'])
    """
    return listing.arranged(_order(listing), listing.outputs)


def _order(listing: Listing) -> Iterator[int]:
    """Give the registers, each as soon as a root needs it, what it needs itself before it."""
    inputs, start, operands = listing.inputs, listing.start, listing.operands
    done = bytearray(inputs + len(listing))
    for r in range(inputs):
        done[r] = 1
    for root in _roots(listing):
        if done[root]:
            continue
        todo = [root]
        while todo:
            r = todo[-1]
            if done[r]:
                todo.pop()
                continue
            i = r - inputs
            missing = [a for a in operands[start[i] : start[i + 1]] if a >= 0 and not done[a]]
            if missing:
                todo.extend(reversed(missing))
                continue
            todo.pop()
            done[r] = 1
            yield r


def _roots(listing: Listing) -> Iterator[int]:
    """Give the instructions of backward passes in order, then the outputs, then whatever is left."""
    inputs = listing.inputs
    for i in range(len(listing)):
        if listing.because[i] != -1 or listing.adjoint[i] >= 0:
            yield inputs + i
    yield from (r for r in listing.outputs if r >= inputs)
    yield from range(inputs, inputs + len(listing))
