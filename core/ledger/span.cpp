#include "core/ledger/span.hpp"

namespace edgebatch::ledger {

Counts& Counts::operator+=(const Counts& other) {
  succeeded += other.succeeded;
  errored += other.errored;
  canceled += other.canceled;
  expired += other.expired;
  return *this;
}

Usage& Usage::operator+=(const Usage& other) {
  input += other.input;
  input_cached += other.input_cached;
  output += other.output;
  output_reasoning += other.output_reasoning;
  total += other.total;
  return *this;
}

}  // namespace edgebatch::ledger
