"""What two processes of this machine need to be the workers of one cluster."""

import json

from kgan.cli.launch import free_ports


def configs():
    """$TF_CONFIG of the chief, and of the other worker."""
    addresses = [f"127.0.0.1:{port}" for port in free_ports(2)]
    tasks = [{"type": "worker", "index": k} for k in (0, 1)]
    return [
        json.dumps({"cluster": {"worker": addresses}, "task": task}) for task in tasks
    ]
