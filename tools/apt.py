"""Debian and Ubuntu: install a package where we may, else say the line to paste."""

import os
import shutil
import subprocess


def may_install() -> bool:
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def line_to_paste(*packages: str) -> str:
    return f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"


def install(*packages: str) -> bool:
    """Install as root, as a bare CI machine needs it. False where apt-get refused."""
    print(f"apt-get install {' '.join(packages)} …", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    steps = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    )
    return all(subprocess.run(step, env=quiet, stdout=subprocess.DEVNULL).returncode == 0 for step in steps)
