"""Lessons that run: each shows one idea of a first course in machine learning, number by number.

``python -m demos`` lists them in teaching order; ``python -m demos tadpoles`` runs one. A lesson is one file that is
read from top to bottom, with its training loop written out; ``course`` holds only what every lesson would repeat:
options, printing, pictures, the data files.
"""
