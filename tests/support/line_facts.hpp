// A scanned line as text, so that a difference is readable.
#pragma once

#include <string>

#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"

namespace edgebatch::support {

using json::Kind;
using validation::Fault;
using validation::Line;
using validation::Member;

inline Bytes facts(View name, const Member& member) {
  if (!member.present) {
    const bool untouched = member.kind == Kind::null && member.extent.begin == 0 &&
                           member.extent.end == 0 && member.text.empty() && !member.too_long &&
                           !member.is_true;
    return untouched ? "" : " absent but touched: " + Bytes(name);
  }
  return " " + Bytes(name) + "=" + std::to_string(static_cast<int>(member.kind)) + "@" +
         std::to_string(member.extent.begin) + ".." + std::to_string(member.extent.end) +
         (member.column.characters == member.extent.begin + 1
              ? ""
              : "," + std::to_string(member.column.characters)) +
         "'" + member.text + "'" + (member.too_long ? "+" : "") + (member.is_true ? "t" : "");
}

inline Bytes facts(const Line& line) {
  return std::to_string(line.number) + " at " + std::to_string(line.offset) + "+" +
         std::to_string(line.length) +
         (line.begin.bytes <= 1 ? "" : " from " + std::to_string(line.begin.bytes)) + " fault " +
         std::to_string(static_cast<int>(line.fault)) + " in " +
         std::to_string(line.fault_column.bytes) +
         (line.fault_column.characters == line.fault_column.bytes
              ? ""
              : "," + std::to_string(line.fault_column.characters)) +
         (line.fault == Fault::not_json ? " " + std::to_string(static_cast<int>(line.wanted))
                                        : "") +
         (line.pointer.empty() ? "" : " " + line.pointer) +
         (line.repeated.bytes == 0 ? "" : " repeated " + std::to_string(line.repeated.bytes)) +
         facts("custom_id", line.custom_id) + facts("method", line.method) +
         facts("url", line.url) + facts("body", line.body) + facts("model", line.model) +
         facts("stream", line.stream) + facts("messages", line.messages) +
         facts("input", line.input) + facts("prompt", line.prompt) + "\n";
}

}  // namespace edgebatch::support
