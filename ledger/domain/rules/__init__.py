"""Pure rules, each naming its legal source."""
