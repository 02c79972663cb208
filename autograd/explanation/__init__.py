"""A gradient in words: where it comes from, and what it would be if it were computed wrongly.

Read in this order:

    paths        the paths from a result down to a node: counted, listed, and the gradient that flows down each
    explanation  ``explain``: one gradient as the sum over its paths of products of local derivatives
    mistakes     ``common_mistakes``: four wrong algorithms beside the right one, and where each first goes wrong
"""
