#include "clients/cli/src/app.h"

#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "absl/strings/match.h"
#include "clients/cli/src/care.h"
#include "clients/cli/src/check.h"
#include "clients/cli/src/commands.h"
#include "clients/cli/src/completion.h"
#include "clients/cli/src/copy.h"
#include "clients/cli/src/doctor.h"
#include "clients/cli/src/import/run.h"
#include "clients/cli/src/man.h"
#include "clients/cli/src/report_all.h"
#include "clients/cli/src/session.h"
#include "clients/cli/src/verbs.h"

namespace salesctl {
namespace {

using Runner = std::function<Done(Session&)>;

constexpr const char* kOutputs[] = {"table", "json", "csv", "html"};

// The parser, and what the chosen verb runs.
class CommandLine {
 public:
  CommandLine()
      : app_("Works with a salesd: the whole way of a lead, from the shell.", "salesctl") {
    app_.fallthrough();
    app_.require_subcommand(1);
    AddGlobals();
    for (const Verb& verb : Verbs()) AddVerb(verb);
    AddExport();
    AddBatchCapture();
    AddHandoffPack();
    AddFunnelFiles();
    AddWatch();
    AddImport();
    AddCare();
    AddDoctor();
    AddCheck();
    AddCopy();
    AddRebuild();
    AddReportAll();
    AddCompletion();
    AddMan();
  }

  int Run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      // Help and the like are asked for; everything else is a wrong command line.
      const int code = app_.exit(error);
      return code == 0 ? kExitOk : kExitUsage;
    }
    if (absl::StartsWith(settings_.workspace, "workspaces/")) {
      settings_.workspace.erase(0, sizeof "workspaces/" - 1);
    }
    Session session(settings_);
    const bool is_plain = settings_.output == "table" || settings_.output == "json";
    Done done = is_plain || any_output_ ? session.Connect()
                                        : WrongUsage("this command prints tables and json only");
    if (done.ok()) done = runner_(session);
    if (done.ok()) return kExitOk;
    std::cout.flush();
    PrintFailure(done.failure(), std::cerr);
    return done.failure().exit_code;
  }

 private:
  void AddGlobals() {
    app_.add_option("--server", settings_.server,
                    "Where salesd listens; default " + settings_.server + ".")
        ->envname("SALESCTL_SERVER")
        ->type_name("HOST:PORT");
    app_.add_option("--workspace", settings_.workspace, "Which workspace.")
        ->envname("SALESCTL_WORKSPACE")
        ->type_name("ID");
    app_.add_option("--actor", settings_.actor, "Who acts; recorded in events.")
        ->envname("SALESCTL_ACTOR")
        ->type_name("ID");
    app_.add_option("-o,--output", settings_.output,
                    "table, json, csv, or html for reports; default table.")
        ->check(CLI::IsMember(std::vector<std::string>(std::begin(kOutputs), std::end(kOutputs))))
        ->type_name("FORMAT");
    app_.add_option("--rows", settings_.rows,
                    "With -o csv: which of the answer's lists; default: its first.")
        ->type_name("LIST");
    app_.add_option("--timeout", settings_.timeout_seconds,
                    "How long to wait for an answer, in seconds; default 10.")
        ->check(CLI::Range(0.001, 3600.0))
        ->type_name("SECONDS");
    AddFile("--ca-file", settings_.ca_file, "SALESCTL_CA_FILE",
            "Encrypt, and trust the authorities in this file (PEM).");
    AddFile("--cert-file", settings_.cert_file, "SALESCTL_CERT_FILE",
            "Encrypt, and show this certificate (PEM) to the server.");
    AddFile("--key-file", settings_.key_file, "SALESCTL_KEY_FILE",
            "The private key of --cert-file (PEM).");
    AddFile("--token-file", settings_.token_file, "SALESCTL_TOKEN_FILE",
            "Send the token in this file; without encryption, to this machine only.");
    choices_[" -o"] = choices_[" --output"] = {std::begin(kOutputs), std::end(kOutputs)};
  }

