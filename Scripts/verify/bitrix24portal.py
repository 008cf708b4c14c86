"""What the clients of Bitrix24 have in common: the portal's webhook, what it holds, and TLS in front of it."""

import os
import socket
import ssl
import subprocess
import threading
import urllib.request
from pathlib import Path

from checks import setting


def webhook(configuration):
    """The webhook of the sandbox, with a slash at its end."""
    return setting(configuration, "webhook").rstrip("/") + "/"


def held(url, fields=""):
    """What the portal holds for each contact, read past its methods: lists of texts by id."""
    with urllib.request.urlopen(f"{url}/_sandbox/held.csv?fields={fields}") as answer:
        lines = answer.read().decode().splitlines()[1:]
    return {line.split(",")[0]: line.split(",")[1:] for line in lines}


class TLSFront:
    """Takes TLS connections on 127.0.0.1 and hands what comes on to a port without TLS.

    The certificate is made anew and signed by itself; `requests` trusts it by REQUESTS_CA_BUNDLE.
    """

    def __init__(self, folder, port):
        key, certificate = Path(folder) / "key.pem", Path(folder) / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.environ["REQUESTS_CA_BUNDLE"] = str(certificate)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.behind = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            plain, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain):
        try:
            front = self.context.wrap_socket(plain, server_side=True)
        except OSError:
            plain.close()
            return
        back = socket.create_connection(("127.0.0.1", self.behind))
        threading.Thread(target=self._pump, args=(back, front), daemon=True).start()
        self._pump(front, back)

    @staticmethod
    def _pump(source, target):
        try:
            while data := source.recv(1 << 16):
                target.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, target):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
