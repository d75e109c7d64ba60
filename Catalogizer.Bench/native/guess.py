"""Reads names with guessit, one core, and prints the seconds: guess.py NAMES. The first twenty are for warming up and not counted."""
import sys
import time

from guessit import guessit

names = open(sys.argv[1], encoding="utf-8").read().split("\n")
for name in names[:20]:
    guessit(name)
started, cpu = time.perf_counter(), time.process_time()
for name in names:
    guessit(name)
print(time.perf_counter() - started, time.process_time() - cpu)
