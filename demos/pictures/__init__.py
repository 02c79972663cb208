"""The README's pictures, and the command that draws them again: ``python -m demos.pictures``."""
