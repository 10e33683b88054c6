class ExportError(RuntimeError):
    """An export that did not come about."""
