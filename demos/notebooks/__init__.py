"""The tour and three lessons as notebooks, made from the same sources: ``python -m demos.notebooks`` writes them again."""
