// Scanned lines as text, so that a difference is readable.
#pragma once

#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_scanner.hpp"

#include "tests/support/exact.hpp"
#include "tests/support/line_facts.hpp"

namespace edgebatch::validation {

using json::Kind;
using support::Exact;
using support::facts;

// For messages of failed checks.
inline std::ostream& operator<<(std::ostream& out, const Fault& fault) {
  constexpr std::array names{"none",       "blank",    "not_utf8", "not_json",
                             "not_object", "too_deep", "too_long", "too_many_members"};
  return out << names[static_cast<std::size_t>(fault)];
}

// Scans pieces that are given one after the other, each in a buffer of its own.
class Scan {
 public:
  explicit Scan(LineScanner scanner = LineScanner()) : scanner_(std::move(scanner)) {}

  Scan& feed(View piece) {
    scanner_.feed(Exact(piece).view(), [this](const Line& line) { lines_.push_back(line); });
    return *this;
  }
  std::vector<Line> finish() {
    scanner_.finish([this](const Line& line) { lines_.push_back(line); });
    return lines_;
  }
  const std::vector<Line>& lines() const { return lines_; }

 private:
  LineScanner scanner_;
  std::vector<Line> lines_;
};

inline Bytes facts(const std::vector<Line>& lines) {
  Bytes all;
  for (const Line& line : lines) all += facts(line);
  return all;
}

inline std::vector<Line> scan(View stream) { return Scan().feed(stream).finish(); }

// The only line of `stream`.
inline Line line_of(View stream) {
  const std::vector<Line> lines = scan(stream);
  CHECK(lines.size() == 1);
  return lines.size() == 1 ? lines.front() : Line{};
}

inline View cut(View line, const Member& member) {
  return line.substr(static_cast<std::size_t>(member.extent.begin),
                     static_cast<std::size_t>(member.extent.end - member.extent.begin));
}

// A line with every member that is looked for, and some that are not.
constexpr View request =
    R"({"custom_id": "a-1", "method":"POST","url":"/v1/chat/completions" ,"body":{"model":"m1",)"
    R"( "messages":[{"role":"user","content":"say \"}]\" twice"}], "stream" : true ,"input":[1,2],)"
    R"("prompt": "p","temperature":0.5}, "more":{"url":1}})";

}  // namespace edgebatch::validation
