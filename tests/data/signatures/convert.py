#!/usr/bin/env python3
"""Writes cctv.txt and wycheproof.txt from the files they come from: convert.py ed25519vectors.json ed25519_test.json"""

import json
import pathlib
import sys

LETTERS = {
    "low_order_A": "a", "low_order_R": "r", "low_order_component_A": "c", "low_order_component_R": "d",
    "low_order_residue": "e", "non_canonical_A": "n", "non_canonical_R": "o", "reencoded_k": "k",
}
HERE = pathlib.Path(__file__).parent


def cctv(vector):
    letters = "".join(LETTERS[flag] for flag in vector["flags"] or [])
    number = vector["msg"].removeprefix("ed25519vectors").strip()
    return " ".join([vector["key"], vector["sig"], number or "-", letters or "-"])


def wycheproof(key, test):
    (flag,) = test["flags"]
    return " ".join([str(test["tcId"]), test["result"], flag, key, test["sig"] or "-", test["msg"] or "-"])


def write(name, lines):
    (HERE / name).write_text("\n".join(lines) + "\n")


with open(sys.argv[1]) as file:
    write("cctv.txt", [cctv(vector) for vector in json.load(file)])
with open(sys.argv[2]) as file:
    groups = json.load(file)["testGroups"]
    write("wycheproof.txt", [wycheproof(g["publicKey"]["pk"], test) for g in groups for test in g["tests"]])
