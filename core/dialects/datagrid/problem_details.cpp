#include "core/dialects/datagrid/problem_details.hpp"

#include "core/json/writer.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

constexpr View type_base = "https://api.datagrid.com/errors/";

// `validation_failed` → `Validation Failed`.
Bytes title(View name) {
  Bytes out(name);
  bool starts = true;
  for (char& character : out) {
    if (starts) character = static_cast<char>(character - 'a' + 'A');
    starts = character == '_';
    if (starts) character = ' ';
  }
  return out;
}

}  // namespace

void append_details(json::Writer& out, const Kind& kind, View detail) {
  out.member("type", Bytes(type_base).append(kind.name));
  out.member("title", title(kind.name));
  out.integer_member("status", kind.status);
  out.member("detail", detail);
}

void append_violation(json::Writer& out, const Violation& violation) {
  out.begin_object();
  out.member("pointer", violation.pointer);
  out.member("code", violation.code);
  out.member("message", violation.message);
  if (!violation.custom_id.empty()) out.member("custom_id", violation.custom_id);
  out.end_object();
}

}  // namespace edgebatch::dialects::datagrid
