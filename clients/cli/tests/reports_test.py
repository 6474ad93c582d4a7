"""The reports of speed, declines and referrals, through salesctl."""

import unittest

from programs import Case

EMPTY = "Nothing in this window."


class Reports(Case):
    def setUp(self):
        super().setUp()
        self.ok(
            "workspace",
            "create",
            self.workspace,
            "--time-zone",
            "Europe/Amsterdam",
            "--currency",
            "EUR",
        )

    def capture(self, name, *more):
        return self.ok("lead", "capture", "--email", f"{name}@example.com", "--need", "x", *more)

    def test_nothing_says_so(self):
        for report in ("speed", "declines", "referrals"):
            self.assertIn(EMPTY, self.ctl("report", report).out)

    def test_speed_is_shown_by_seller_channel_and_hour(self):
        self.ok("team", "create", "north")
        self.ok("seller", "create", "anna", "--team", "north")
        lead = self.capture("a", "--seller", "anna", "--label", "vip")["lead"]["name"]
        self.capture("b")
        self.ok("lead", "log", lead, "--kind", "call", "--direction", "out")
        report = self.ok("report", "speed")["response"]
        self.assertEqual((report["asked"], report["done"], report["open"]), ("2", "1", "1"))
        for flags in (("--team", "north"), ("--label", "vip"), ("--seller", "anna")):
            self.assertEqual(self.ok("report", "speed", *flags)["response"]["asked"], "1", flags)
            self.assertEqual(self.ok("report", "funnel", *flags)["received"], "1", flags)
            self.assertEqual(self.ok("report", "channels", *flags)["total"]["leads"], "1", flags)
        text = self.ctl("report", "speed", "--hours").out
        for shown in ("anna", "unknown", "(nobody)", "within 5m", "Sun"):
            self.assertIn(shown, text)
        self.refused("TEAM_NOT_FOUND", "report", "speed", "--team", "west")
        self.refused(
            "WINDOW_INVALID", "report", "speed", "--from", "2026-02-01", "--to", "2026-01-01"
        )

    def test_declines_and_referrals_are_shown(self):
        first = self.capture("a")
        self.ok(
            "lead",
            "decline",
            first["lead"]["name"],
            "--reason",
            "price",
            "--price",
            "two seniors",
            "--alternatives",
            "less",
        )
        self.capture("b", "--referrer", first["contact"]["name"])
        self.capture("a")
        declines = self.ok("report", "declines")["total"]
        self.assertEqual(
            (declines["declined"], declines["referrals"], declines["returned"]["numerator"]),
            ("1", "1", "1"),
        )
        self.assertIn("price", self.ctl("report", "declines").out)
        referrals = self.ok("report", "referrals", "--contacts", "5")
        self.assertEqual(referrals["total"]["leads"], "1")
        self.assertIn("GENERATION", self.ctl("report", "referrals").out)


if __name__ == "__main__":
    unittest.main()
