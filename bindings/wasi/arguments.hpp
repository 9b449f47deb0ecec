// What the command line asks for.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::wasi {

enum class Format : std::uint8_t { text, json };

struct Validate {
  std::vector<Bytes> files;  // At least one; `-` is the standard input, and stands there once.
  Bytes endpoint{};          // That of every line; empty: each may have its own.
  Format format = Format::text;

  bool operator==(const Validate&) const = default;
};

struct Help {};
struct Version {};

/// The command line makes no sense.
struct Misuse {
  Bytes why;
};

using Command = std::variant<Validate, Help, Version, Misuse>;

constexpr View standard_input = "-";

/// `arguments`: without the program's name.
Command parse(std::span<const View> arguments);

/// What `--help` prints.
Bytes help();

}  // namespace edgebatch::wasi
