"""The peers: which packages they are, which environment each lives in, which of them are there.

    own      the interpreter that runs the benchmarks: ours, NumPy, SciPy, numba (which our native programs
             need: the extra ``jit``), Graphviz, and the class in ``microgpt_style``
    main     micrograd, MyGrad, DeZero and PyTorch together
    hips     HIPS autograd alone, because its import name is ours
    casadi   CasADi, whose virtual machine is a peer of compiled programs
    jax      JAX alone, only when asked for

PyPI's ``minitorch`` is never installed: it ships a package named ``torch``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .contest import Entrant
from .description import OURS, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
OWN = "own"
ENVIRONMENTS = {
    "main": ("micrograd==0.1.0", "mygrad", "dezero", "matplotlib", "torch==2.13.0"),
    "hips": ("autograd",),
    "casadi": ("casadi", "numpy"),
    "jax": ("jax",),
}
"""What pip installs into each; DeZero imports matplotlib without asking for it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer: the environment that it lives in and the distribution whose version says that it is there."""

    environment: str
    distribution: str | None


PEERS = {
    OURS: Peer(OWN, None),
    "numpy": Peer(OWN, "numpy"),
    "scipy": Peer(OWN, "scipy"),
    "graphviz": Peer(OWN, "pygraphviz"),
    "numba": Peer(OWN, "numba"),
    "microgpt": Peer(OWN, None),
    "micrograd": Peer("main", "micrograd"),
    "torch": Peer("main", "torch"),
    "mygrad": Peer("main", "mygrad"),
    "dezero": Peer("main", "dezero"),
    "hips": Peer("hips", "autograd"),
    "casadi": Peer("casadi", "casadi"),
    "jax": Peer("jax", "jax"),
}


def interpreter(folder: Path, environment: str) -> Path:
    """Give the Python of an environment, whether or not it is there."""
    if environment == OWN:
        return Path(sys.executable)
    windows = folder / environment / "Scripts" / "python.exe"
    return windows if windows.exists() else folder / environment / "bin" / "python"


PROBE = """
import importlib.metadata, json, platform, sys
versions = {"python": platform.python_version()}
for name in sys.argv[1:]:
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(versions))
"""


def versions(python: Path, distributions: list[str]) -> dict[str, str]:
    """Ask an environment for the versions of distributions; empty if there is no such environment."""
    try:
        done = subprocess.run(
            [str(python), "-I", "-c", PROBE, *distributions], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return {}
    found = json.loads(done.stdout)
    return {str(name): str(version) for name, version in found.items()}


def ours() -> tuple[str | None, str]:
    """Give our version, or None and why the checkout's engine cannot be imported."""
    source = "import sys; sys.path.insert(0, sys.argv[1]); import autograd; autograd.Value"
    done = subprocess.run([sys.executable, "-I", "-c", source, str(ROOT)], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return "this checkout", ""
    return None, done.stderr.strip().rpartition("\n")[2]


def remedy(name: str, folder: Path) -> str:
    """Say which command would install a peer."""
    peer = PEERS[name]
    if peer.environment == OWN:
        return f"install by: python -m pip install {peer.distribution}"
    option = " --with-jax" if peer.environment == "jax" else ""
    return f"install by: python -m tests.benchmarks --make-peers {folder}{option}"


@dataclass(frozen=True, slots=True)
class Present:
    """Who is there, with versions, and Python's by environment; for each absent peer a remedy."""

    folder: Path
    versions: dict[str, str]
    pythons: dict[str, str]
    absent: dict[str, str]

    def entrants(self, workload: Workload, wanted: list[str] | None) -> tuple[list[Entrant], dict[str, str]]:
        """Split a workload's contenders into those who can run and those who are absent."""
        running, absent = [], {}
        for name in workload.contenders:
            peer = name.partition(".")[0]
            if wanted is not None and peer not in {OURS, *wanted}:
                continue
            if peer in self.absent:
                absent[name] = self.absent[peer]
                continue
            python = interpreter(self.folder, PEERS[peer].environment)
            running.append(Entrant(name, str(python), str(ROOT) if peer == OURS else None))
        return running, absent


def look(folder: Path) -> Present:
    """See who is there."""
    found: dict[str, str] = {}
    pythons: dict[str, str] = {}
    absent: dict[str, str] = {}
    for environment in (OWN, *ENVIRONMENTS):
        members = {name: peer for name, peer in PEERS.items() if peer.environment == environment}
        asked = [peer.distribution for peer in members.values() if peer.distribution]
        known = versions(interpreter(folder, environment), asked)
        pythons |= {environment: known["python"]} if known else {}
        for name, peer in members.items():
            if peer.distribution is None:
                found[name] = "this checkout"
            elif peer.distribution in known:
                found[name] = known[peer.distribution]
            else:
                absent[name] = remedy(name, folder)
    version, why = ours()
    if version is None:
        del found[OURS]
        absent[OURS] = f"the engine in this checkout cannot be imported: {why}"
    return Present(folder, found, pythons, absent)


def make(folder: Path, *, with_jax: bool, say: Callable[[str], None]) -> None:
    """Create the environments of the peers and install them with pip; what is there already is kept.

    Raises ``subprocess.CalledProcessError`` if a step fails; pip has then said why.
    """
    for environment, packages in ENVIRONMENTS.items():
        if environment == "jax" and not with_jax:
            continue
        python = interpreter(folder, environment)
        if not python.exists():
            say(f"creating {folder / environment}")
            subprocess.run([sys.executable, "-m", "venv", str(folder / environment)], check=True)
            python = interpreter(folder, environment)
        say(f"installing {' '.join(packages)}")
        subprocess.run([str(python), "-I", "-m", "pip", "install", "--quiet", *packages], check=True)
