"""The ledger in the forms that others read: made from the registries, never typed again."""
