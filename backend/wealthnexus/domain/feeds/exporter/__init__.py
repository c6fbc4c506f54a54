"""The firm's books as the bundles they came from: streamed to a folder or a zip, nothing held in memory."""

from wealthnexus.domain.feeds.exporter.run import ExportReport, export_books

__all__ = ["ExportReport", "export_books"]
