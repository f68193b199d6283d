"""The door of the machine: runs what the tests ask for, one JSON line in and one out per connection, on the address that
the emulated network gives the machine.

    {"run": ["program", …], "seconds": N}           → {"status": …, "output": …}
    {"start": ["program", …], "log": PATH}          → {"process": N}           goes on beside
    {"carry": [["address", port], ["address", port]]} → {}                      connections to the first go to the second
    {"power_off": true}                             → {}
"""
import json
import os
import socket
import subprocess
import sys
import threading

ADDRESS = ("10.0.2.15", 700)
LINE_MAX_BYTES = 1 << 20


def run(command, seconds):
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                timeout=seconds, check=False)
    except subprocess.TimeoutExpired as late:
        return {"status": None, "output": (late.output or b"").decode(errors="replace")}
    return {"status": result.returncode, "output": result.stdout.decode(errors="replace")}


def start(command, log):
    with open(log, "ab") as file:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True)
    threading.Thread(target=child.wait, daemon=True).start()
    return {"process": child.pid}


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for end, how in ((source, socket.SHUT_RD), (target, socket.SHUT_WR)):
        try:
            end.shutdown(how)
        except OSError:
            pass


def carry_one(near, address):
    try:
        far = socket.create_connection(address)
    except OSError:
        near.close()
        return
    threads = [threading.Thread(target=copy, args=pair, daemon=True) for pair in ((near, far), (far, near))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    near.close()
    far.close()


def carry(listen, to):
    door = socket.create_server(tuple(listen))

    def serve():
        while True:
            near = door.accept()[0]
            threading.Thread(target=carry_one, args=(near, tuple(to)), daemon=True).start()
    threading.Thread(target=serve, daemon=True).start()
    return {}


def answer(connection):
    with connection:
        line = connection.makefile("rb").readline(LINE_MAX_BYTES)
        if not line:
            return
        request = json.loads(line)
        if "run" in request:
            reply = run(request["run"], request["seconds"])
        elif "start" in request:
            reply = start(request["start"], request["log"])
        elif "carry" in request:
            reply = carry(*request["carry"])
        else:
            reply = {}
        connection.sendall(json.dumps(reply).encode() + b"\n")
        if request.get("power_off"):
            os._exit(0)


def main():
    door = socket.create_server(ADDRESS)
    print("door: open", flush=True)
    while True:
        threading.Thread(target=answer, args=(door.accept()[0],), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
