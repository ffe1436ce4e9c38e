"""Who may read what is not public: signed tokens, sessions, readers, grants, rates (docs/decisions/0013)."""
