// Answers as text for people and as JSON for programs.
#ifndef SALES_CLIENTS_CLI_SRC_PRINT_H_
#define SALES_CLIENTS_CLI_SRC_PRINT_H_

#include <string>

#include "google/protobuf/message.h"

namespace salesctl {

// Proto3 JSON with every field, in lines.
std::string ToJson(const google::protobuf::Message& message);
// The same in one line, for streams.
std::string ToJsonLine(const google::protobuf::Message& message);

// Tables for lists and reports, a line a field for everything else.
std::string ToText(const google::protobuf::Message& message);

// A field's value in one cell.
std::string CellText(const google::protobuf::Message& message,
                     const google::protobuf::FieldDescriptor* field);

// "workspaces/w/leads/l" is "l", "…/channels/c/campaigns/k" is "c/k"; other text stays.
std::string ShortName(const std::string& text);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_PRINT_H_
