"""A payment network that can go wrong on purpose and always knows the truth: a QR gateway, a payment terminal, the
centre's book behind both, and the statements and bank records made from that book."""
