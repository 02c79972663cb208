"""The interactive page in a real browser: what is on the screen is what the engine computed, and nothing leaves the page."""

from __future__ import annotations

import json

import pytest

from autograd import Value, draw
from autograd.drawing import palette, record
from autograd.drawing.wording import Numbers
from demos.pictures import graphs

KEYS = {"right": "\ue014", "left": "\ue012", "home": "\ue011", "end": "\ue010", "enter": "\ue007", "space": " "}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of the graph with two shared nodes."""
    return draw(graphs.shared(), names={}).save(tmp_path_factory.mktemp("page") / "shared.html")


def show(browser, path, fragment=""):
    """Open a page with empty logs."""
    browser.get("about:blank")
    browser.get_log("browser"), browser.get_log("performance")
    browser.get(f"file://{path}{fragment}")


def scheme(browser, name):
    """Ask for light or dark."""
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]}
    )


def grads(browser):
    """Give the gradients on the screen by card."""
    return browser.execute_script(
        "return Object.fromEntries([...document.querySelectorAll('.stage g.node')].map(g => [g.getAttribute('aria-label').split(':')[0],"
        " (g.querySelector('text.gr')||{}).textContent]))"
    )


def states(browser):
    """Give the state of each card."""
    return browser.execute_script(
        "return Object.fromEntries([...document.querySelectorAll('.stage g.node')].map(g => [g.getAttribute('aria-label').split(':')[0],"
        " ['now','recv','pending'].filter(c => g.classList.contains(c)).join(' ')]))"
    )


def position(browser):
    """Give the step that is shown."""
    return browser.execute_script("return document.querySelector('.pos').textContent")


def press(browser, key):
    """Press a key."""
    browser.find_element("tag name", "body").send_keys(KEYS[key])


def expected(step):
    """What the debugger, which knows nothing of the page, says after ``step`` steps."""
    stepper = graphs.shared().stepper()
    write = Numbers().write
    if step:
        stepper.step(step)
        current = {s.to.id for s in stepper.current.sends}
    else:
        current = set()
    found = {}
    for n in stepper.graph:
        now = stepper.now(n) if step or n is stepper.graph.root else None
        found[n.id] = "0" if now is None else write(now)
        if n.id in current:
            sends = [s for s in stepper.current.sends if s.to.id == n.id]
            found[n.id] = f"{'0' if sends[0].first else write(sends[0].before)} → {write(sends[-1].after)}"
    return found


def test_keys_walk_through_the_engines_amounts(browser, page):
    """← → Home End move; at every step the gradients on the screen are the debugger's."""
    show(browser, page)
    for step in range(5):
        assert position(browser) == f"{step} / 4"
        assert grads(browser) == expected(step)
        press(browser, "right")
    assert position(browser) == "4 / 4"
    press(browser, "left")
    assert position(browser) == "3 / 4"
    assert grads(browser) == expected(3)
    press(browser, "home")
    assert position(browser) == "0 / 4"
    press(browser, "end")
    assert grads(browser) == expected(4)


def test_states(browser, page):
    """The sender is current, the receivers are marked, what is to come is pale, as in the step's picture."""
    show(browser, page, "#step=3")
    assert states(browser) == {"a": "pending", "b": "recv", "d": "recv", "e": "now", "t": "", "f": ""}
    browser.implicitly_wait(0)
    halo = browser.execute_script("return getComputedStyle(document.querySelector('g.now .halo')).fill")
    assert halo == "rgb(255, 233, 184)"


def test_slider_and_buttons(browser, page):
    """The slider jumps; the buttons step; play runs and pauses."""
    show(browser, page)
    browser.execute_script("const s=document.querySelector('input');s.value=2;s.dispatchEvent(new Event('input'))")
    assert position(browser) == "2 / 4"
    assert grads(browser) == expected(2)
    browser.find_element("css selector", ".next").click()
    assert position(browser) == "3 / 4"
    browser.find_element("css selector", ".first").click()
    assert position(browser) == "0 / 4"
    browser.find_element("css selector", ".last").click()
    browser.find_element("css selector", ".prev").click()
    assert position(browser) == "3 / 4"
    play = browser.find_element("css selector", ".play")
    play.click()
    assert play.get_attribute("aria-pressed") == "true"
    play.click()
    assert play.get_attribute("aria-pressed") == "false"


