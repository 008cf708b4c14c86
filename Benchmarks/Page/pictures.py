"""Pictures of a page at three widths in both themes: `pictures.py PAGE FOLDER`; ends with 1 if the page has errors."""
import os
import sys
from chromium import Chromium

page, folder = sys.argv[1:3]
os.makedirs(folder, exist_ok=True)
browser = Chromium()
errors = []
for width in (390, 1280, 1920):
    for dark in (False, True):
        browser.look(width, dark)
        browser.open(page)
        wide, tall = browser.run("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        errors += browser.errors() + (["wider than the window"] if wide > width else [])
        for top in range(0, min(tall, 9000), 1800):
            name = f"{folder}/{width}-{'dark' if dark else 'light'}-{top // 1800}.png"
            browser.picture(name, top, width, min(1800, tall - top))
browser.close()
sys.exit(f"{errors}" if errors else 0)
