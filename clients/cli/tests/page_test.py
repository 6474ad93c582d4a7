"""The page of reports in a real browser: figures read back, nothing too wide, no network."""

import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import unittest

from programs import SHIPPED, Case

BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium")
WIDTHS = (360, 1280)

# Loads the page in a frame of each width and writes down what it finds there.
PROBE = """<!doctype html><meta charset="utf-8"><body><script>
const found = {}, widths = %s;
let left = widths.length;
const texts = (root, selector) => [...root.querySelectorAll(selector)].map(e => e.textContent);
for (const width of widths) {
  const frame = document.createElement("iframe");
  frame.style = `width: ${width}px; height: 900px; border: 0`;
  frame.onload = () => {
    const page = frame.contentDocument, root = page.documentElement;
    const style = frame.contentWindow.getComputedStyle(page.body);
    // What sticks out at the right of the window, unless it is in a box that scrolls.
    const wide = [...page.body.querySelectorAll("*")].filter(e =>
      e.getBoundingClientRect().right > width + 0.5 && !e.parentElement.closest(".scroll"));
    // Words of a picture that run into each other.
    const clashes = [...page.querySelectorAll("svg g")].filter(g => {
      const [a, b] = [...g.querySelectorAll("text")].map(t => t.getBoundingClientRect());
      return a && b && a.right > b.left && a.bottom > b.top && a.top < b.bottom;
    });
    found[width] = {
      scrollWidth: root.scrollWidth, clientWidth: root.clientWidth,
      wide: wide.map(e => e.outerHTML.slice(0, 120)),
      clashes: clashes.map(g => g.textContent),
      paper: style.backgroundColor, ink: style.color,
      sections: [...page.querySelectorAll("section")].map(section => ({
        title: section.querySelector("h2").textContent,
        facts: Object.fromEntries([...section.querySelectorAll("dt")].map(
          dt => [dt.textContent, dt.nextElementSibling.textContent])),
        notes: texts(section, ".note"),
        pictures: [...section.querySelectorAll("svg")].map(svg => ({
          title: svg.querySelector("title").textContent, role: svg.getAttribute("role"),
          bars: svg.querySelectorAll(".bar").length, hours: svg.querySelectorAll(".hour").length,
          height: svg.getBoundingClientRect().height})),
        tables: [...section.querySelectorAll("table")].map(table => ({
          head: texts(table, "thead th"),
          rows: [...table.querySelectorAll("tbody tr")].map(tr => texts(tr, "th, td"))})),
      })),
      resources: frame.contentWindow.performance.getEntriesByType("resource").map(r => r.name),
    };
    if (--left === 0) {
      const out = document.createElement("pre");
      out.id = "found";
      out.textContent = JSON.stringify(found);
      document.body.append(out);
    }
  };
  frame.src = "page.html";
  document.body.append(frame);
}
</script>"""


class Quiet(http.server.SimpleHTTPRequestHandler):

    def log_message(self, *_):
        pass


def contrast(one, other):
    """By WCAG 2.1, of two "rgb(1, 2, 3)"."""

    def luminance(color):
        parts = [int(n) / 255 for n in re.findall(r"\d+", color)[:3]]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def count(text):
    """8000 of "8 000"."""
    return int(re.sub(r"\s", "", text))


