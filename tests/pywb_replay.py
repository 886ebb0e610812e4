"""Asks pywb's own web application for pages; run by the Python that pywb is installed in.

Arguments: a folder that holds ``collections/gk``, and the paths to ask for as a JSON list. Prints
a JSON list of ``{"status", "body"}``, the body in base64. No port is opened.
"""

from gevent import monkey  # type: ignore[import-not-found]

monkey.patch_all()

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from base64 import b64encode  # noqa: E402

from pywb.apps.frontendapp import FrontEndApp  # type: ignore[import-not-found]  # noqa: E402
from werkzeug.test import Client  # noqa: E402

os.chdir(sys.argv[1])
client = Client(FrontEndApp(config_file=None, custom_config={"debug": True}))
answers = []
for path in json.loads(sys.argv[2]):
    answer = client.get(path)
    body = b64encode(answer.get_data()).decode()
    answers.append({"status": answer.status_code, "body": body})
sys.stdout.write("\n" + json.dumps(answers))
