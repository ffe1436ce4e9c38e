"""OParl 1.1 (oparl.org): the registries under that standard's names, for whoever harvests councils that way."""
