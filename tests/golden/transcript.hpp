// Golden transcripts, as golden.mjs has them too: pages of prose with what is asked and what is
// answered. What differs from run to run has names: ids `{bpred_1}` by their first appearance,
// moments `{iso}` and `{unix}`.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "core/http/message.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::golden {

struct Block {
  Bytes kind;  // `provider`, `request`, `response`, `until`
  Bytes text;  // Without the fences.
};

/// A page of `tests/golden`, read from the repository's root. Nothing if there is none.
std::vector<Block> read_page(View name);

class Names {
 public:
  /// Text of a run → as it stands in the page.
  Bytes given(View text);
  /// Text of the page → as it is in this run.
  Bytes meant(View text) const;

 private:
  const Bytes& name_of(View id, View prefix);

  std::vector<std::pair<Bytes, Bytes>> names_;  // Id and name.
  std::map<Bytes, std::size_t> counts_;         // By prefix.
};

struct Asked {
  http::Request request;
  Bytes body;
};
Asked request_of(View text);

/// An answer as a page has it.
Bytes answer_text(const http::Response& response, View body);

}  // namespace edgebatch::golden
