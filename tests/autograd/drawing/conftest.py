"""What the drawing tests share: the graphs, the geometry of an SVG, and a real browser where there is one."""

from __future__ import annotations

import re
import shutil
from xml.etree import ElementTree as ET

import pytest

from autograd.drawing import engines

SVG = "{http://www.w3.org/2000/svg}"


def boxes(svg: str) -> dict[str, tuple[float, float, float, float]]:
    """Give left, top, right, bottom of every card, by the end of its id."""
    found = {}
    for group in ET.fromstring(svg).iter(SVG + "g"):
        if "node" in (group.get("class") or "").split():
            numbers = [
                float(v)
                for shape in group
                if shape.tag in (SVG + "polygon", SVG + "path")
                for v in re.findall(r"-?\d+(?:\.\d+)?", shape.get("points") or shape.get("d") or "")
            ]
            found[group.get("id")] = (min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2]))
    return found


@pytest.fixture(params=["dot", "pygraphviz"])
def engine(request, monkeypatch):
    """Each engine that is here, in turn."""
    if request.param == "dot" and not shutil.which("dot"):
        pytest.skip("no dot on the PATH")
    if request.param == "pygraphviz":
        pytest.importorskip("pygraphviz")
    monkeypatch.setattr(engines, "available", lambda: request.param)
    return request.param


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A headless Chromium that lets no request out, or a skip that says what to install."""
    webdriver = pytest.importorskip(
        "selenium.webdriver", reason="selenium is not installed: pip install 'chainrule[test]'"
    )
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    driver = shutil.which("chromedriver")
    if not program or not driver:
        pytest.skip("no browser here: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (
        "headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
        "disable-component-update", "disable-sync", "disable-dev-shm-usage", "window-size=1500,1000",
        f"user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):  # fmt: skip
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=driver))
    yield chrome
    chrome.quit()
