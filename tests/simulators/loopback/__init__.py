"""What every simulator here stands on: bounded TCP doors on the loopback address, JSON over HTTP, and a clean start and
stop. Nothing in it knows payments or printers."""
