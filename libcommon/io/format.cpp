#include "io/format.hpp"

#include "text/json.hpp"
#include "text/mido.hpp"
#include "text/text.hpp"
#include "wire/encoder.hpp"

namespace mm {

namespace {

class BytePrinter final : public Printer {
 public:
  BytePrinter() : Printer({.without_data = encode_bound({}), .for_a_byte = 1}) {}
  char* print(char* to, const Event& event) const override { return encode(to, event); }
};

} // namespace

std::unique_ptr<LineParser> make_parser(const FormatOptions& options) {
  switch (options.format) {
  case Format::text: return std::make_unique<TextParser>(options.notes, options.max_sysex);
  case Format::json: return std::make_unique<JsonParser>(options.notes, options.max_sysex);
  case Format::mido: return std::make_unique<MidoParser>(options.max_sysex);
  case Format::raw: break;
  }
  return nullptr;
}

std::unique_ptr<Printer> make_printer(const FormatOptions& options) {
  switch (options.format) {
  case Format::json: return std::make_unique<JsonPrinter>(options.notes);
  case Format::mido: return std::make_unique<MidoPrinter>();
  case Format::raw: return std::make_unique<BytePrinter>();
  case Format::text: break;
  }
  return std::make_unique<TextPrinter>(options.notes);
}

} // namespace mm
