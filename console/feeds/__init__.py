"""Where the window's board and its events come from: the running engine, or a log that is only read. No Qt."""

from console.feeds.engine_feed import DEFAULT_SEED, EngineFeed
from console.feeds.reader_feed import ReaderFeed

__all__ = ["DEFAULT_SEED", "EngineFeed", "ReaderFeed"]