@unittest.skipUnless(BROWSER, "there is no chromium")
class Page(Case):

    def import_studio(self):
        leads = self.folder / "leads.csv"
        with leads.open("wb") as file:
            subprocess.run([sys.executable, SHIPPED / "generate.py", "--leads", "400"], stdout=file,
                           check=True)
        self.ok("workspace", "create", self.workspace, "--time-zone", "Europe/Amsterdam",
                "--currency", "EUR")
        self.ok("import", "leads", leads, "--mapping", SHIPPED / "studio.mapping.yaml",
                "--rejects", self.folder / "rejects.csv")

    def page(self, *words):
        answer = self.ctl(*words, "-o", "html")
        self.assertEqual(answer.code, 0, answer.err)
        return answer.out

    def look(self, page, *flags):
        """What the browser sees, by width of the window."""
        self.write("page.html", page)
        self.write("probe.html", PROBE % json.dumps(WIDTHS))
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Quiet, directory=str(self.folder)))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            run = subprocess.run(
                [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 f"--user-data-dir={self.folder}/profile", "--virtual-time-budget=20000",
                 "--dump-dom", *flags, f"http://127.0.0.1:{server.server_port}/probe.html"],
                capture_output=True, check=True, timeout=120)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
        found = re.search(r'<pre id="found">(.*)</pre>', run.stdout.decode(), re.S)
        self.assertIsNotNone(found, run.stderr.decode()[-2000:])
        text = found.group(1)
        for name, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
            text = text.replace(name, character)
        return {int(width): seen for width, seen in json.loads(text).items()}

    def test_the_page_of_all_reports_shows_their_figures(self):
        self.import_studio()
        reports = self.ok("report", "all")
        seen = self.look(self.page("report", "all"))
        for width in WIDTHS:
            sections = {s["title"].split(" ")[0]: s for s in seen[width]["sections"]}
            funnel = sections["Funnel"]
            stages = reports["funnel"]["stages"]
            rows = funnel["tables"][0]["rows"]
            self.assertEqual([count(row[1]) for row in rows[:-1]],
                             [int(stage["reached"]) for stage in stages])
            self.assertTrue(funnel["facts"]["received"].startswith("400: "))
            self.assertEqual(funnel["pictures"][0]["bars"], len(stages) + 1)
            channels = sections["Channels"]["tables"][0]["rows"]
            self.assertEqual([count(row[1]) for row in channels[:-1]],
                             [int(row["leads"]) for row in reports["channels"]["rows"]])
            self.assertEqual(count(channels[-1][1]), 400)
            for room in ("Load", "Speed"):
                self.assertEqual(max(p["hours"] for p in sections[room]["pictures"]), 168)
            for section in seen[width]["sections"]:
                for picture in section["pictures"]:
                    self.assertEqual(picture["role"], "img")
                    self.assertTrue(picture["title"])
                    self.assertGreater(picture["height"], 0)

    def test_nothing_is_wider_than_the_window(self):
        self.import_studio()
        for width, seen in self.look(self.page("report", "all")).items():
            self.assertEqual(seen["scrollWidth"], seen["clientWidth"], f"at {width} pixels")
            self.assertEqual(seen["wide"], [], f"at {width} pixels")
            self.assertEqual(seen["clashes"], [], f"at {width} pixels")

    def test_light_and_dark_can_be_read(self):
        self.import_studio()
        page = self.page("report", "funnel")
        light = self.look(page)[1280]
        dark = self.look(page, "--force-dark-mode")[1280]
        self.assertNotEqual(light["paper"], dark["paper"])
        for seen in (light, dark):
            self.assertGreater(contrast(seen["paper"], seen["ink"]), 7)

    def test_it_needs_nothing_but_itself(self):
        self.import_studio()
        page = self.page("report", "all")
        self.assertNotRegex(page, r"https?://|<script|@import|url\(|<link|<img")
        self.assertEqual(self.look(page)[1280]["resources"], [])

    def test_an_empty_window_says_so(self):
        self.ok("workspace", "create", self.workspace)
        seen = self.look(self.page("report", "all"))[360]
        for section in seen["sections"]:
            if section["title"].startswith(("Funnel", "Channels")):
                self.assertEqual(section["notes"], ["Nothing in this window."])
        self.assertNotIn("nan", json.dumps(seen).lower())

    def test_names_from_outside_stay_text(self):
        self.ok("workspace", "create", self.workspace)
        self.ok("channel", "create", "ads", "--display-name", "<b>bold</b>")
        self.ok("lead", "capture", "--name", "A", "--email", "a@example.com", "--channel", "ads",
                "--label", "vip")
        page = self.page("report", "channels", "--label", "vip")
        self.assertNotIn("<b>", page)

    def test_only_reports_are_pages(self):
        self.ok("workspace", "create", self.workspace)
        self.refused("USAGE", "lead", "list", "-o", "html", code=2)
        self.refused("USAGE", "completion", "bash", "-o", "html", code=2)


if __name__ == "__main__":
    unittest.main()
