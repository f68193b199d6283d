"""What the screen asks of a till: the state with an empty and with a full basket, alone, and with many browsers listening.

The reference in the same run is the smallest answer that the till gives."""
import contextlib
import http.client
import socket
import statistics
import time

LINES = 100
LISTENERS = 60
IDLE = 60
ROUNDS = 100


def ask(till, path, rounds=ROUNDS):
    """Median milliseconds and bytes of GET PATH on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", till.port, timeout=30)
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        connection.request("GET", path)
        size = len(connection.getresponse().read())
        taken.append(1000 * (time.perf_counter() - began))
    connection.close()
    return statistics.median(taken), size


@contextlib.contextmanager
def crowd(till, listeners, idle):
    """So many browsers that listen (and read nothing), and so many connections that say nothing."""
    with contextlib.ExitStack() as stack:
        for number in range(listeners + idle):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", till.port), timeout=30))
            if number < listeners:
                one.sendall(f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{till.port}\r\n\r\n".encode())
                one.recv(12)
        yield


def fill(till, item):
    """As many lines as a basket takes (BASKET_LINES_MAX), one by one as a clerk would; milliseconds of the median touch."""
    till.clear()
    taken = []
    for number in range(LINES):
        began = time.perf_counter()
        till.post("/api/basket/items", item=f"bench-{number:05}", quantity=1)
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken[:20]), statistics.median(taken[-20:])


def measure(till, item):
    till.open()
    till.ring_up(item)
    result = {"smallest": ask(till, "/api/no-such-page"), "state": ask(till, "/api/state"), "catalogue": ask(till, "/api/catalog")}
    with crowd(till, LISTENERS, IDLE):
        result["state, a crowd"] = ask(till, "/api/state")
    result["touch_ms"] = fill(till, item)
    result[f"state, {LINES} lines"] = ask(till, "/api/state")
    with crowd(till, LISTENERS, IDLE):
        result[f"state, {LINES} lines, a crowd"] = ask(till, "/api/state")
    till.clear()
    return result


def show(result):
    smallest, _ = result["smallest"]
    for name, row in result.items():
        if name != "touch_ms":
            print(f"{name:34} {row[0]:7.2f} ms   {row[1]:7} bytes   {row[0] / smallest:6.1f} x the smallest answer")
    print(f"adding an item: {result['touch_ms'][0]:.1f} ms to an empty basket, {result['touch_ms'][1]:.1f} ms to one of {LINES} lines"
          f" (a crowd: {LISTENERS} browsers and {IDLE} idle connections)")
