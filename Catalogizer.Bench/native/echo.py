"""Reads paths, one a line, and writes each as a JSON object: echo.py PATHS."""
import json
import sys

for line in open(sys.argv[1], encoding="utf-8"):
    sys.stdout.write(json.dumps({"path": line[:-1]}) + "\n")
