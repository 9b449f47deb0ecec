#include "core/text/sha256.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::text {
namespace {

constexpr std::size_t rounds = 64;
constexpr std::size_t length_bytes = 8;

constexpr std::array<std::uint32_t, rounds> round_constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

std::uint32_t load_big_endian(View bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = (value << 8) | static_cast<unsigned char>(byte);
  return value;
}

template <class Unsigned>
void append_big_endian(Bytes& out, Unsigned value) {
  for (int shift = 8 * (static_cast<int>(sizeof value) - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

std::array<std::uint32_t, rounds> message_schedule(View block) {
  std::array<std::uint32_t, rounds> w{};
  for (std::size_t i = 0; i < 16; ++i) w[i] = load_big_endian(block.substr(4 * i, 4));
  for (std::size_t i = 16; i < rounds; ++i) {
    const auto s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const auto s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  return w;
}

}  // namespace

void Sha256::compress(View block) {
  const auto w = message_schedule(block);
  auto [a, b, c, d, e, f, g, h] = state_;
  for (std::size_t i = 0; i < rounds; ++i) {
    const auto s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const auto chosen = (e & f) ^ (~e & g);
    const auto t1 = h + s1 + chosen + round_constants[i] + w[i];
    const auto s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const auto majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + s0 + majority;
  }
  const std::array<std::uint32_t, 8> mixed{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < state_.size(); ++i) state_[i] += mixed[i];
}

void Sha256::feed(View piece) {
  const auto held = static_cast<std::size_t>(fed_ % block_bytes);
  fed_ += piece.size();
  if (held > 0) {
    const View head = piece.substr(0, block_bytes - held);
    std::copy(head.begin(), head.end(), held_.data() + held);
    piece.remove_prefix(head.size());
    if (held + head.size() < block_bytes) return;
    compress({held_.data(), held_.size()});
  }
  for (; piece.size() >= block_bytes; piece.remove_prefix(block_bytes))
    compress(piece.substr(0, block_bytes));
  std::copy(piece.begin(), piece.end(), held_.data());
}

Bytes Sha256::digest() {
  const std::uint64_t bits = fed_ * 8;
  const auto held = static_cast<std::size_t>(fed_ % block_bytes);
  const bool fits = held + 1 + length_bytes <= block_bytes;
  Bytes padding(1, '\x80');
  padding.append((fits ? block_bytes : 2 * block_bytes) - held - 1 - length_bytes, '\0');
  append_big_endian(padding, bits);
  feed(padding);

  Bytes out;
  for (const std::uint32_t word : state_) append_big_endian(out, word);
  return out;
}

Bytes sha256_hex(View bytes) {
  Sha256 digest;
  digest.feed(bytes);
  return hex(digest.digest());
}

}  // namespace edgebatch::text
