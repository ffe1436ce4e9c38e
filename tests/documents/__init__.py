"""Documents out of acts: model, HTML, PDF."""
