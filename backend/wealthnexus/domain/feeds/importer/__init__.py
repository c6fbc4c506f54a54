"""Bringing a bundle into the books: staged by COPY, compared and written by set, one transaction."""

from wealthnexus.domain.feeds.importer.many import import_books
from wealthnexus.domain.feeds.importer.report import Counts, ImportReport
from wealthnexus.domain.feeds.importer.run import Progress, import_bundle

__all__ = ["Counts", "ImportReport", "Progress", "import_books", "import_bundle"]
