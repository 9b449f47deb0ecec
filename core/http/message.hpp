// Requests and responses, as far as the core looks at them.
#pragma once

#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::http {

using Header = std::pair<Bytes, Bytes>;

/// The first header of that name, whatever its case.
std::optional<View> find_header(const std::vector<Header>& headers, View name);

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };
Method parse_method(View text);

/// A request without its body: a body is read piece by piece, through a port.
struct Request {
  Bytes method;                 // As it came: `GET`.
  Bytes target;                 // Path and query as they came: `/v1/files?limit=2`.
  std::vector<Header> headers;  // Names in any case.

  static constexpr auto fields = std::tuple(&Request::method, &Request::target, &Request::headers);
};

/// A stretch of a stored object.
struct Section {
  Bytes key;
  std::uint64_t offset = 0;  // Bytes.
  std::uint64_t length = 0;  // Bytes.

  bool operator==(const Section&) const = default;
  static constexpr auto fields = std::tuple(&Section::key, &Section::offset, &Section::length);
};

/// A body is bytes at hand, or a row of stored sections that the host pipes through.
using Body = std::variant<Bytes, std::vector<Section>>;

struct Response {
  std::uint32_t status = 200;
  std::vector<Header> headers;
  Body body;

  static constexpr auto fields = std::tuple(&Response::status, &Response::headers, &Response::body);
};

}  // namespace edgebatch::http
