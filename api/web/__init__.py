"""The pages: small templates, one style sheet, ES modules as they are written; no framework and no build step.

`pages.page` fills `templates/base.html`; `assets` gives what `/web/<file>` serves. A page is closed by its
Content-Security-Policy: scripts and styles come from here alone, nothing is inline, nothing is sent elsewhere.
"""
