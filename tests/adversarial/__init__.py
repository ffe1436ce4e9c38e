"""The adversarial fixtures of the domain: each with the verdict that it is to get."""
