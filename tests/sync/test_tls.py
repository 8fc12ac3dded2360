"""A centre on another machine: nothing is said to anybody who cannot prove to be it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from callcenter.sync import centre as administration
from callcenter.sync import link
from callcenter.sync.connection_file import ConnectionFile
from callcenter.sync.link import open_link
from callcenter.sync.problems import NotTheCentre, WrongPassword
from tests.sync.postgres import NoServer, _as_nobody, running

HOST = "centre.test"


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates() -> Iterator[Path]:
    """An authority, another one, and a server's certificate of the first, where a server may read them."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here to make certificates with")
    folder = Path(tempfile.mkdtemp(prefix="callcenter-tls-"))
    new = ("req", "-newkey", "rsa:2048", "-nodes")
    for name in ("ours", "theirs"):
        openssl(folder, *new, "-x509", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj", "/CN=ca")
    (folder / "names").write_text(f"subjectAltName=DNS:{HOST}\n", encoding="ascii")
    openssl(folder, *new, "-keyout", "server.key", "-out", "server.csr", "-subj", f"/CN={HOST}")
    signed = ("x509", "-req", "-in", "server.csr", "-CA", "ours.pem", "-CAkey", "ours.key", "-CAcreateserial")
    openssl(folder, *signed, "-days", "2", "-out", "server.crt", "-extfile", "names")
    owner = _as_nobody()
    for path in (folder, folder / "server.key", folder / "server.crt"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if owner:
            os.chown(path, owner["user"], owner["group"])
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def file(certificates: Path) -> Iterator[ConnectionFile]:
    """The connection file of a desk for a server that speaks TLS."""
    tls = f"ssl = on\nssl_cert_file = '{certificates}/server.crt'\nssl_key_file = '{certificates}/server.key'\n"
    try:
        with running(tls) as server:
            name = server.create_database()
            authority = (certificates / "ours.pem").read_text(encoding="ascii")
            with administration.administering(server.dsn(name)) as connection:
                administration.install(connection)
                made, _missing = administration.add_desk(
                    connection, "A", everything=True, host=HOST, port=server.port, ca=authority
                )
            yield made
    except NoServer as error:
        if "SSL" not in str(error):
            raise
        pytest.skip("this PostgreSQL was built without TLS")


@pytest.fixture(autouse=True)
def _resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up name is this machine."""
    told = link._parameters

    @contextmanager
    def resolved(file: ConnectionFile, seconds: int) -> Iterator[dict[str, str]]:
        with told(file, seconds) as parameters:
            yield {**parameters, "hostaddr": "127.0.0.1"}

    monkeypatch.setattr(link, "_parameters", resolved)


def test_a_centre_that_proves_itself_is_spoken_to(file: ConnectionFile) -> None:
    # As an authority's file may well begin.
    opened = open_link(replace(file, ca=f"# 경산시\n{file.ca}"))
    assert opened._asked.pgconn.ssl_in_use
    assert opened._heard.pgconn.ssl_in_use
    assert opened.call("hello", {"chain": "A", "last_seq": 0, "last_digest": None})["desk"] == "A"
    opened.close()


def test_nobody_else_is(file: ConnectionFile, certificates: Path) -> None:
    theirs = (certificates / "theirs.pem").read_text(encoding="ascii")
    for other in (replace(file, ca=theirs), replace(file, host="other.test")):
        with pytest.raises(NotTheCentre):
            open_link(other)
    with pytest.raises(WrongPassword):
        open_link(replace(file, password="wrong"))
