#include "clients/cli/src/man.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace salesctl {
namespace {

// A text that means itself: no line of it begins a request of roff.
std::string Plain(const std::string& text) {
  std::string plain;
  for (const char letter : text) {
    if (letter == '\\') {
      plain += "\\e";
    } else if (letter == '-') {
      plain += "\\-";
    } else {
      plain += letter;
    }
  }
  if (!plain.empty() && (plain[0] == '.' || plain[0] == '\'')) plain.insert(0, "\\&");
  return plain;
}

// "-o, --output FORMAT"
std::string Spelling(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  std::string spelling = "\\fB" + Plain(absl::StrJoin(names, ", ")) + "\\fR";
  if (option.get_items_expected_max() > 0 && !option.get_type_name().empty()) {
    // Behind a colon it says what is checked.
    const std::string type = option.get_type_name();
    absl::StrAppend(&spelling, " \\fI", Plain(type.substr(0, type.find(':'))), "\\fR");
  }
  return spelling;
}

// "LEAD STAGE", with brackets about those that may be left out.
std::string Positionals(const CLI::App& command) {
  std::string text;
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional()) continue;
    const std::string name = "\\fI" + Plain(option->get_name()) + "\\fR";
    absl::StrAppend(&text, " ", option->get_required() ? name : "[" + name + "]");
  }
  return text;
}

void AddOptions(const CLI::App& command, std::string& page) {
  for (const CLI::Option* option : command.get_options()) {
    // Every command has it.
    if (option == command.get_help_ptr() && command.get_parent() != nullptr) continue;
    const std::string spelling =
        option->get_positional() ? "\\fI" + Plain(option->get_name()) + "\\fR" : Spelling(*option);
    absl::StrAppend(&page, ".TP\n", spelling, "\n", Plain(option->get_description()));
    if (!option->get_envname().empty()) {
      absl::StrAppend(&page, " Variable: \\fB", option->get_envname(), "\\fR.");
    }
    page += "\n";
  }
}

void AddCommands(const CLI::App& group, const std::string& path, std::string& page) {
  for (const CLI::App* command : group.get_subcommands(nullptr)) {
    const std::string name = absl::StrCat(path, path.empty() ? "" : " ", command->get_name());
    if (!command->get_subcommands(nullptr).empty()) {
      absl::StrAppend(&page, ".SS ", Plain(name), "\n", Plain(command->get_description()), "\n");
      AddCommands(*command, name, page);
      continue;
    }
    // Those without a group follow the last one.
    if (path.empty()) absl::StrAppend(&page, ".SS ", Plain(name), "\n");
    absl::StrAppend(&page, ".PP\n\\fBsalesctl ", Plain(name), "\\fR", Positionals(*command),
                    "\n.br\n", Plain(command->get_description()), "\n.RS\n");
    AddOptions(*command, page);
    page += ".RE\n";
  }
}

constexpr char kBehaviour[] = R"roff(.SH OUTPUT
.TP
\fB\-o table\fR
For people: it may change with every version.
.TP
\fB\-o json\fR
For programs: the message of the contract that the server answered with, as proto3 JSON. Every field is
there, also those with their default value; names are in lowerCamelCase, 64\-bit numbers are texts,
times are RFC 3339 in UTC, and amounts are whole minor units. As in the contract, fields are added
and never renamed, removed or given another meaning. \fBevent watch\fR writes one event a line.
.TP
\fB\-o csv\fR
A line for each row of one of the answer's lists: amounts in minor units, durations in seconds.
.TP
\fB\-o html\fR
A page of a report that needs no network.
.SH EXIT STATUS
.TP
0
Done.
.TP
1
Refused: the reason stands in brackets, with each field or missing condition and what to do.
.TP
2
The command line is wrong.
.TP
3
Nobody answered in time: asking again may help.
)roff";

}  // namespace

std::string ManPage(const CLI::App& app) {
  std::string page = absl::StrCat(
      ".\\\" Written by salesctl man.\n.TH SALESCTL 1 \"\" \"libsales ", SALES_VERSION,
      "\" \"libsales\"\n.SH NAME\nsalesctl \\- works with a salesd from the shell\n",
      ".SH SYNOPSIS\n\\fBsalesctl\\fR [\\fIOPTION\\fR]... \\fICOMMAND\\fR [\\fIARGUMENT\\fR]...\n",
      ".SH DESCRIPTION\n", Plain(app.get_description()),
      "\nIds may be given short (l\\-17, ads/spring) or as whole names.\n.SH OPTIONS\n",
      "These stand anywhere on the line; a flag wins over its variable.\n");
  AddOptions(app, page);
  page += ".SH COMMANDS\n";
  AddCommands(app, "", page);
  page += kBehaviour;
  return page;
}

}  // namespace salesctl
