// How the core ends when a check of the standard library fails: with a trap, as it ends where our
// own checks fail. The library's way is to print a sentence, which brings printf with it.
#include <version>  // For the macros of libc++.

// The names are the library's. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl50-cpp)

_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __libcpp_verbose_abort(const char* /*format*/, ...) { __builtin_trap(); }
_LIBCPP_END_NAMESPACE_STD

// Before and after LLVM 20. Weak: zig links the library's own one in any case.
extern "C" [[noreturn, gnu::weak]] void abort_message(const char* /*format*/, ...) {
  __builtin_trap();
}
extern "C" [[noreturn, gnu::weak]] void __abort_message(const char* /*format*/, ...) {
  __builtin_trap();
}

// NOLINTEND(bugprone-reserved-identifier,cert-dcl50-cpp)
