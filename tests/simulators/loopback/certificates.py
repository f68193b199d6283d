"""Certificates and keys that are thrown away with their folder, made with the openssl command.

An authority of our own signs a server's certificate for 127.0.0.1 and a client's. Nobody else trusts it, which is the
point: a program that accepts the server without being told of the authority does not check certificates.
"""

import os
import ssl
import subprocess

DAYS = "2"  # longer than any test
CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def _openssl(*arguments, folder) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr}")


def make_authority(folder, name="authority") -> None:
    """NAME.pem and NAME.key in FOLDER."""
    _openssl("req", "-x509", *CURVE, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", DAYS,
             "-subj", f"/CN=test {name}", "-addext", "keyUsage=critical,keyCertSign", folder=folder)


def make_certificate(folder, name, authority="authority", address="127.0.0.1", days=DAYS) -> None:
    """NAME.pem and NAME.key (mode 0600), for a server at ADDRESS and as good for a client. With DAYS "-1" it has expired."""
    _openssl("req", *CURVE, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}", folder=folder)
    with open(os.path.join(folder, f"{name}.ext"), "w", encoding="ascii") as extensions:
        extensions.write(f"subjectAltName=IP:{address}\nextendedKeyUsage=serverAuth,clientAuth\n")
    _openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key",
             "-CAcreateserial", "-out", f"{name}.pem", "-days", days, "-extfile", f"{name}.ext", folder=folder)
    os.chmod(os.path.join(folder, f"{name}.key"), 0o600)


def make_rsa_pair(folder, name) -> None:
    """NAME.private.pem (mode 0600) and NAME.public.pem."""
    _openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", f"{name}.private.pem",
             folder=folder)
    _openssl("pkey", "-in", f"{name}.private.pem", "-pubout", "-out", f"{name}.public.pem", folder=folder)
    os.chmod(os.path.join(folder, f"{name}.private.pem"), 0o600)


def server_context(certificate, key, authority=None) -> ssl.SSLContext:
    """A server with CERTIFICATE. With AUTHORITY a client may show a certificate of it, and whoever shows another is
    refused; who shows none is served, and the doors decide what he may do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if authority is not None:
        context.load_verify_locations(authority)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context
