"""How often a source may come: a bucket of tokens that fills with time."""

from dataclasses import dataclass, field

_SOURCES_KEPT = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


@dataclass(slots=True)
class RateLimit:
    """So many a second for each source, and a burst of as many as the bucket holds; seconds of a monotonic clock."""

    per_second: float
    burst: float
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def wait(self, source: str, now: float) -> float:
        """Take a token; 0 when there was one, else the seconds until there will be."""
        bucket = self._buckets.get(source)
        if bucket is None:
            self._forget(now)
            bucket = self._buckets[source] = _Bucket(self.burst, now)
        bucket.tokens = min(self.burst, bucket.tokens + (now - bucket.at) * self.per_second)
        bucket.at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self.per_second
        bucket.tokens -= 1
        return 0.0

    def _forget(self, now: float) -> None:
        """Keep the memory bounded: a bucket that is full again says no more than none."""
        if len(self._buckets) >= _SOURCES_KEPT:
            full = self.burst / self.per_second
            kept = {source: one for source, one in self._buckets.items() if now - one.at < full}
            self._buckets = kept if len(kept) < _SOURCES_KEPT else {}
