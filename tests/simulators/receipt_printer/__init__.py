"""An ESC/POS receipt printer seen from its data cable: where commands end (commands.py), what the status bytes say
(status.py), and the device that reads both (device.py). It shares nothing with the product."""
