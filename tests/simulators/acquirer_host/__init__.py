"""A card acquirer's host, spoken to in ISO 8583 by the simulated payment terminal. The till knows neither: it speaks to the
terminal, and the terminal alone speaks to its acquirer (docs/decisions/0010-the-till-never-speaks-iso-8583.md)."""
