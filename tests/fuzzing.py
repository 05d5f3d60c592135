"""Settings of tests that hypothesis drives."""

from hypothesis import HealthCheck

# Every run tries the same examples, however slow one is, and keeps none.
OPTIONS = {
    "derandomize": True,
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}
