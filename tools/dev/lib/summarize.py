"""Counts what ctest and lit reported and prints the line that ends a test run.

usage: summarize.py FOLDER CTEST_STATUS LIT_STATUS

FOLDER holds ctest.xml (JUnit) and lit.json. A runner that failed without a
failed test to show for it (it crashed, or wrote no report) counts as one
failure, so that a broken run never looks like a good one.
"""

import json
import os
import sys
import xml.etree.ElementTree as xml


def show_output(case):
    """The last lines that a failed GoogleTest case printed."""
    output = case.findtext("system-out") or ""
    print(f"--- {case.get('name')}")
    print("\n".join(output.strip().splitlines()[-60:]))


def read_ctest(path):
    """Names by outcome. A program that wasn't there to run is a failure."""
    outcome = {"passed": [], "failed": [], "skipped": []}
    for case in xml.parse(path).getroot().iter("testcase"):
        skipped = case.find("skipped")
        if case.get("status") == "run":
            kind = "passed"
        elif case.get("status") == "disabled":
            kind = "skipped"
        elif skipped is not None and "SKIP" in (skipped.get("message") or ""):
            kind = "skipped"
        else:
            kind = "failed"
            show_output(case)
        outcome[kind].append(case.get("name"))
    return outcome


def read_lit(path):
    kinds = {
        "PASS": "passed",
        "FLAKYPASS": "passed",
        "XFAIL": "passed",
        "UNSUPPORTED": "skipped",
    }
    outcome = {"passed": [], "failed": [], "skipped": []}
    with open(path, encoding="utf-8") as file:
        for test in json.load(file)["tests"]:
            if test["code"] in ("EXCLUDED", "SKIPPED"):
                continue  # filtered out
            outcome[kinds.get(test["code"], "failed")].append(test["name"])
    return outcome


def main():
    folder, *statuses = sys.argv[1:]
    total = {"passed": [], "failed": [], "skipped": []}
    readers = (("ctest", "ctest.xml", read_ctest), ("lit", "lit.json", read_lit))
    for (runner, name, read), status in zip(readers, map(int, statuses)):
        path = os.path.join(folder, name)
        try:
            outcome = read(path)
        except (OSError, ValueError, KeyError, xml.ParseError) as error:
            outcome = {"failed": [f"{runner}: no report: {error}"]}
        if status and not outcome["failed"]:
            outcome["failed"].append(f"{runner}: exit status {status}")
        for kind, names in outcome.items():
            total[kind] += names

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for name in sorted(total["failed"]):
        print(("\033[31mfailed:\033[0m " if colour else "failed: ") + name)
    if not total["passed"] and not total["failed"]:
        print("no test has run")
    line = f"{len(total['passed'])} passed, {len(total['failed'])} failed"
    if total["skipped"]:
        line += f", {len(total['skipped'])} skipped"
    print(line)
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
