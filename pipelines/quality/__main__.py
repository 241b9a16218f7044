"""The checking process: import, wait for a request on standard input, check, say how it went.

Exit codes: 0 all passed, 2 a check failed, 1 the checks could not run or nobody asked.
"""

import json
import sys

from pipelines.quality import CheckRequest, checks


def main() -> int:
    """Handle the one request of this process."""
    line = sys.stdin.readline()
    if not line.strip():
        return 1
    request = CheckRequest(**json.loads(line))
    results = checks.run_checks(request)
    checks.write_results(request, results)
    return 0 if all(result.passed for result in results) else 2


if __name__ == "__main__":
    sys.exit(main())
