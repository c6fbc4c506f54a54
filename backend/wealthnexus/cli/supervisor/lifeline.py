"""Imported by each job process as its last module: it ends when the process above it dies.

Without this a job process would live on after a ``kill -9`` of its master.
"""

from __future__ import annotations

import os
import signal

from wealthnexus.kit.embedded.launch import die_with_parent

die_with_parent(signal.SIGTERM, os.getppid())
