"""Tests of the log: signer, tiles, witnesses, export."""
