// What a model made of an item, out of an answer of chat completions.
#pragma once

#include <optional>
#include <variant>

#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

/// The one JSON object in the content of the first choice, in a fence or between words perhaps: as
/// `ndjson::append_compact` writes it.
struct Output {
  Bytes json;
};

/// Why there is none, as a sentence.
struct NoOutput {
  Bytes why;
  bool mendable = false;  // The model may do better if it is told.
  Bytes said{};           // The content, if so.
};

using Prediction = std::variant<Output, NoOutput>;

/// Nothing if the answer's body isn't JSON at all. Answers may be large: they are read in place.
std::optional<Prediction> read_prediction(View answer_body);

/// What the body of an answer that isn't 2xx says went wrong, for people; empty if it says nothing.
Bytes error_message(View answer_body);

}  // namespace edgebatch::dialects::datagrid
