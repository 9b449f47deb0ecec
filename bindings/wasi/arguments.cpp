#include "bindings/wasi/arguments.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/dialects/openai/endpoints.hpp"
#include "core/problem/excerpt.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::wasi {

namespace {

using dialects::openai::endpoints;
using dialects::openai::is_endpoint;

Misuse misuse(View before, View quoted, View after = "'") {
  return {Bytes(before).append(quoted).append(after)};
}

Bytes supported() {
  const auto urls = endpoints();
  return "' is no endpoint. There are: " + problem::quoted_list({urls.begin(), urls.end()});
}

// Reads the arguments of `validate` one by one.
class Reader {
 public:
  explicit Reader(std::span<const View> arguments) : rest_(arguments) {}

  Command read() {
    while (!rest_.empty()) {
      if (auto ended = take()) return *std::move(ended);
    }
    if (asked_.files.empty()) return Misuse{"validate needs a FILE, or - for the standard input"};
    if (std::ranges::count(asked_.files, standard_input) > 1)
      return Misuse{"the standard input, -, can be read only once"};
    return std::move(asked_);
  }

 private:
  View next() {
    const View argument = rest_.front();
    rest_ = rest_.subspan(1);
    return argument;
  }

  // The next argument, and its value if it has one. What ends the reading, if it does.
  std::optional<Command> take() {
    const View argument = next();
    if (only_files_ || !argument.starts_with('-') || argument == standard_input) {
      asked_.files.emplace_back(argument);
      return {};
    }
    if (argument == "--") {
      only_files_ = true;
      return {};
    }
    if (argument == "--help" || argument == "-h") return Help{};
    if (argument == "--version") return Version{};
    return option(argument);
  }

  std::optional<Command> option(View argument) {
    const auto equals = argument.find('=');
    const View name = argument.substr(0, equals);
    if (name != "--endpoint" && name != "--format") return misuse("unknown option '", name);
    if (equals == View::npos && rest_.empty()) return misuse("no value for '", name);
    const View value = equals == View::npos ? next() : argument.substr(equals + 1);
    return name == "--endpoint" ? endpoint(value) : format(value);
  }

  std::optional<Command> endpoint(View value) {
    if (!is_endpoint(value)) return misuse("'", value, supported());
    asked_.endpoint = value;
    return {};
  }

  std::optional<Command> format(View value) {
    if (value != "text" && value != "json")
      return misuse("'", value, "' is no format. There are: 'text' and 'json'");
    asked_.format = value == "json" ? Format::json : Format::text;
    return {};
  }

  std::span<const View> rest_;
  Validate asked_;
  bool only_files_ = false;  // Behind `--`.
};

}  // namespace

Command parse(std::span<const View> arguments) {
  if (arguments.empty()) return Misuse{"no command"};
  const View command = arguments.front();
  if (command == "validate") return Reader(arguments.subspan(1)).read();
  if (command == "--help" || command == "-h") return Help{};
  if (command == "--version") return Version{};
  return misuse("unknown command '", command);
}

Bytes help() {
  Bytes text =
      "usage: edgebatch_cli validate [OPTION]... FILE...\n"
      "\n"
      "Checks the input files of batches, one request a line, as the server does. A FILE of - is\n"
      "the standard input.\n"
      "\n"
      "  --endpoint URL    every line has to have this url\n"
      "  --format text     each error with its place, as a compiler prints it (the default)\n"
      "  --format json     each file's verdict as a line of JSON, the server's bytes\n"
      "  --help            print this\n"
      "  --version         print the version\n"
      "\n"
      "exit code: 0 all files are valid, 1 one has errors, 2 the arguments make no sense, 3 a\n"
      "file can't be read, or the output not be written\n"
      "\n"
      "endpoints:\n";
  for (const View url : endpoints()) text.append("  ").append(url).append("\n");
  return text;
}

}  // namespace edgebatch::wasi
