"""Wallets started in this process, over TLS with certificates made for the test alone."""

import http.client
import os
import ssl
import unittest

from loopback.certificates import make_authority, make_certificate, make_rsa_pair, server_context
from tests.support import PATIENCE_SECONDS, call, scratch_folder


class WalletTest(unittest.TestCase):
    """`start(wallet)` begins it; `post` speaks to it as the merchant. Certificates are made once for a class."""

    @classmethod
    def setUpClass(cls):
        cls.holder = unittest.TestCase()
        cls.folder = scratch_folder(cls.holder)
        cls.addClassCleanup(cls.holder.doCleanups)
        make_authority(cls.folder)
        make_certificate(cls.folder, "server")
        make_certificate(cls.folder, "merchant")
        make_authority(cls.folder, "stranger")
        make_certificate(cls.folder, "intruder", "stranger")
        make_rsa_pair(cls.folder, "rsa-merchant")
        make_rsa_pair(cls.folder, "rsa-wallet")

    def file(self, name):
        return os.path.join(self.folder, name)

    def server_tls(self):
        return server_context(self.file("server.pem"), self.file("server.key"), self.file("authority.pem"))

    def start(self, wallet):
        wallet.start()
        self.addCleanup(wallet.stop)
        self.port = wallet.ports["port"]
        self.control_port = wallet.ports["control_port"]
        return wallet

    def client_tls(self, certificate=None):
        context = ssl.create_default_context(cafile=self.file("authority.pem"))
        if certificate:
            context.load_cert_chain(self.file(f"{certificate}.pem"), self.file(f"{certificate}.key"))
        return context

    def post_bytes(self, path, body, headers=None, certificate=None, timeout=PATIENCE_SECONDS):
        """(status, headers, body)."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout,
                                                 context=self.client_tls(certificate))
        try:
            connection.request("POST", path, body=body, headers=headers or {})
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def control(self, method, path, body=None):
        status, answer = call(self.control_port, method, f"/control/{path}", body)
        self.assertEqual(status, 200, answer)
        return answer

    def fault(self, behaviour, **more):
        self.control("POST", "faults", {"behaviour": behaviour, **more})

    def order(self, reference):
        return {entry["reference"]: entry for entry in self.control("GET", "book")}.get(reference)

    def state(self, reference):
        entry = self.order(reference)
        return entry and entry["state"]
