"""Print the events that a webhook is told of. Needs `pip install standardwebhooks`.

Usage: receive_webhook.py PORT, with the secret in the variable WEBHOOK_SECRET
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# [receive]
import standardwebhooks

webhook = standardwebhooks.Webhook(os.environ["WEBHOOK_SECRET"])


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            event = webhook.verify(body, dict(self.headers))
        except standardwebhooks.WebhookVerificationError:
            self.send_error(400)
            return
        # The id is the same when an event comes for the second time.
        print(event["id"], event["type"], event.get("subject", ""), flush=True)
        # Anything from 200 to 299 says that the event arrived; it is not sent again.
        self.send_response(204)
        self.end_headers()
        # [/receive]

    def log_message(self, format: str, *args: object) -> None:
        """Be silent but for events."""


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
