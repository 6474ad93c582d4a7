"""What look_through_logs.py finds, and what it leaves alone."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import look_through_logs

GOOD = '{"time":"2026-01-01T00:00:00Z","level":"info","message":"call","method":"/sales.v1.LeadService/CaptureLead"}\n'


class LookThroughLogs(unittest.TestCase):
    def look(self, *texts):
        with tempfile.TemporaryDirectory() as folder:
            for number, text in enumerate(texts):
                (pathlib.Path(folder) / f"{number}.log").write_text(text, encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()) as told:
                code = look_through_logs.main(pathlib.Path(folder))
        return code, told.getvalue()

    def test_a_log_without_people_is_good(self):
        code, told = self.look(GOOD, GOOD * 10)
        self.assertEqual(code, 0, told)
        self.assertIn("2 logs of 11 lines", told)

    def test_no_log_at_all_is_not(self):
        self.assertEqual(self.look()[0], 1)
        self.assertEqual(self.look("")[0], 1)

    def test_each_of_these_is_found(self):
        for planted in (
            "anna@example.com",
            "+31 20 123 4567",
            "+79161234567",
            "Иван",
            "\\u0418\\u0432",
            "sales_" + "x" * 43,
            "eyJhbGciOiJub25lIn0.e30.",
            "authorization: Bearer x",
            "whsec_abc",
            "-----BEGIN PRIVATE KEY-----",
            "host=db password=hunter2",
            "https://example.com/?token=1",
            *(text.decode() for text in sorted(look_through_logs.canaries())[:5]),
        ):
            with self.subTest(planted):
                code, told = self.look(GOOD, GOOD + GOOD.replace('"call"', f'"{planted}"') + GOOD)
                self.assertEqual(code, 1)
                self.assertIn("1.log: ", told)
                self.assertIn(planted, told)

    def test_scenarios_say_a_good_deal(self):
        self.assertGreater(len(look_through_logs.canaries()), 50)


if __name__ == "__main__":
    unittest.main()
