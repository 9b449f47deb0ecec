// What a file is, by its bytes: names and declared types are hints for showing it, no more.
#pragma once

#include <cstdint>

#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::dialects {

enum class Content : std::uint8_t {  // Stored: append only.
  unknown,                           // Nothing that a model can be sent.
  png,
  jpeg,
  webp,
  gif,
  pdf,
  text,  // All of it is UTF-8 without ASCII control characters, but for tab, LF, FF and CR.
};

/// `image/png` …; "" of unknown content.
View media_type(Content content);

/// What a client is shown, always fit for a header: the content's own type; of text the declared
/// one, if that is a type of text, else what the name's extension says, else `text/plain`; of
/// unknown content the declared one, else `application/octet-stream`. A declared type loses its
/// parameters, and counts for nothing if it isn't well-formed.
Bytes shown_media_type(Content content, View declared, View filename);

/// Only so much of a file is looked at: text that is longer is too long to be sent anyway.
constexpr std::uint64_t content_looked_at_bytes_max = 8 * 1024 * 1024;

/// Looks at a file as it streams past. Memory is a few bytes.
class ContentReader {
 public:
  void feed(View piece);

  /// Once all is fed.
  Content content() const;
  /// Of text: what it comes to inside of a JSON string, as `http::json_text_bytes` counts it. 0 of
  /// anything else.
  std::uint64_t json_text_bytes() const;

 private:
  Bytes front_;        // As many of the first bytes as a signature needs.
  bool plain_ = true;  // It may still be text.
  text::Utf8Checker utf8_;
  std::uint64_t json_text_bytes_ = 0;
};

}  // namespace edgebatch::dialects
