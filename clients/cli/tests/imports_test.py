"""Imports of files that are not as they should be, and of files that are."""

import csv
import subprocess
import unittest

from programs import SHIPPED, Case, environment

MAPPING = """
external_id: id
receive_time: {column: day, format: date, zone: Europe/Amsterdam}
contact: {display_name: name, identities: [{kind: email, value: mail}]}
channel: origin
create_channels: true
steps:
  - {do: log, time: answered, kind: email, direction: out}
  - {do: disqualify, time: closed, reason: {text: spam}}
"""
HEADER = "id,day,name,mail,origin,answered,closed\n"


class Imports(Case):

    def setUp(self):
        super().setUp()
        self.ok("workspace", "create", self.workspace, "--time-zone", "Europe/Amsterdam")
        self.mapping = self.write("m.yaml", MAPPING)

    def take(self, content, code=0):
        path = self.write("leads.csv", content)
        answer = self.ctl("import", "leads", path, "--mapping", self.mapping, "-o", "json")
        self.assertEqual(answer.code, code, answer.out + answer.err)
        return answer

    def rejects(self):
        path = self.folder / "leads.csv.rejects.csv"
        with path.open(newline="", encoding="utf-8", errors="surrogateescape") as file:
            return list(csv.DictReader(file))

    def counts(self, answer):
        return [answer.json[key] for key in ("read", "imported", "unchanged", "rejected")]

    def test_a_good_file_is_taken_whole_and_once(self):
        rows = HEADER + "".join(f"{n},2025-01-0{n},Имя {n},{n}@x.com,Ads,,\n" for n in range(1, 6))
        self.assertEqual(self.counts(self.take(rows)), [5, 5, 0, 0])
        revision = self.ok("workspace", "get")["revision"]
        self.assertEqual(self.counts(self.take(rows)), [5, 0, 5, 0])
        self.assertEqual(self.ok("workspace", "get")["revision"], revision)
        self.assertFalse((self.folder / "leads.csv.rejects.csv").exists())
        self.assertEqual(self.ok("channel", "get", "ads")["displayName"], "Ads")

    def test_a_row_that_changed_since_is_rejected(self):
        self.take(HEADER + "1,2025-01-01,A,a@x.com,,,\n")
        self.take(HEADER + "1,2025-01-02,A,a@x.com,,,\n", code=1)
        self.assertEqual(self.rejects()[0]["reason"], "EXTERNAL_ID_TAKEN")

    def test_crlf_a_byte_order_mark_and_quotes_are_read(self):
        text = "\ufeff" + HEADER + '1,2025-01-01,"Petrov, ""Ivan""",a@x.com,,,\n'
        self.assertEqual(self.counts(self.take(text.replace("\n", "\r\n"))), [1, 1, 0, 0])
        contact = self.ok("contact", "find", "--email", "a@x.com")
        self.assertEqual(contact["displayName"], 'Petrov, "Ivan"')

    def test_missing_columns_are_all_named(self):
        path = self.write("leads.csv", "id,name\n1,x\n")
        said = self.refused("COLUMN_MISSING", "import", "leads", path, "--mapping", self.mapping)
        for column in ["day", "mail", "origin", "answered", "closed"]:
            self.assertIn(column, said)

    def test_rows_at_fault_are_written_with_line_column_and_reason(self):
        good = "9,2025-01-09,A,good@x.com,,,\n"
        content = (HEADER + '1,2025-01-01,a "quote" here,a@x.com,,,\n' +
                   "2,2025-01-02,B,b@x.com,,\n" +
                   "3,soon,C,c@x.com,,,\n" +
                   ",2025-01-04,D,d@x.com,,,\n" + good + good).encode()
        content += "5,2025-01-05,São Paulo,e@x.com,,,\n".encode("latin-1")
        answer = self.take(content, code=1)
        self.assertEqual(self.counts(answer), [7, 1, 0, 6])
        found = [(row["line"], row["column"], row["reason"]) for row in self.rejects()]
        self.assertEqual(found, [("2", "16", "QUOTES_BAD"), ("3", "", "COLUMN_COUNT"),
                                 ("4", "day", "TIME_INVALID"), ("5", "id", "FIELD_REQUIRED"),
                                 ("7", "id", "EXTERNAL_ID_TWICE"),
                                 ("8", "name", "ENCODING_INVALID")])
        self.assertEqual(self.rejects()[2]["mail"], "c@x.com")
        self.assertIn("ROWS_REJECTED", answer.err)

    def test_what_the_record_refuses_comes_back_with_its_reason(self):
        self.take(HEADER + "1,1969-01-01,A,a@x.com,,,\n"
                  "2,2025-01-02,B,b@x.com,,,2025-01-03T00:00:00Z\n"
                  "3,2025-01-02,C\0,c@x.com,,,\n"
                  "4,2201-01-01,D,d@x.com,,,\n", code=1)
        self.assertEqual([(row["line"], row["reason"]) for row in self.rejects()],
                         [("2", "TIME_OUT_OF_RANGE"), ("4", "TEXT_INVALID"),
                          ("5", "TIME_OUT_OF_RANGE")])
        self.assertEqual(len(self.ok("lead", "list")["leads"]), 1)

    def test_a_file_in_utf16_is_refused_as_a_whole(self):
        path = self.write("leads.csv", HEADER.encode("utf-16"))
        self.refused("ENCODING_INVALID", "import", "leads", path, "--mapping", self.mapping)

    def test_an_empty_file_and_one_that_is_away_are_refused(self):
        self.refused("FILE_EMPTY", "import", "leads", self.write("e.csv", ""), "--mapping",
                     self.mapping)
        self.refused("FILE_UNREADABLE", "import", "leads", "/nowhere.csv", "--mapping",
                     self.mapping)
        self.refused("MAPPING_INVALID", "import", "leads", self.write("e.csv", HEADER),
                     "--mapping", self.write("bad.yaml", "colour: red\n"))

    def test_progress_is_shown_only_when_asked_for_or_on_a_terminal(self):
        path = self.write("leads.csv", HEADER + "".join(
            f"{n},2025-01-01,A,{n}@x.com,,,\n" for n in range(20_000)))
        words = ("import", "leads", path, "--mapping", self.mapping)
        self.assertIn("█", self.ctl(*words, "--progress").err)
        self.assertEqual(self.ctl(*words).err, "")

    def test_the_generated_studio_is_always_the_same_and_imports_whole(self):
        program = ["python3", SHIPPED / "generate.py", "--leads", "300"]
        made = [subprocess.run(program, capture_output=True, check=True, env=environment()).stdout
                for _ in range(2)]
        self.assertEqual(made[0], made[1])
        path = self.write("studio.csv", made[0])
        counts = self.counts(self.ctl("import", "leads", path, "--mapping",
                                      SHIPPED / "studio.mapping.yaml", "-o", "json"))
        self.assertEqual(counts, [300, 300, 0, 0])
        report = self.ok("report", "funnel")
        self.assertEqual(report["received"], "300")
        self.assertGreater(int(report["outcomes"]["won"]), 20)


if __name__ == "__main__":
    unittest.main()
