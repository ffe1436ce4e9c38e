"""The systems of the acceptance table: one row, one test over HTTP."""
