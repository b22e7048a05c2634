"""What is counted for those who watch head office (Prometheus). No label names a station, a person or a shop."""

from prometheus_client import Counter, Histogram

ENTRIES = Counter("headoffice_entries_received", "Journal entries stored.")
QUARANTINED = Counter("headoffice_entries_quarantined", "Journal entries set aside by the intake.", ["code"])
BATCHES = Counter(
    "headoffice_batches", "Batches taken: fresh, repeated (the stored receipt), known (nothing new).", ["outcome"])
FORKS = Counter("headoffice_forks", "Journals that contradicted what is held of them.")
BUSY = Counter("headoffice_busy", "Requests turned away because their pool was full.", ["pool"])
REQUESTS = Counter("headoffice_requests", "Requests answered.", ["pool", "status"])
SECONDS = Histogram(
    "headoffice_request_seconds", "Time from a request's head to the end of its answer.", ["pool"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30))
