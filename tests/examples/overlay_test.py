#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The overlay between real processes.

loopback: a relay and two nodes hear each other, and come to a direct path.
nat: the nodes sit in network namespaces, each behind a masquerading one; they
hear each other, and find the way that such NATs leave. Skipped (77) with one
line where namespaces or nftables are not to be had.
"""
import contextlib
import pathlib
import shutil
import socket
import subprocess
import sys
import threading

SECONDS = 30  # that a node lives at most; ended as soon as all was heard


class Node:
    """A process whose lines are kept."""

    def __init__(self, command):
        self.lines = []
        self.said = threading.Condition()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE,
                                        text=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            with self.said:
                self.lines.append(line.strip())
                self.said.notify_all()
        with self.said:
            self.said.notify_all()

    def says(self, line):
        with self.said:
            return self.said.wait_for(lambda: line in self.lines,
                                      timeout=SECONDS)

    def end(self):
        self.process.kill()
        self.process.wait()


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


LOOPBACK = {"alice": "127.0.0.1", "bob": "127.0.0.1"}


def meet(binary, port, relays, hosts, inside=lambda who: []):
    """Whether alice and bob hear each other, and both go direct."""
    with contextlib.ExitStack() as stack:
        def start(who, *arguments):
            node = Node([*inside(who), binary, *arguments])
            stack.callback(node.end)
            return node
        start("relay", "relay", str(port))
        nodes = {}
        for own, peer in (("alice", "bob"), ("bob", "alice")):
            nodes[own] = start(own, "node", own, peer, "relay",
                               f"{relays[own]}:{port}", str(SECONDS),
                               f"hello-from-{own}", hosts[own])
        fine = (nodes["alice"].says("heard hello-from-bob")
                and nodes["bob"].says("heard hello-from-alice")
                and nodes["alice"].says("path direct")
                and nodes["bob"].says("path direct"))
        if not fine:
            print({own: node.lines for own, node in nodes.items()})
        return fine


def run(*command):
    subprocess.run(command, check=True, capture_output=True, text=True)


def lay_networks(stack):
    """relay -- two routers that masquerade -- alice and bob behind them."""
    tag = f"ff{pathlib.Path('/proc/self').resolve().name[-5:]}"

    def name(who):
        return f"{tag}-{who}"

    def namespace(who):
        run("ip", "netns", "add", name(who))
        stack.callback(subprocess.run, ["ip", "netns", "del", name(who)],
                       check=False, capture_output=True)

    def inside(who, *command):
        run("ip", "netns", "exec", name(who), *command)

    def connect(one, two, one_ip, two_ip, number):
        ends = f"{tag}{number}a", f"{tag}{number}b"
        run("ip", "link", "add", ends[0], "type", "veth", "peer", "name",
            ends[1])
        for end, who, ip in zip(ends, (one, two), (one_ip, two_ip)):
            run("ip", "link", "set", end, "netns", name(who))
            inside(who, "ip", "address", "add", f"{ip}/24", "dev", end)
            inside(who, "ip", "link", "set", end, "up")
        return ends

    for who in ("relay", "nat1", "nat2", "alice", "bob"):
        namespace(who)
        inside(who, "ip", "link", "set", "lo", "up")
    inside("relay", "sysctl", "-qw", "net.ipv4.ip_forward=1")
    for number, (nat, host) in enumerate((("nat1", "alice"),
                                          ("nat2", "bob")), 1):
        outer = connect("relay", nat, f"198.51.{number}.1",
                        f"198.51.{number}.2", number)
        connect(nat, host, f"10.0.{number}.1", f"10.0.{number}.2", number + 5)
        inside(nat, "ip", "route", "add", "default", "via",
               f"198.51.{number}.1")
        inside(host, "ip", "route", "add", "default", "via",
               f"10.0.{number}.1")
        inside(nat, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        # As routers at home do, it drops what nobody behind it asked for:
        # otherwise that occupies the port which the answer would go out by.
        inside(nat, "nft", "add table ip nat; add chain ip nat in { type "
               "filter hook input priority 0 ; policy drop ; }")
        inside(nat, "nft", "add chain ip nat post { type "
               "nat hook postrouting priority 100 ; }; add rule ip nat post "
               f"oifname {outer[1]} masquerade")
    return name


def main():
    binary, case = sys.argv[1:]
    if case == "loopback":
        sys.exit(0 if meet(binary, free_port(), LOOPBACK, LOOPBACK) else 1)
    if shutil.which("ip") is None or shutil.which("nft") is None:
        print("skipped: ip and nft are not both installed")
        sys.exit(77)
    with contextlib.ExitStack() as stack:
        try:
            name = lay_networks(stack)
        except subprocess.CalledProcessError as error:
            print(f"skipped: {' '.join(error.cmd)}: {error.stderr.strip()}")
            sys.exit(77)
        # The relay answers each from the address on its side.
        fine = meet(binary, 3478,
                    {"alice": "198.51.1.1", "bob": "198.51.2.1"},
                    {"alice": "10.0.1.2", "bob": "10.0.2.2"},
                    lambda who: ["ip", "netns", "exec", name(who)])
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
