"""The acervo command."""
