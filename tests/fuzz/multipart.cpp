#include "core/http/multipart.hpp"

#include "core/text/bytes.hpp"

#include "tests/fuzz/cuts.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/unit/http/multipart_outcome.hpp"

namespace edgebatch::fuzz {

// The first line is the Content-Type, the others are the body.
void multipart(View input) {
  const Cut cut(input);
  const std::size_t line = cut.text.find('\n');
  if (line == View::npos) return;
  const auto boundary = http::multipart_boundary(cut.text.substr(0, line));
  if (!boundary) return;
  const View body = cut.text.substr(line + 1);
  const http::Outcome whole = http::read_whole(*boundary, body);

  http::Recorder recorder(*boundary);
  in_pieces(body, cut.choices, [&](View piece) { recorder.feed(piece); });
  expect(recorder.finish() == whole, "cut anywhere the same");
  expect(http::read_in_pieces_of(1, *boundary, body) == whole, "byte by byte the same");
  for (const View wrong :
       {"EVENT AFTER A FAULT ", "BEGIN IN A PART ", "EVENT OUTSIDE OF A PART ", "EMPTY DATA "})
    expect(whole.events.find(wrong) == Bytes::npos || body.find(wrong) != View::npos,
           "events in order");
}

}  // namespace edgebatch::fuzz
