// Stored bytes as a response: whole, or one range of them (RFC 9110 §13, §14).
#pragma once

#include <vector>

#include "core/http/message.hpp"

namespace edgebatch::gateway {

struct Content {
  std::vector<http::Section> sections;
  Bytes media_type;
  Bytes entity_tag;  // Without its quotes. What it stands for never changes.
};

/// `headers`: the request's. 200, 206, 304 or 416.
http::Response content_response(Content content, const std::vector<http::Header>& headers);

}  // namespace edgebatch::gateway
