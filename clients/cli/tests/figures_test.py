"""The published figures of real data, through salesctl and a server that is killed on the way."""

import csv
import subprocess
import threading
import time
import unittest
from decimal import ROUND_HALF_UP, Decimal

from programs import DATA, SHIPPED, Case, environment, needs_data

LEADS = "olist/olist_marketing_qualified_leads_dataset.csv"
CASES = "bpi2012/bpi2012_cases.csv"

# What the published response times are of: a lead for each task that was scheduled.
RESPONSES = """
funnel: bpi2012
times: {format: rfc3339, zone: Europe/Amsterdam}
external_id: case_id
contact:
  identities:
    - {kind: external, source: bpi2012, value: case_id}
receive_time: lead_task_scheduled_utc
steps:
  - {do: log, time: lead_task_first_start_utc, kind: call, direction: out}
"""


def rounded(numerator, denominator, places):
    """As the published files: half away from zero."""
    return str((Decimal(numerator) / Decimal(denominator)).quantize(Decimal(places),
                                                                   ROUND_HALF_UP))


class Figures(Case):

    def prepare(self, name, zone, currency):
        self.workspace = name
        self.ok("workspace", "create", name, "--time-zone", zone, "--currency", currency)
        self.ok("funnel", "activate", SHIPPED / f"{name}.funnel.yaml")
        # Imports write nothing beside the data, which may be read-only.
        return ("import", "leads", "--mapping", SHIPPED / f"{name}.mapping.yaml",
                "--rejects", self.folder / "rejects.csv")

    def take(self, words, path, expected):
        answer = self.ok(*words, DATA / path)
        self.assertEqual((answer["read"], answer["rejected"]), (expected, 0))
        return answer

    def leads_so_far(self):
        return int(self.ok("report", "channels")["total"]["leads"])

    def wait_for_leads(self, count):
        deadline = time.monotonic() + 120
        while self.leads_so_far() < count and time.monotonic() < deadline:
            time.sleep(0.02)

    def check_olist(self):
        report = self.ok("report", "channels")
        rows = {row["name"].rsplit("/", 1)[1]: row for row in report["rows"]}
        with (DATA / "olist/published_marketing_performance.csv").open(newline="") as file:
            published = list(csv.DictReader(file))
        self.assertEqual(len(published), 11)
        print("\norigin  leads  won  conversion %  days")
        for row in published:
            origin = "not-recorded" if row["origin"] == "NULL" else row["origin"]
            figures = rows[origin]
            days = figures["daysToWin"]
            found = (figures["leads"], figures["won"],
                     rounded(100 * int(figures["won"]), figures["leads"], "0.01"),
                     rounded(days["sum"], days["count"], "0.1"))
            print(origin, *found)
            self.assertEqual(found, (row["total_leads"], row["won_deals"], row["conv_rate_pct"],
                                     row["avg_days_to_close"]), origin)
        total = report["total"]
        self.assertEqual((total["leads"], total["won"]), ("8000", "842"))
        self.assertEqual(total["revenue"], {"currencyCode": "BRL", "minorUnits": "6178400600"})
        self.assertEqual(total["daysToWin"]["median"], 14)
        self.assertEqual(rounded(total["daysToWin"]["sum"], 842, "0.0001"), "48.4406")

    def check_olist_months(self):
        published = {
            "2017-06": (4, 0), "2017-07": (239, 2), "2017-08": (386, 9), "2017-09": (312, 7),
            "2017-10": (416, 14), "2017-11": (445, 18), "2017-12": (200, 11),
            "2018-01": (1141, 152), "2018-02": (1028, 149), "2018-03": (1174, 167),
            "2018-04": (1352, 183), "2018-05": (1303, 130)}
        months = list(published) + ["2018-06"]
        for month, following in zip(months, months[1:]):
            total = self.ok("report", "channels", "--from", f"{month}-01", "--to",
                            f"{following}-01")["total"]
            self.assertEqual((int(total["leads"]), int(total["won"])), published[month], month)

    def check_bpi(self):
        report = self.ok("report", "funnel", "--funnel", "bpi2012")
        entered = [int(stage["entered"]) for stage in report["stages"]]
        reached = [int(stage["reached"]) for stage in report["stages"]]
        outcomes = {state: int(report["outcomes"][state])
                    for state in ("won", "declined", "lost", "open")}
        print("\nentered", entered, "reached", reached, outcomes)
        self.assertEqual(entered, [13087, 7367, 5113, 5015, 3254, 2243])
        # Three applications were approved without an accepted offer on record.
        self.assertEqual(reached, [13087, 7367, 5113, 5015, 3254, 2246])
        self.assertEqual(outcomes, {"won": 2246, "declined": 7635, "lost": 2807, "open": 399})
        total = self.ok("report", "channels")["total"]
        self.assertEqual(total["response"]["count"], "4755")

    def simulate(self, policy):
        """What the policy would have stopped; asked twice, for the answer is always the same."""
        words = ("funnel", "simulate", policy, "--timeout", "300", "-o", "json")
        first, second = self.ctl(*words), self.ctl(*words)
        self.assertEqual(first.code, 0, first.err)
        self.assertEqual(first.out, second.out)
        return first.json

    def refused_at(self, gate):
        return {one["condition"]: int(one["refused"]) for one in gate["conditions"]}

    def check_nothing_is_refused(self, policy):
        answer = self.simulate(policy)
        self.assertEqual(answer["refusals"], [])
        for gate in [*answer["stages"], answer["win"]]:
            self.assertEqual((gate["refused"], gate["undecided"]), ("0", "0"), gate["stage"])
        self.assertEqual(answer["declines"]["refused"], "0")
        return answer

    def check_bpi_speed(self):
        """Times of first responses, each from when the task was scheduled."""
        figures = self.ok("report", "speed", "--funnel", "bpi2012")["response"]
        time = figures["time"]
        within = [int(one["done"]) for one in figures["within"]]
        print("\nresponses", time, "within", within)
        self.assertEqual((figures["asked"], figures["done"], figures["open"]),
                         ("4755", "4755", "0"))
        self.assertEqual(within, [870, 1469, 2650, 3308, 4578])
        self.assertAlmostEqual(float(time["mean"].rstrip("s")), 18477.543, places=3)
        for name, published in (("median", 2546.844), ("p90", 53294.855)):
            found = float(time[name].rstrip("s"))
            self.assertLessEqual(abs(found - published), 0.01 * published, name)
        self.assertIn("within 5m", self.ctl("report", "speed").out)

    def check_bpi_simulations(self):
        in_force = (SHIPPED / "bpi2012.funnel.yaml").read_text(encoding="utf-8")
        answer = self.check_nothing_is_refused(self.write("same.yaml", in_force))
        self.assertEqual(answer["leads"], "13087")
        self.assertEqual(answer["declines"]["differ"], "7635")
        # Offers only to those who were called, and above ten thousand.
        entry = "    entry: [requirements_agreed, price_offered"
        self.assertEqual(in_force.count(entry), 1)
        stricter = in_force.replace(
            entry, entry + ", responded, "
            "{expected_value_at_least: {amount_minor: 1000000, currency: EUR}}")
        answer = self.simulate(self.write("stricter.yaml", stricter))
        refused, called, large = set(), 0, 0
        with (DATA / CASES).open(newline="") as file:
            for case in csv.DictReader(file):
                if not case["o_sent_utc"]:
                    continue
                start = case["lead_task_first_start_utc"]
                uncalled = not start or start > case["o_sent_utc"]
                small = Decimal(case["amount_req"]) < 10000
                called += uncalled
                large += small
                if uncalled or small:
                    refused.add(case["case_id"])
        gate = answer["stages"][3]
        print("\nof", gate["moves"], "offers", len(refused), "would have been stopped:", called,
              "uncalled,", large, "small")
        self.assertEqual(int(gate["refused"]), len(refused))
        self.assertEqual(self.refused_at(gate),
                         {"responded": called, "expected_value >= 1000000 EUR": large})
        self.assertEqual(int(answer["leadsRefused"]), len(refused))
        self.assertEqual(len(answer["refusals"]) + int(answer["refusalsLeftOut"]), len(refused))

    def check_olist_simulations(self):
        in_force = (SHIPPED / "olist.funnel.yaml").read_text(encoding="utf-8")
        self.check_nothing_is_refused(self.write("same.yaml", in_force))
        entry = "    entry: [seller_assigned"
        self.assertEqual(in_force.count(entry), 1)
        stricter = in_force.replace(
            entry,
            entry + ", {attribute: {key: lead_type, is: '=', value: online_medium}}")
        answer = self.simulate(self.write("stricter.yaml", stricter))
        with (DATA / LEADS).open(newline="") as file:
            known = {lead["mql_id"] for lead in csv.DictReader(file)}
        with (DATA / "olist/olist_closed_deals_dataset.csv").open(newline="") as file:
            other = [deal for deal in csv.DictReader(file)
                     if deal["mql_id"] in known and deal["lead_type"] != "online_medium"]
        print("\nof", answer["win"]["moves"], "deals", len(other), "would have been stopped")
        self.assertEqual(int(answer["win"]["refused"]), len(other))
        self.assertEqual(self.refused_at(answer["win"]),
                         {"attribute(lead_type) = 'online_medium'": len(other)})

    @needs_data(LEADS)
    def test_olist_gives_the_published_rows(self):
        words = self.prepare("olist", "America/Sao_Paulo", "BRL")
        # One deal was won two days before first contact: kept, and flagged.
        self.assertEqual(self.take(words, LEADS, 8000)["early"], 1)
        self.check_olist()
        self.check_olist_months()
        self.assertEqual(self.take(words, LEADS, 8000)["unchanged"], 8000)
        self.check_olist()
        self.assertIn("8 000", self.ctl("report", "channels").out)
        self.check_olist_simulations()

    @needs_data(LEADS)
    def test_olist_gives_them_after_a_kill_and_an_import_begun_anew(self):
        words = self.prepare("olist", "America/Sao_Paulo", "BRL")
        running = subprocess.Popen(self.command(*words, DATA / LEADS), env=environment(),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_for_leads(1500)
        self.server.kill()
        running.kill()
        running.wait()
        self.server.start()
        had = self.leads_so_far()
        self.assertTrue(1500 <= had < 8000, had)
        answer = self.take(words, LEADS, 8000)
        self.assertEqual((answer["unchanged"], answer["imported"]), (had, 8000 - had))
        self.check_olist()

    @needs_data(CASES)
    def test_bpi_gives_the_published_times_of_first_responses(self):
        words = self.prepare("bpi2012", "Europe/Amsterdam", "EUR")
        with (DATA / CASES).open(newline="") as file:
            reader = csv.DictReader(file)
            columns = ["case_id", "lead_task_scheduled_utc", "lead_task_first_start_utc"]
            lines = [[case[column] for column in columns] for case in reader
                     if case["lead_task_first_start_utc"]]
        cases = self.write("responses.csv",
                           "\n".join(",".join(line) for line in [columns, *lines]) + "\n")
        mapping = self.write("responses.yaml", RESPONSES)
        answer = self.ok(*words[:2], "--mapping", mapping, *words[4:], cases)
        self.assertEqual((answer["imported"], answer["rejected"]), (4755, 0))
        self.check_bpi_speed()

    @needs_data(CASES)
    def test_bpi_gives_the_published_figures(self):
        words = self.prepare("bpi2012", "Europe/Amsterdam", "EUR")
        self.assertEqual(self.take(words, CASES, 13087)["imported"], 13087)
        self.check_bpi()
        self.assertIn("a_preaccepted", self.ctl("report", "funnel", "--funnel", "bpi2012").out)
        self.check_bpi_simulations()

    @needs_data(CASES)
    def test_bpi_gives_them_after_two_kills_that_the_import_survives(self):
        words = self.prepare("bpi2012", "Europe/Amsterdam", "EUR")
        answers = []
        running = threading.Thread(
            target=lambda: answers.append(self.take(words, CASES, 13087)))
        running.start()
        for leads in (3000, 7000):
            self.wait_for_leads(leads)
            self.server.kill()
            time.sleep(0.3)
            self.server.start()
            self.assertLess(self.leads_so_far(), 13087)
        running.join()
        self.assertEqual(len(answers), 1)
        self.check_bpi()
        self.server.stop()
        check = self.ctl("check", f"--store={self.server.store}")
        self.assertEqual(check.code, 0, check.out + check.err)


if __name__ == "__main__":
    unittest.main()
