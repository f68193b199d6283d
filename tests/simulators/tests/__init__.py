"""Tests of the simulators themselves. Run from the repository's root:
python3 -m unittest discover -s tests/simulators/tests -t tests/simulators"""
