"""schemathesis over /openapi.json of heed serve: requests made from the description, right and wrong ones, whose
answers must be as it says: status, Content-Type, schema, headers, 405 for other methods, and never 500."""
import os
import re
import subprocess
import sys
import tempfile

from told import Calls

EXAMPLES = 60  # for each operation, beside those that cover the description systematically
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
          "response_headers_conformance", "unsupported_method", "allow_header_conformance")

calls = Calls(__doc__)
command = [
    os.path.join(os.path.dirname(sys.executable),
                 "st"), "run", calls.url + "/openapi.json", "--checks", ",".join(CHECKS), "--max-examples",
    str(EXAMPLES), "--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--seed", "1", "--warnings", "off",
    "--output-sanitize", "false"]
with tempfile.TemporaryDirectory() as folder:  # it keeps its findings where it runs
    ran = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
plain = re.sub(r"\x1b\[[0-9;]*m", "", ran.stdout)
if ran.returncode != 0:
    print(plain)
generated = re.search(r"([\d,]+) generated", plain)
calls.check(f"{generated and generated[1]} cases, at least 2,000", lambda: int(generated[1].replace(",", "")) >= 2000,
            True)
calls.check("all answers as described", lambda: ran.returncode, 0)
calls.end()