def test_link_to_a_step(browser, page):
    """``#step=3`` opens at step 3; moving keeps the address; the link is for copying; a step too far is the last."""
    show(browser, page, "#step=3")
    assert position(browser) == "3 / 4"
    press(browser, "left")
    assert browser.current_url.endswith("#step=2")
    assert browser.find_element("css selector", ".link").get_attribute("href").endswith("#step=2")
    browser.execute_script("location.hash='#step=4'")
    browser.execute_async_script("setTimeout(arguments[0], 50)")
    assert position(browser) == "4 / 4"
    show(browser, page, "#step=99")
    assert position(browser) == "4 / 4"


def test_click_and_enter_show_the_derivation(browser, page):
    """Clicking a card, or Enter on it, shows its gradient as a sum of contributions; once more hides it."""
    show(browser, page)
    for act in ("click", "enter"):
        browser.execute_script(
            "window.b=[...document.querySelectorAll('g.node')].find(g=>g.getAttribute('aria-label').startsWith('b:'));"
            + (
                "b.dispatchEvent(new MouseEvent('click',{bubbles:true}))"
                if act == "click"
                else "b.focus();b.dispatchEvent(new KeyboardEvent('keydown',{key:'Enter',bubbles:true}))"
            )
        )
        panel = browser.find_element("css selector", "section.node")
        assert panel.is_displayed()
        assert "∂f/∂b =" in panel.text
        assert "−0.1233 × ∂e/∂b (1.0000) = −0.1233" in panel.text
        assert "+ −0.5452 × ∂d/∂b (0.5000) = −0.2726" in panel.text
        assert "= −0.3959" in panel.text
        browser.execute_script("b.dispatchEvent(new MouseEvent('click',{bubbles:true}))")
        assert not panel.is_displayed()


def test_step_table(browser, page):
    """Every step is a row beside the picture; a click goes there, and the current one is marked for screen readers."""
    show(browser, page)
    rows = browser.find_elements("css selector", "tbody tr")
    assert len(rows) == 5
    rows[2].click()
    assert position(browser) == "2 / 4"
    assert rows[2].get_attribute("aria-current") == "step"
    assert [r.get_attribute("aria-current") for r in rows].count("step") == 1
    assert browser.find_element("css selector", ".eq").text.startswith("step 2")


@pytest.mark.parametrize("name", ["light", "dark"])
def test_colour_scheme(browser, page, name):
    """The page and the picture follow the reader's scheme."""
    scheme(browser, name)
    try:
        show(browser, page)
        body = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        number = browser.execute_script("return getComputedStyle(document.querySelector('text.va')).fill")
    finally:
        scheme(browser, "light")
    rgb = lambda c: f"rgb({int(c[1:3], 16)}, {int(c[3:5], 16)}, {int(c[5:], 16)})"  # noqa: E731
    assert body == rgb(palette.PAPER if name == "light" else palette.DARK[palette.PAPER])
    assert number == rgb(palette.VALUE if name == "light" else palette.DARK[palette.VALUE])


def test_nothing_leaves_the_page(browser, page):
    """No request but for the file itself, and no word in the console."""
    show(browser, page)
    for key in ("right", "right", "end", "home", "space", "space"):
        press(browser, key)
    sent = [json.loads(e["message"])["message"] for e in browser.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"]
    assert asked
    assert all(url.startswith(("file://", "data:", "about:")) for url in asked), asked
    assert [e for e in browser.get_log("browser") if e["level"] in ("SEVERE", "WARNING")] == []


def test_keyboard_and_screen_reader(browser, page):
    """Each card can be reached with Tab, has the role of a button and a name; the picture has a title and a description."""
    show(browser, page)
    cards = browser.execute_script(
        "return [...document.querySelectorAll('g.node')].map(g=>[g.getAttribute('tabindex'),g.getAttribute('role'),g.getAttribute('aria-label')])"
    )
    assert len(cards) == 6
    assert all(c[:2] == ["0", "button"] and "value" in c[2] and "gradient" in c[2] for c in cards)
    labelled = browser.execute_script(
        "return document.querySelector('svg').getAttribute('aria-labelledby').split(' ').map(i=>document.getElementById(i).textContent)"
    )
    assert all(labelled)
    assert browser.find_element("css selector", ".eq").get_attribute("aria-live") == "polite"


def test_text_stays_inside_its_card_as_the_browser_measures_it(browser, tmp_path):
    """Measured by a real browser with real fonts, no text leaves its card, at any step."""
    lines = lambda: graphs.loop(25)  # noqa: E731
    for make in (graphs.shared, graphs.neuron, graphs.names, graphs.layer, graphs.ill, graphs.network, lines):
        path = draw(make(), names={}).save(tmp_path / f"{make.__name__.strip('<>')}.html")
        show(browser, path, "#step=5")
        out = browser.execute_script("""
            return [...document.querySelectorAll('.stage g.node')].flatMap(g => {
              const h = g.querySelector('.halo').getBBox();
              return [...g.querySelectorAll('text:not(.mark)')].filter(t => { const b = t.getBBox();
                return b.x < h.x + 4 || b.x + b.width > h.x + h.width - 4 || b.y < h.y + 2 || b.y + b.height > h.y + h.height - 2; })
                .map(t => [t.textContent, t.getBBox().x, t.getBBox().width, h.x, h.width]);
            });""")
        assert out == [], make.__name__


def test_print(browser, page):
    """On paper: light, without controls, the whole table."""
    show(browser, page, "#step=1")
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]},
    )
    try:
        assert browser.execute_script("return getComputedStyle(document.querySelector('.bar')).display") == "none"
        assert browser.execute_script("return getComputedStyle(document.querySelector('g.pending')).opacity") == "1"
        assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "screen", "features": []})


