#include "clients/cli/src/completion.h"

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace salesctl {
namespace {

void AddCommand(const CLI::App& app, const std::string& path, CommandTree& tree) {
  CommandWords& words = tree[path];
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      words.options.push_back("--" + name);
      if (option->get_items_expected_max() > 0) words.valued.push_back("--" + name);
    }
    for (const std::string& name : option->get_snames()) {
      words.options.push_back("-" + name);
      if (option->get_items_expected_max() > 0) words.valued.push_back("-" + name);
    }
  }
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    words.subcommands.push_back(command->get_name());
    AddCommand(*command, path.empty() ? command->get_name() : path + " " + command->get_name(),
               tree);
  }
}

std::string Words(const std::vector<std::string>& words) { return absl::StrJoin(words, " "); }

// A shell function that prints the words for its argument.
template <typename Map, typename Pick>
std::string CaseFunction(const std::string& name, const Map& map, Pick pick) {
  std::string text = name + "() {\n  case \"$1\" in\n";
  for (const auto& [key, value] : map) {
    const std::string words = pick(value);
    if (!words.empty()) text += "    '" + key + "') echo '" + words + "' ;;\n";
  }
  return text + "  esac\n}\n";
}

// What bash and zsh (by its bash mode) share.
std::string BashFunctions(const CommandTree& tree, const Choices& choices) {
  std::string text;
  text += CaseFunction("_salesctl_commands", tree,
                       [](const CommandWords& words) { return Words(words.subcommands); });
  text += CaseFunction("_salesctl_options", tree,
                       [](const CommandWords& words) { return Words(words.options); });
  text += CaseFunction("_salesctl_valued", tree,
                       [](const CommandWords& words) { return Words(words.valued); });
  text += CaseFunction("_salesctl_choices", choices,
                       [](const std::vector<std::string>& words) { return Words(words); });
  return text + R"bash(_salesctl() {
  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}"
  local at='' word i valued
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    valued=" $(_salesctl_valued '') $(_salesctl_valued "$at") "
    if [[ "$valued" == *" $word "* ]]; then
      i=$((i + 1))
    elif [[ " $(_salesctl_commands "$at") " == *" $word "* ]]; then
      at="${at:+$at }$word"
    fi
  done
  valued=" $(_salesctl_valued '') $(_salesctl_valued "$at") "
  if [[ "$prev" == -* && "$valued" == *" $prev "* ]]; then
    local choices="$(_salesctl_choices "$at $prev")$(_salesctl_choices " $prev")"
    if [[ -n "$choices" ]]; then
      COMPREPLY=($(compgen -W "$choices" -- "$cur"))
    else
      COMPREPLY=($(compgen -f -- "$cur"))
    fi
  elif [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$(_salesctl_options '') $(_salesctl_options "$at")" -- "$cur"))
  else
    local words="$(_salesctl_commands "$at") $(_salesctl_choices "$at")"
    if [[ -n "${words// /}" ]]; then
      COMPREPLY=($(compgen -W "$words" -- "$cur"))
    else
      COMPREPLY=($(compgen -f -- "$cur"))
    fi
  fi
}
complete -F _salesctl salesctl
)bash";
}

// The condition under which a line of fish applies: these commands were given, and no further one.
std::string FishCondition(const std::string& path, const CommandWords& words) {
  if (path.empty()) return "__fish_use_subcommand";
  std::string text;
  for (const std::string& command : std::vector<std::string>(absl::StrSplit(path, ' '))) {
    text += (text.empty() ? "" : "; and ") + std::string("__fish_seen_subcommand_from ") + command;
  }
  if (!words.subcommands.empty()) {
    text += "; and not __fish_seen_subcommand_from " + Words(words.subcommands);
  }
  return text;
}

std::string FishScript(const CommandTree& tree, const Choices& choices) {
  std::string text;
  for (const auto& [path, words] : tree) {
    const std::string condition = FishCondition(path, words);
    if (!words.subcommands.empty()) {
      text +=
          "complete -c salesctl -f -n '" + condition + "' -a '" + Words(words.subcommands) + "'\n";
    }
    if (const auto found = choices.find(path); found != choices.end()) {
      text += "complete -c salesctl -f -n '" + condition + "' -a '" + Words(found->second) + "'\n";
    }
    for (const std::string& option : words.options) {
      if (option.size() < 3) continue;
      text += "complete -c salesctl";
      // Options of salesctl itself may stand anywhere.
      if (!path.empty()) text += " -n '" + condition + "'";
      text += " -l " + option.substr(2);
      const auto found = choices.find(path + " " + option);
      if (found != choices.end()) text += " -x -a '" + Words(found->second) + "'";
      text += "\n";
    }
  }
  return text;
}

}  // namespace

CommandTree TreeOf(const CLI::App& app) {
  CommandTree tree;
  AddCommand(app, "", tree);
  return tree;
}

std::string CompletionScript(const std::string& shell, const CommandTree& tree,
                             const Choices& choices) {
  if (shell == "fish") return "# salesctl completion for fish\n" + FishScript(tree, choices);
  if (shell == "zsh") {
    return "# salesctl completion for zsh\nautoload -U +X compinit && compinit\n"
           "autoload -U +X bashcompinit && bashcompinit\n" +
           BashFunctions(tree, choices);
  }
  return "# salesctl completion for bash\n" + BashFunctions(tree, choices);
}

}  // namespace salesctl
