"""How fast a page of a plan loads and searches: `measure.py PAGE [WORD …]`. Medians of 5, each in a new Chromium.

CPU is that of the page's thread, so that others on the machine do not count; wall is what somebody would wait.
"""
import json
import os
import statistics
import sys
from chromium import Chromium

page, words = sys.argv[1], sys.argv[2:] or ["nguyen", "anh.", "pricing", "xyzzy", "company an"]


def cpu(browser):
    metrics = browser.call("Performance.getMetrics")["metrics"]
    return next(each["value"] for each in metrics if each["name"] == "TaskDuration") * 1000


rounds = []
for _ in range(5):
    browser = Chromium()
    browser.look(1280, False)
    browser.call("Performance.enable", timeDomain="threadTicks")
    before = cpu(browser)
    browser.open(page)
    found = {"load": (cpu(browser) - before,
                      browser.run("performance.getEntriesByType('navigation')[0].loadEventEnd"))}
    browser.run("new Promise(done => setTimeout(done, 3000))")
    for word in words:
        before = cpu(browser)
        wall = browser.run(f"""new Promise(done => {{
            const field = document.getElementById("search"), start = performance.now();
            field.value = {json.dumps(word)};
            field.dispatchEvent(new Event("input"));
            requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
        }})""")
        found["search " + word] = (cpu(browser) - before, wall)
    if browser.errors():
        raise SystemExit(f"the page has errors: {browser.errors()}")
    rounds.append(found)
    browser.close()
print(f"{os.path.getsize(page) / 1e6:.1f} MB")
for name in rounds[0]:
    both = [statistics.median(each[name][part] for each in rounds) for part in (0, 1)]
    print(f"{name}: {both[0]:.0f} ms of CPU, {both[1]:.0f} ms")
