"""Pictures: golden sources, geometry, the page in a browser."""
