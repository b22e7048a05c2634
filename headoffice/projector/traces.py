"""Where a fault came about, for the log: files and lines, and no value that anything had."""


def where(fault: BaseException) -> str:
    """Return the kind of ``fault`` and the line of code of every frame it passed, the innermost last."""
    lines, trace = [], fault.__traceback__
    while trace:
        lines.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(fault).__name__} at {' > '.join(lines)}"
