// Upload forms as clients send them.
#pragma once

#include <utility>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::script {

constexpr View boundary = "----form-boundary-1";
inline const Bytes form_type = "multipart/form-data; boundary=" + Bytes(boundary);

inline Bytes field(View name, View value) {
  return "--" + Bytes(boundary) + "\r\nContent-Disposition: form-data; name=\"" + Bytes(name) +
         "\"\r\n\r\n" + Bytes(value) + "\r\n";
}
inline Bytes file_part(View filename, View content) {
  return "--" + Bytes(boundary) + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" +
         Bytes(filename) + "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + Bytes(content) +
         "\r\n";
}
inline Bytes form_end() { return "--" + Bytes(boundary) + "--\r\n"; }

/// As the SDK of JavaScript sends it: the file first.
inline Bytes batch_form(View content) {
  return file_part("in.jsonl", content) + field("purpose", "batch") + form_end();
}

inline Bytes input_line(View custom_id, View model = "m1") {
  return R"({"custom_id":")" + Bytes(custom_id) +
         R"(","method":"POST","url":"/v1/chat/completions","body":{"model":")" + Bytes(model) +
         R"(","messages":[")" + Bytes(custom_id) + R"("]}})";
}

}  // namespace edgebatch::script
