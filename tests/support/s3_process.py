"""The body of the S3 server's process: `python s3_process.py PORT SECONDS`. It ends by itself after SECONDS."""

import os
import sys
import threading

from moto.server import main

port, seconds = sys.argv[1], float(sys.argv[2])
threading.Timer(seconds, os._exit, [0]).start()
main(["--host", "127.0.0.1", "--port", port])
