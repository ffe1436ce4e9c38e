"""The auditor's sheets."""