  void AddFile(const char* spelling, std::string& file, const char* variable, const char* help) {
    app_.add_option(spelling, file, help)->envname(variable)->type_name("FILE");
  }

  CLI::App* Group(const std::string& name) {
    CLI::App* group = groups_[name];
    if (group == nullptr) {
      group = app_.add_subcommand(name, GroupHelp(name));
      group->require_subcommand(1);
      groups_[name] = group;
    }
    return group;
  }

  // A sub-command whose runner is taken when it is the one that was chosen.
  CLI::App* Command(CLI::App* parent, const std::string& name, const std::string& help,
                    Runner runner, bool any_output = false) {
    CLI::App* command = parent->add_subcommand(name, help);
    command->callback([this, runner = std::move(runner), any_output] {
      runner_ = runner;
      any_output_ = any_output;
    });
    return command;
  }

  void AddVerb(const Verb& verb) {
    struct Given {
      std::vector<std::vector<std::string>> words;
      std::vector<CLI::Option*> options;
      bool all = false;
    };
    const auto given = std::make_shared<Given>();
    given->words.resize(verb.flags.size());
    CLI::App* command = Command(
        Group(verb.group), verb.name, verb.help,
        [&verb, given](Session& session) {
          GivenWords words(verb.flags.size());
          for (size_t i = 0; i < verb.flags.size(); ++i) {
            if (given->options[i]->count() == 0) continue;
            words[i] = given->words[i];
            if (verb.flags[i].form == Form::kYes) words[i] = {"yes"};
          }
          return RunVerb(verb, words, given->all, session);
        },
        /*any_output=*/true);
    const google::protobuf::Descriptor& request = *MethodOf(verb.method).input_type();
    for (size_t i = 0; i < verb.flags.size(); ++i) {
      given->options.push_back(AddFlag(verb, verb.flags[i], request, given->words[i], *command));
    }
    if (request.FindFieldByName("page_token") != nullptr) {
      command->add_flag("--all", given->all, "Every page.");
    }
  }

  CLI::Option* AddFlag(const Verb& verb, const Flag& flag,
                       const google::protobuf::Descriptor& request, std::vector<std::string>& words,
                       CLI::App& command) {
    if (flag.form == Form::kYes) return command.add_flag(flag.spelling, flag.help);
    CLI::Option* option = command.add_option(flag.spelling, words, flag.help);
    const bool repeated = IsRepeated(flag, request);
    if (!repeated) option->expected(1);
    // Else the first would take the words of those after it.
    if (!repeated || !IsPositional(flag)) option->allow_extra_args(false);
    option->required(flag.required);
    const std::vector<std::string> choices = EnumWords(flag, request);
    option->type_name(IsPositional(flag) ? "" : "TEXT");
    if (!choices.empty()) {
      const std::string path = std::string(verb.group) + " " + verb.name;
      choices_[IsPositional(flag) ? path : path + " " + flag.spelling] = choices;
      if (choices.size() < 10) option->type_name(CLI::detail::join(choices, "|"));
    }
    return option;
  }

  void AddBatchCapture() {
    const auto file = std::make_shared<std::string>();
    const auto request_id = std::make_shared<std::string>();
    CLI::App* command =
        Command(Group("lead"), "batch-capture", "Capture all leads of a JSON file, or none.",
                [=](Session& session) { return BatchCapture(*file, *request_id, session); });
    command->add_option("FILE", *file, "A BatchCaptureLeadsRequest, or a list of its requests.")
        ->required();
    command->add_option("--request-id", *request_id, "Makes a repeated call happen once.");
  }

  void AddHandoffPack() {
    const auto handoff = std::make_shared<std::string>();
    const auto folder = std::make_shared<std::string>();
    CLI::App* command = Command(
        Group("handoff"), "export", "Print the brief, or write brief, contacts and invitation.",
        [=](Session& session) { return ExportPack(*handoff, *folder, session); });
    command->add_option("HANDOFF", *handoff, "Which: the id of its lead.")->required();
    command->add_option("--to", *folder,
                        "The folder for brief.md, contacts.vcf, invitation.ics and pack.json.");
  }

