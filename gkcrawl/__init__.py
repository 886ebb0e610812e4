"""gkcrawl: finds, keeps and reads the annual reports on government information disclosure."""

__version__ = "0.1.0.dev0"
