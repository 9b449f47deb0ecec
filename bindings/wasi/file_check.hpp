// One file's check: its bytes go in, what is to be printed comes out.
#pragma once

#include <cstddef>
#include <vector>

#include "bindings/wasi/arguments.hpp"
#include "bindings/wasi/excerpt.hpp"
#include "bindings/wasi/recent.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::wasi {

/// Holds no more of the file than `Recent` does.
class FileCheck {
 public:
  /// `name`: as it is printed. `secret`: random, see `Inspector`.
  FileCheck(Bytes name, Bytes endpoint, Format format, text::SipKey secret);

  /// Gives the errors that ended with this piece; nothing where the format is JSON.
  Bytes feed(View piece);
  /// Once, at the end. Gives what is left to print: errors and summary, or the verdict.
  Bytes finish();

  /// `lines`, `bytes` and `errors_count` are those so far; nothing is left behind `finish`.
  const validation::Verdict& so_far() const { return inspector_.so_far(); }
  /// Behind `finish`.
  bool valid() const { return valid_; }

 private:
  Bytes errors_from(const std::vector<validation::LineError>& errors);

  Bytes name_;
  Format format_;
  dialects::openai::Inspector inspector_;
  Recent recent_;
  std::size_t printed_ = 0;  // Errors.
  bool held_ = false;        // Whether the next one waits for the end, …
  Excerpt held_excerpt_;     // … and its excerpt.
  bool valid_ = false;
};

}  // namespace edgebatch::wasi
