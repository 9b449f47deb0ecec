// Identifiers: URL-safe, unguessable, and in the order of their creation, so that a cursor is just
// an id and lists need no second index. 48 bits of time (ms) stand in front of 80 random ones.
#pragma once

#include "core/text/bytes.hpp"
#include "core/text/entropy.hpp"

namespace edgebatch::text {

/// `prefix` and 32 lower-case hexadecimal digits: `batch_0199…`.
Bytes sortable_id(View prefix, Ms now, Entropy& entropy);

/// True for `prefix` and 32 lower-case hexadecimal digits.
bool is_sortable_id(View prefix, View id);

/// `prefix` and 32 random hexadecimal digits: `req_…`.
Bytes random_id(View prefix, Entropy& entropy);

}  // namespace edgebatch::text
