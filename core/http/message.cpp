#include "core/http/message.hpp"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::http {

std::optional<View> find_header(const std::vector<Header>& headers, View name) {
  for (const auto& [key, value] : headers) {
    if (text::equal_ignoring_case(key, name)) return View(value);
  }
  return std::nullopt;
}

Method parse_method(View text) {
  static constexpr std::array<std::pair<View, Method>, 7> known{{{"GET", Method::get},
                                                                 {"HEAD", Method::head},
                                                                 {"POST", Method::post},
                                                                 {"PUT", Method::put},
                                                                 {"PATCH", Method::patch},
                                                                 {"DELETE", Method::del},
                                                                 {"OPTIONS", Method::options}}};
  for (const auto& [name, method] : known) {
    if (name == text) return method;
  }
  return Method::other;
}

}  // namespace edgebatch::http
