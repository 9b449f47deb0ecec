// Keyed hashes of what values mean: 1 and 1.0 are one number, escapes are the characters that they
// stand for, and the order of members doesn't count. 128 bits under a secret key (siphash.hpp):
// equal hashes are equal values.
#pragma once

#include <vector>

#include "core/json/tape.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::json {

/// Of the values of one tape at a time.
class ContentHash {
 public:
  explicit ContentHash(const text::SipKey& secret) : secret_(secret) {}

  /// The tape was read anew.
  void forget() { hashes_.clear(); }

  /// The first array or object that is asked for costs a pass over the whole tape, all others
  /// nothing.
  text::SipHash of(const Tape& tape, Tape::Index index);

 private:
  text::SipHash scalar(const Tape& tape, const Tape::Node& node);
  text::SipHash number(View text);
  text::SipHash array(const Tape& tape, Tape::Index index) const;
  text::SipHash object(const Tape& tape, Tape::Index index) const;
  text::SipKey key(char kind) const;

  text::SipKey secret_;
  std::vector<text::SipHash> hashes_;  // Of each node, once they were needed.
  Bytes scratch_;
};

}  // namespace edgebatch::json
