"""Reading /metrics as Prometheus does."""

import asyncio

from prometheus_client.parser import text_string_to_metric_families

from services import metrics

PATIENCE = 10  # seconds


class Scrape:
    """Everything that was told at one moment."""

    def __init__(self, text: str) -> None:
        families = text_string_to_metric_families(text)
        samples = [sample for family in families for sample in family.samples]
        self.labels = {label for sample in samples for label in sample.labels.items()}
        self.names = {sample.name for sample in samples}
        self._values = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def value(self, name: str, **labels: str) -> float:
        return self._values[name, frozenset(labels.items())]

    def values(self, name: str) -> dict[str, float]:
        """Give all values of a metric with one label, by that."""
        return {
            value: count for (known, labels), count in self._values.items() if known == name for _, value in labels
        }


class Meter:
    """How far counters have risen since this was made: they are the process's, and other tests count, too."""

    def __init__(self, before: Scrape) -> None:
        self._before = before

    async def rise(self, name: str) -> dict[str, float]:
        """Tell what has risen, by its label."""
        before, now = self._before.values(name), (await scrape()).values(name)
        return {label: now[label] - before[label] for label in now if now[label] != before[label]}

    async def rises(self, name: str, wanted: dict[str, float]) -> None:
        """Wait until that has risen: whoever sees a commit may be quicker than whoever counts it."""
        async with asyncio.timeout(PATIENCE):
            while await self.rise(name) != wanted:
                pass

    async def rise_of(self, name: str) -> float:
        """Tell how far something without a label has risen."""
        return (await scrape()).value(name) - self._before.value(name)


async def scrape() -> Scrape:
    return Scrape((await metrics.exposition()).decode())


async def meter() -> Meter:
    return Meter(await scrape())