  void AddExport() {
    const auto contact = std::make_shared<std::string>();
    const auto file = std::make_shared<std::string>();
    CLI::App* command =
        Command(Group("contact"), "export", "Everything kept about a contact, as JSON.",
                [=](Session& session) { return ExportContact(*contact, *file, session); });
    command->add_option("CONTACT", *contact, "Which contact.")->required();
    command->add_option("--to", *file, "Where to write it; default: print it.");
  }

  void AddFunnelFiles() {
    const auto file = std::make_shared<std::string>();
    const auto funnel = std::make_shared<std::string>();
    const auto mapping = std::make_shared<std::vector<std::string>>();
    CLI::App* validate =
        Command(Group("funnel"), "validate", "Say everything that is wrong with a policy.",
                [=](Session& session) { return ValidatePolicy(*file, *funnel, session); });
    CLI::App* activate = Command(
        Group("funnel"), "activate", "Put a policy in force as the next version.",
        [=](Session& session) { return ActivatePolicy(*file, *funnel, *mapping, session); });
    for (CLI::App* command : {validate, activate}) {
      command->add_option("FILE", *file, "The policy, in YAML or JSON.")->required();
      command->add_option("--funnel", *funnel, "Its funnel; default: the one in the file.");
    }
    activate->add_option("--map", *mapping, "OLD=NEW: where leads of a removed stage go.")
        ->allow_extra_args(false);
    AddSimulate();
  }

  void AddSimulate() {
    const auto options = std::make_shared<SimulateOptions>();
    CLI::App* command =
        Command(Group("funnel"), "simulate", "Say what a policy would have stopped in the past.",
                [=](Session& session) { return SimulatePolicy(*options, session); });
    command->add_option("FILE", options->file, "The policy, in YAML or JSON.")->required();
    command->add_option("--funnel", options->funnel,
                        "Whose leads are replayed; default: the file's funnel.");
    command->add_option("--from", options->from, "First day: 2026-01-01.");
    command->add_option("--to", options->to, "The day after the last: 2026-04-01.");
    command->add_option("--as-of", options->as_of_revision, "As the record stood at a revision.");
  }

  void AddWatch() {
    const auto options = std::make_shared<WatchOptions>();
    CLI::App* command = Command(Group("event"), "watch", "Print what happens, as it happens.",
                                [=](Session& session) { return WatchEvents(*options, session); });
    command->add_option("--after", options->after_revision, "Only after this revision.");
    command->add_option("--type", options->types, "Only of this type; several are allowed.")
        ->allow_extra_args(false);
    command->add_option("--lead", options->lead, "Only about this lead.");
    command->add_option("--count", options->count, "End after so many events; default: never.");
    const auto list = choices_.find("event list --type");
    if (list != choices_.end()) choices_["event watch --type"] = list->second;
  }

  void AddImport() {
    const auto options = std::make_shared<ImportOptions>();
    CLI::App* command = Command(Group("import"), "leads", "Take leads over with their past.",
                                [=](Session& session) { return ImportLeads(*options, session); });
    command->add_option("FILE", options->file, "CSV in UTF-8, with a header.")->required();
    command->add_option("--mapping", options->mapping, "How its columns make leads, in YAML.")
        ->required();
    command->add_option("--join", options->join_file, "The file to join, if not the mapping's.");
    command->add_option("--rejects", options->rejects_file,
                        "Where rejected rows go; default: FILE.rejects.csv.");
    command->add_flag("--progress", options->progress, "Show progress even without a terminal.");
  }

