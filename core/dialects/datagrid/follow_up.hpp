// What an item carries that is asked for once more, since its answer was of no use.
#pragma once

#include <cstddef>
#include <tuple>

#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

constexpr std::size_t said_chars_max = 16'000;  // Code points of an answer that is sent back.

struct FollowUp {
  Bytes said;           // The last answer's beginning; may be empty.
  Bytes why;            // What is wrong with it: a sentence.
  ledger::Usage usage;  // Of all answers so far.

  static constexpr auto fields = std::tuple(&FollowUp::said, &FollowUp::why, &FollowUp::usage);
};

/// The messages that follow the first: `,{…},{…}`. They ask for the JSON alone.
Bytes follow_up_messages(const FollowUp& follow_up);

}  // namespace edgebatch::dialects::datagrid
