#include "core/json/pointer.hpp"

#include <cstddef>

#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::json {

Bytes member_pointer(View pointer, View name) {
  Bytes out(pointer);
  out.push_back('/');
  for (const char character : name) {
    if (character == '~')
      out.append("~0");
    else if (character == '/')
      out.append("~1");
    else
      out.push_back(character);
  }
  return out;
}

Bytes element_pointer(View pointer, std::size_t index) {
  return Bytes(pointer).append("/").append(text::decimal(index));
}

}  // namespace edgebatch::json
