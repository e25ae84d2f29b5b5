"""What a service's log lines mean: which are errors, which belong together, which are new since the release before.

    from .log_classes import events
    found = events.errors(lines)                  # [{fingerprint, severity, kind, exception, text, count, first}]
    ready = events.complete(lines)                # how many of `lines` are whole events
    from .log_classes import comparison
    comparison.compare(found, previous, allowed, today)

The structured level is asked first, then the service's own form, then patterns. Pure, standard library only.
"""
