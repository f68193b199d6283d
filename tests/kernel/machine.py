"""A computer under QEMU with Debian's own kernel, whose files are this computer's (read-only, what it writes is memory) and
whose USB devices are gadgets of that kernel. No assertions live here."""
import json
import os
import pathlib
import platform
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness.process import ROOT, free_port, wait_until  # noqa: E402

GUEST = pathlib.Path(__file__).resolve().parent / "guest"
GUEST_ADDRESS, HOST_ADDRESS = "10.0.2.15", "10.0.2.2"  # as QEMU's network has them
DOOR_PORT = 700
BOOT_SECONDS = 300      # only reached when something is broken: 6 s on a quiet machine
TRIAL_SECONDS = 30      # for hardware help that may not work: such a boot takes 2 s
INITRAMFS_MODULES = ("virtio_pci", "9pnet_virtio", "9p", "overlay")


class Kernel:
    """The unpacked kernel package below FOLDER, and the initramfs made for it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.unpacked = self.folder / "unpacked"
        self.image = next((self.unpacked / "boot").glob("vmlinuz-*"))
        self.release = self.image.name.removeprefix("vmlinuz-")
        self.initramfs = self.folder / "initramfs.cpio"
        self._make_initramfs()

    def _modules(self):
        """Files of the modules that the initramfs needs, each after those that it needs itself."""
        found = []
        for module in INITRAMFS_MODULES:
            text = subprocess.run(["/sbin/modprobe", "-d", self.unpacked, "-S", self.release, "--show-depends", module],
                                  capture_output=True, text=True, check=True).stdout
            found += [words[1] for words in map(str.split, text.splitlines()) if words[0] == "insmod"]
        return list(dict.fromkeys(found))

    def _make_initramfs(self):
        tree = self.folder / "initramfs"
        subprocess.run(["rm", "-rf", tree], check=True)
        for each in ("bin", "proc", "sys", "dev", "lower", "memory", "root", "kernel"):
            (tree / each).mkdir(parents=True)
        subprocess.run(["cp", "/bin/busybox", tree / "bin"], check=True)
        subprocess.run(["cp", GUEST / "init", tree / "init"], check=True)
        names = []
        for path in self._modules():
            subprocess.run(["cp", path, tree / "kernel"], check=True)
            names.append(f"/kernel/{pathlib.Path(path).name}\n")
        (tree / "modules").write_text("".join(names))
        with open(self.initramfs, "wb") as out:
            names = subprocess.run(["find", "."], cwd=tree, capture_output=True, check=True).stdout
            subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=tree, input=names, stdout=out, check=True)


class Machine:
    """FORWARDED: ports of this computer's 127.0.0.1 that lead to the machine's outer address. DISK: a file that is its
    /dev/vda; every write has reached that file when the machine is told so."""

    def __init__(self, kernel, log, disk=None, forwarded=(), accelerator="tcg"):
        self.kernel = kernel
        self.log = pathlib.Path(log)
        self.disk = disk
        self.forwarded = list(forwarded)
        self.accelerator = accelerator
        self.door_port = free_port()
        self.child = None

    def _command(self):
        forwards = "".join(f",hostfwd=tcp:127.0.0.1:{here}-{GUEST_ADDRESS}:{there}"
                           for here, there in [(self.door_port, DOOR_PORT)] + [(port, port) for port in self.forwarded])
        disk = [] if self.disk is None else [
            "-drive", f"file={self.disk},if=virtio,format=raw,cache=writethrough"]
        return ["qemu-system-x86_64", "-accel", {"tcg": "tcg,thread=multi", "kvm": "kvm"}[self.accelerator],
                "-cpu", {"tcg": "max", "kvm": "host"}[self.accelerator], "-smp", "2", "-m", "1024", "-nodefaults",
                "-display", "none", "-serial", "stdio", "-monitor", "none", "-no-reboot",
                "-kernel", self.kernel.image, "-initrd", self.kernel.initramfs,
                "-append", f"console=ttyS0 panic=-1 quiet madoguchi.start={GUEST / 'start'} "
                           f"madoguchi.kernel={self.kernel.unpacked}",
                "-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap",
                "-device", "virtio-9p-pci,fsdev=host,mount_tag=host",
                "-nic", f"user,model=virtio-net-pci{forwards}", *disk]

    def start(self, seconds=BOOT_SECONDS):
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen([str(word) for word in self._command()], stdin=subprocess.DEVNULL, stdout=log,
                                          stderr=log)
        wait_until("the machine to open its door", self._is_open, seconds, pause=0.2)

    def _is_open(self):
        if self.child.poll() is not None:
            raise RuntimeError(f"the machine ended by itself:\n{self.tail()}")
        try:
            return self.ask({"run": ["true"], "seconds": 60}, 60)["status"] == 0
        except (OSError, ValueError):
            return False

    def tail(self, lines=40):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def ask(self, request, seconds=60):
        with socket.create_connection(("127.0.0.1", self.door_port), timeout=seconds) as connection:
            connection.sendall(json.dumps(request).encode() + b"\n")
            return json.loads(connection.makefile("rb").readline())

    def run(self, *command, seconds=120):
        """(exit status, output); the status is None when it did not end in time and was killed."""
        answer = self.ask({"run": [str(word) for word in command], "seconds": seconds}, seconds + 60)
        return answer["status"], answer["output"]

    def must(self, *command, seconds=120):
        status, output = self.run(*command, seconds=seconds)
        if status != 0:
            raise RuntimeError(f"{' '.join(map(str, command))} ended with {status} in the machine:\n{output}")
        return output

    def begin(self, *command, log):
        return self.ask({"start": [str(word) for word in command], "log": str(log)})["process"]

    def carry_in(self, port):
        """The forwarded PORT leads on to the machine's 127.0.0.1."""
        self.ask({"carry": [[GUEST_ADDRESS, port], ["127.0.0.1", port]]})

    def carry_out(self, port):
        """The machine's 127.0.0.1:PORT is this computer's."""
        self.ask({"carry": [["127.0.0.1", port], [HOST_ADDRESS, port]]})

    def cut_power(self):
        self.child.kill()
        self.child.wait()
        self.child = None

    def stop(self, seconds=60):
        """Switch it off in good order."""
        if self.child is None:
            return
        try:
            self.run("sync")
            self.ask({"power_off": True})
            self.child.wait(seconds)
        except (OSError, ValueError, subprocess.TimeoutExpired):
            self.child.kill()
            self.child.wait()
        self.child = None


def choose_accelerator(kernel, folder):
    """"kvm" where this computer's /dev/kvm boots that kernel, else "tcg". Some boot nothing but their own: tried once, and
    the answer kept for as long as this computer runs the same kernel."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    kept = pathlib.Path(folder) / "accelerator"
    here = f"{platform.release()} {kernel.release}"
    if kept.exists() and kept.read_text().startswith(here + "\n"):
        return kept.read_text().split("\n")[1]
    trial = Machine(kernel, pathlib.Path(folder) / "kvm-trial.log", accelerator="kvm")
    try:
        trial.start(TRIAL_SECONDS)
        trial.stop()
        answer = "kvm"
    except (OSError, RuntimeError):  # TimeoutError is an OSError
        if trial.child is not None:
            trial.cut_power()
        answer = "tcg"
    kept.write_text(f"{here}\n{answer}\n")
    return answer
