// Shell completion, made from the tree of commands itself.
#ifndef SALES_CLIENTS_CLI_SRC_COMPLETION_H_
#define SALES_CLIENTS_CLI_SRC_COMPLETION_H_

#include <map>
#include <string>
#include <vector>

#include "CLI/App.hpp"

namespace salesctl {

// What may follow a command.
struct CommandWords {
  std::vector<std::string> subcommands;
  std::vector<std::string> options;
  // Those of the options that take a word.
  std::vector<std::string> valued;
};

// By path: "" for salesctl itself, "lead", "lead advance".
using CommandTree = std::map<std::string, CommandWords>;

CommandTree TreeOf(const CLI::App& app);

// Fixed sets of words, which the parser's tree does not keep: of an option by "lead log --kind", of
// a positional word by the command's path.
using Choices = std::map<std::string, std::vector<std::string>>;

// `shell` is "bash", "zsh" or "fish".
std::string CompletionScript(const std::string& shell, const CommandTree& tree,
                             const Choices& choices);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_COMPLETION_H_
