// The endpoints whose requests a batch takes, and what each of them asks for.
#pragma once

#include <cstdint>
#include <span>

#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"

namespace edgebatch::dialects::openai {

/// Every url begins with it. An upstream's base URL has it already.
constexpr View version_prefix = "/v1";

/// What an endpoint accepts as its input.
enum class InputKind : std::uint8_t { array, string, string_or_array };

struct Endpoint {
  View url;
  View product;                                  // As the vendor's messages name it.
  validation::Member validation::Line::* input;  // The member of the body that holds the input …
  View input_name;                               // … and its name …
  InputKind input_kind;                          // … and what it may be.
  // Another member that may stand in its place, as a stored prompt does; none where null.
  validation::Member validation::Line::* instead = nullptr;
};

/// Nothing (null) if it isn't one.
const Endpoint* find_endpoint(View url);

/// Their urls: `/v1/responses`, `/v1/chat/completions` … (contracts.md §4.2), in the order in which
/// messages list them.
std::span<const View> endpoints();
bool is_endpoint(View url);

}  // namespace edgebatch::dialects::openai