  void AddCare() {
    const auto backup = std::make_shared<BackupOptions>();
    CLI::App* backup_command =
        Command(&app_, "backup", "Copy the server's store into a file, while it serves.",
                [=](Session& session) { return BackupStore(*backup, session); });
    backup_command->add_option("FILE", backup->file, "Must not be there yet; -: standard output.");
    backup_command->add_option("--directory", backup->directory,
                               "Make it there, named by the time: sales-20260131T235959Z.db.");
    backup_command->add_option("--keep", backup->keep, "How many of those stay; default: all.")
        ->check(CLI::Range(1, 100'000));
    const auto exported = std::make_shared<std::string>();
    const auto to = std::make_shared<std::string>("-");
    CLI::App* export_command =
        Command(Group("export"), "workspace", "Everything that a workspace is, as JSON lines.",
                [=](Session& session) { return ExportWorkspace(*exported, *to, session); });
    export_command->add_option("WORKSPACE", *exported, "Default: --workspace.");
    export_command->add_option("--to", *to, "A file that is not there yet; default: print it.");
    const auto imported = std::make_shared<std::string>();
    const auto from = std::make_shared<std::string>();
    CLI::App* import_command =
        Command(Group("import"), "workspace", "Make a workspace of what was exported elsewhere.",
                [=](Session& session) { return ImportWorkspace(*imported, *from, session); });
    import_command->add_option("FILE", *from, "As it was exported; -: standard input.")->required();
    import_command->add_option("WORKSPACE", *imported, "Its id; default: --workspace.");
  }

  void AddDoctor() {
    const auto options = std::make_shared<DoctorOptions>();
    Command(&app_, "doctor", "Look at a running service, and say what to do.",
            [=](Session& session) { return Diagnose(*options, session); })
        ->add_option("--backup-hours", options->backup_hours,
                     "How old the last backup may be; default 26; 0: backups are made otherwise.")
        ->check(CLI::Range(0, 100'000));
  }

  void AddCheck() {
    const auto store = std::make_shared<std::string>();
    CLI::App* command =
        Command(&app_, "check", "Prove a store: integrity, revisions, tallies equal a fold.",
                [=](Session& session) { return CheckStore(*store, session.json()); });
    command->add_option("--store", *store, "sqlite:FILE or postgres:@FILE.")->required();
  }

  void AddCopy() {
    const auto options = std::make_shared<CopyOptions>();
    CLI::App* command = Command(
        &app_, "copy",
        "Copy workspaces from one store to another of any kind, also while they are served, and "
        "compare.",
        [=](Session& session) { return CopyStore(*options, session.json()); });
    command->add_option("WORKSPACE", options->workspaces, "By id; default: every one.");
    command->add_option("--from", options->from, "sqlite:FILE or postgres:@FILE.")->required();
    command->add_option("--to", options->to, "Likewise; made where there is none.")->required();
  }

  void AddReportAll() {
    const auto options = std::make_shared<ReportAllOptions>();
    CLI::App* command = Command(
        Group("report"), "all", "Every report of a window; with -o html as one page.",
        [=](Session& session) { return ReportAll(*options, session); }, /*any_output=*/true);
    command->add_option("--from", options->from, "First day: 2026-01-01.");
    command->add_option("--to", options->to, "The day after the last: 2026-04-01.");
    command->add_option("--as-of", options->as_of_revision, "As the record stood at a revision.");
  }

  void AddRebuild() {
    Command(&app_, "rebuild",
            "Make the tallies of reports anew out of the events, while salesd runs.",
            [](Session& session) { return RebuildTallies(session); });
  }

  void AddCompletion() {
    const auto shell = std::make_shared<std::string>();
    CLI::App* command = Command(&app_, "completion", "Print a completion script for a shell.",
                                [this, shell](Session&) -> Done {
                                  std::cout << CompletionScript(*shell, TreeOf(app_), choices_);
                                  return Unit{};
                                });
    command->add_option("SHELL", *shell, "bash, zsh or fish.")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    choices_["completion"] = {"bash", "zsh", "fish"};
  }

  void AddMan() {
    Command(&app_, "man", "Print this manual page.", [this](Session&) -> Done {
      std::cout << ManPage(app_);
      return Unit{};
    });
  }

  CLI::App app_;
  Settings settings_;
  Runner runner_;
  bool any_output_ = false;
  std::map<std::string, CLI::App*> groups_;
  Choices choices_;
};

}  // namespace

int RunApp(int argc, char** argv) { return CommandLine().Run(argc, argv); }

}  // namespace salesctl
