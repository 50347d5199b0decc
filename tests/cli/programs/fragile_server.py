# SPDX-License-Identifier: Apache-2.0
"""Answers over TCP; aborts on what begins with a byte above 127."""
import os
import socket
import sys

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    peer, _ = listener.accept()
    asked = peer.recv(4096)
    if asked and asked[0] > 127:
        os.abort()
    peer.sendall(b"ok\n" if asked else b"nothing\n")
    peer.close()
