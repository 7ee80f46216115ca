"""The journey with ftplib of Python's library. What it has to do is in journey_test.go."""

import ftplib
import os
import ssl

env = os.environ
tls, passive = env["FTP_TLS"], env["FTP_DATA"] == "passive"
home, up, down = env["FTP_DIR"], env["FTP_UP"], env["FTP_DOWN"]


class Resuming(ftplib.FTP_TLS):
    """FTP_TLS that resumes the control connection's TLS session."""

    def ntransfercmd(self, cmd, rest=None):
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            session = self.sock.session if env["FTP_REUSE"] == "yes" else None
            conn = self.context.wrap_socket(conn, server_hostname=self.host, session=session)
        return conn, size


class Implicit(Resuming):
    """The control connection begins with TLS."""

    @property
    def sock(self):
        return self._sock

    @sock.setter
    def sock(self, value):
        if value is not None and not isinstance(value, ssl.SSLSocket):
            value = self.context.wrap_socket(value, server_hostname=self.host)
        self._sock = value


def connect():
    if tls == "clear":
        ftp = ftplib.FTP()
    else:
        context = ssl.create_default_context(cafile=env["FTP_CA"])
        ftp = (Resuming if tls == "explicit" else Implicit)(context=context)
    ftp.connect(env["FTP_HOST"], int(env["FTP_PORT"]), timeout=30)
    ftp.login(env["FTP_USER"], env["FTP_PASSWORD"])
    if tls != "clear":
        ftp.prot_p()
    ftp.set_pasv(passive)
    return ftp


def store(folder, remote):
    ftp.mkd(remote)
    for entry in os.scandir(folder):
        name = remote + "/" + entry.name
        if entry.is_dir():
            store(entry.path, name)
        else:
            with open(entry.path, "rb") as file:
                ftp.storbinary("STOR " + name, file)


def is_folder(name):
    try:
        ftp.cwd(name)
        return True
    except ftplib.error_perm:
        return False


def children(remote):
    """What is in a folder, by MLSD where there is one, and by NLST."""
    ftp.cwd(remote)
    names = sorted(name for name in ftp.nlst("-a"))
    if "MLST" not in ftp.sendcmd("FEAT"):
        return [(name, is_folder(remote + "/" + name)) for name in names]
    facts = [(name, fact["type"] == "dir") for name, fact in ftp.mlsd() if fact["type"] in ("file", "dir")]
    if sorted(name for name, _ in facts) != names:
        raise SystemExit(f"MLSD and NLST differ in {remote}: {facts} {names}")
    return facts


def fetch(remote, folder):
    os.mkdir(folder)
    for name, is_dir in children(remote):
        if is_dir:
            fetch(remote + "/" + name, os.path.join(folder, name))
        else:
            with open(os.path.join(folder, name), "wb") as file:
                ftp.retrbinary("RETR " + remote + "/" + name, file.write)


ftp = connect()
store(os.path.join(up, "copy"), home + "/copy")

with open(os.path.join(up, "copy", "big.bin"), "rb") as file:
    there = ftp.size(home + "/half.bin")
    file.seek(there)
    ftp.storbinary("STOR " + home + "/half.bin", file, rest=there)

fetch(home + "/copy", os.path.join(down, "copy"))

with open(os.path.join(down, "half.bin"), "ab") as file:
    ftp.retrbinary("RETR " + home + "/half.bin", file.write, rest=file.tell())

ftp.rename(home + "/copy/old name.txt", home + "/copy/new name.txt")
ftp.delete(home + "/copy/doomed.txt")
ftp.mkd(home + "/made folder")
ftp.rmd(home + "/made folder")
ftp.mkd(home + "/kept folder")
ftp.cwd(home + "/kept folder")
if ftp.pwd() != home + "/kept folder":
    raise SystemExit("PWD says " + ftp.pwd())
ftp.quit()
