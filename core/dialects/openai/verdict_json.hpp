// The verdict on an input, as those get it who ask before they create a batch. Every host gives the
// same bytes for the same input.
#pragma once

#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

/// One line of JSON, without its end:
/// {"object":"batch.input.verdict","valid":true,"bytes":n,"lines":n,"items":n,
///  "urls":[{"url":"…","items":n}],"models":[{"model":"…","items":n}],"estimated_input_tokens":n,
///  "errors_count":n,"errors":[{"code":"…","message":"…","hint":"…","line":n,"column":n,
///  "byte_column":n,"offset":n,"pointer":"…","first_line":n}]}
/// `line`, `column` (code points) and `byte_column` count from 1, `offset` from 0; all four are
/// null for what is wrong with the whole input, and `first_line` where no other line is concerned.
Bytes verdict_json(const validation::Verdict& verdict);

}  // namespace edgebatch::dialects::openai
