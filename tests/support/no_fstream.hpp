// Debian's libc++ for wasm32 only declares file streams. Catch2 names them, but a test run opens
// none: enough to compile it with. Force-included for Catch2's own source only.
#pragma once

#include <istream>
#include <ostream>

template <>
struct std::basic_ofstream<char> : std::ostream {
  template <class... Any>
  explicit basic_ofstream(Any&&...) : std::ostream(nullptr) {}
  template <class... Any>
  void open(Any&&...) {}
  bool is_open() const { return false; }
};

template <>
struct std::basic_ifstream<char> : std::istream {
  template <class... Any>
  explicit basic_ifstream(Any&&...) : std::istream(nullptr) {}
  template <class... Any>
  void open(Any&&...) {}
  bool is_open() const { return false; }
};
