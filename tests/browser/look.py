"""Looks at a page in headless Chromium and prints what is seen, as JSON: ``look.py CHROMIUM DRIVER AXE PAGE``.

Runs in an environment of its own, which has selenium. The page is looked at in light and dark, on a desk and a phone.
With ``--picture FILE light|dark PLACE`` it makes a picture from a place of the page on instead.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

DESK, PHONE = (1000, 800), (360, 740)
MOST_STOPS = 400

AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations', 'incomplete']}).then(found => done({
  violations: found.violations.map(one => [one.id, one.nodes.slice(0, 3).map(node => node.html.slice(0, 200))]),
  passes: found.passes.map(one => one.id)}));
"""

SEEN = """
const background = getComputedStyle(document.body).backgroundColor;
const size = one => { const box = one.getBoundingClientRect(); return [box.width, box.height]; };
return {
  background, ink: getComputedStyle(document.body).color,
  width: [document.documentElement.scrollWidth, window.innerWidth],
  charts: [...document.querySelectorAll('svg')].map(svg => ({
    figure: svg.closest('[data-figure]').dataset.figure, size: size(svg),
    marks: [...svg.querySelectorAll('.mark')].map(size),
    bar: getComputedStyle(svg.querySelector('.mark')).fill,
    words: [...svg.querySelectorAll('text')].map(text => [text.textContent, getComputedStyle(text).fill, size(text),
      text.getBoundingClientRect().left - svg.getBoundingClientRect().left]),
  })),
  tables: Object.fromEntries([...document.querySelectorAll('[data-figure]')].map(figure => [figure.dataset.figure,
    [...figure.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))])),
};
"""

FOCUS = """
const here = document.activeElement;
if (here === document.body || here === null) return null;
const box = here.getBoundingClientRect();
return [here.tagName.toLowerCase(), (here.getAttribute('aria-label') || here.textContent).trim().slice(0, 80),
  getComputedStyle(here).outlineStyle, box.width > 0 && box.height > 0];
"""

STOPS = "return document.querySelectorAll('a[href], summary, [tabindex=\"0\"]').length"


def browser(chromium: str, driver: str, profile: str) -> webdriver.Chrome:
    """Headless Chromium with a profile of its own, which logs its console and its requests."""
    options = Options()
    options.binary_location = chromium
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
        "--disable-component-update", "--no-first-run", "--hide-scrollbars", f"--user-data-dir={profile}",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service(driver))


def show(page: webdriver.Chrome, scheme: str, size: tuple[int, int]) -> None:
    """Take a colour scheme and a size of the window."""
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def asked(page: webdriver.Chrome) -> list[str]:
    """The addresses that the page has asked for."""
    messages = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    return [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]


def walk(page: webdriver.Chrome) -> list[Any]:
    """Where the keyboard comes from the page's top, Tab after Tab; each part that can be opened is opened by Enter."""
    stops: list[Any] = []
    for _ in range(MOST_STOPS):
        ActionChains(page).send_keys(Keys.TAB).perform()
        stop = page.execute_script(FOCUS)
        if stop is None:
            break
        stops.append(stop)
        if stop[0] == "summary":
            ActionChains(page).send_keys(Keys.ENTER).perform()
    return stops


def look(page: webdriver.Chrome, axe: str, address: str) -> dict[str, Any]:
    """All that is seen."""
    page.get("about:blank")
    page.get_log("performance")  # of the browser's own first page
    page.get(address)
    seen: dict[str, Any] = {"title": page.title, "modes": {}}
    show(page, "light", DESK)
    seen["stops"] = walk(page)
    seen["can_stop"] = page.execute_script(STOPS)
    seen["open"] = page.execute_script("return [...document.querySelectorAll('details')].map(one => one.open)")
    tree = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    seen["spoken"] = [
        [node["role"]["value"], node.get("name", {}).get("value", "")] for node in tree if not node["ignored"]
    ]
    page.execute_script(Path(axe).read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        for name, size in (("desk", DESK), ("phone", PHONE)):
            show(page, scheme, size)
            mode = page.execute_script(SEEN)
            mode["axe"] = page.execute_async_script(AXE)
            seen["modes"][f"{scheme} {name}"] = mode
    seen["console"] = [entry["message"] for entry in page.get_log("browser")]
    seen["asked"] = asked(page)
    return seen


def main() -> None:
    """Look, or make a picture."""
    chromium, driver, axe, file, *more = sys.argv[1:]
    with tempfile.TemporaryDirectory() as profile:
        page = browser(chromium, driver, profile)
        try:
            page.set_script_timeout(120)
            address = Path(file).resolve().as_uri()
            if more:
                _, target, scheme, place = more
                page.get(address)
                show(page, scheme, (720, 1100))
                page.execute_script("document.getElementById(arguments[0]).scrollIntoView()", place)
                picture = page.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
                Path(target).write_bytes(base64.b64decode(picture))
            else:
                print(json.dumps(look(page, axe, address)))
        finally:
            page.quit()


if __name__ == "__main__":
    main()
