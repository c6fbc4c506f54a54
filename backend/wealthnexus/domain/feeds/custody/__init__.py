"""The custodian's word beside our books."""