def test_hostile_names_on_the_page(browser, tmp_path):
    """Names full of markup run nothing and are shown as typed."""
    x = Value(2.0, name="<img src=x onerror=alert(1)>")
    y = Value(3.0, name="</script><script>alert(1)</script>")
    show(browser, draw(x * y, names={}).save(tmp_path / "p.html"), "#step=1")
    assert x.name in browser.find_element("css selector", "tbody").text
    assert browser.execute_script("return document.images.length + document.scripts.length") == 2
    assert [e for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []


def test_a_folded_graph_has_a_page(browser, tmp_path):
    """302 nodes on a handful of cards: the steps of a folded card are one step."""
    show(browser, draw(graphs.network(), depth=0, names={}).save(tmp_path / "p.html"), "#step=3")
    titles = [r.text for r in browser.find_elements("css selector", "tbody tr")]
    assert any("layers.1" in t and "nodes" in t for t in titles)
    press(browser, "end")
    assert [e for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []


def test_a_film_is_scrubbed(browser, tmp_path):
    """The frames of a training run: values, gradients and loss on the screen are those of that epoch."""
    w = Value(3.0, name="w")
    seen = []

    def train():
        for _ in range(6):
            loss = (w - 1) ** 2
            yield loss
            w.zero_grad()
            loss.backward()
            seen.append((w.data, w.grad, loss.data))
            w.data -= 0.25 * w.grad

    show(browser, record(train()).save(tmp_path / "film.html"))
    write = Numbers().write
    for k, (value, grad, loss) in enumerate(seen):
        assert position(browser) == f"{k} / 5"
        assert grads(browser)["w"] == write(grad)
        texts = browser.execute_script("return [...document.querySelectorAll('text.va')].map(t=>t.textContent)")
        assert write(value) in texts
        assert browser.find_element("css selector", ".here").text == write(loss)
        press(browser, "right")
    assert browser.find_element("css selector", "tbody").text.startswith("w ")
    assert [e for e in browser.get_log("browser") if e["level"] in ("SEVERE", "WARNING")] == []


def test_the_animation_plays(browser, tmp_path):
    """The animated SVG moves by CSS alone, and rests for readers who asked for less motion."""
    path = draw(graphs.shared(), names={}).save(tmp_path / "a.svg", animated=True)
    assert "<script" not in path.read_text()
    show(browser, path)
    moving = "return document.getAnimations().filter(a => a.playState === 'running').length"
    assert browser.execute_script(moving) > 8
    at = """document.getAnimations().forEach(a => { a.pause(); a.currentTime = arguments[0] * 1000; });
            return [...document.querySelectorAll('g.node')].filter(g => getComputedStyle(g.querySelector('.halo')).fillOpacity === '1')
              .map(g => g.getAttribute('aria-label').split(':')[0])"""
    assert [browser.execute_script(at, 1.2 * k + 0.6) for k in range(5)] == [["f"], ["f"], ["t"], ["e"], ["d"]]
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    )
    try:
        show(browser, path)
        assert browser.execute_script(moving) == 0
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_long_picture_follows_the_current_card(browser, tmp_path):
    """In a picture higher than the screen the current card and the controls are both in sight, at every step."""
    show(browser, draw(graphs.loop(25), names={}).save(tmp_path / "p.html"))
    for key in ("end", "home", "end", "left"):
        press(browser, key)
        seen = browser.execute_script("""
            const s = document.querySelector('.stage').getBoundingClientRect(), b = document.querySelector('g.now').getBoundingClientRect(),
              c = document.querySelector('.bar').getBoundingClientRect();
            return [b.top >= s.top - 1, b.bottom <= s.bottom + 1, c.bottom <= innerHeight];""")
        assert seen == [True, True, True]
