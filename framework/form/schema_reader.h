// SPDX-License-Identifier: Apache-2.0
// Decodes values by their schema alone, straight into text.
#ifndef FORMFUZZ_FRAMEWORK_FORM_SCHEMA_READER_H_
#define FORMFUZZ_FRAMEWORK_FORM_SCHEMA_READER_H_

#include <map>
#include <string>

#include "framework/input/byte_source.h"
#include "framework/input/schema.h"
#include "framework/input/text_sink.h"

namespace formfuzz {

class SchemaReader {
 public:
  // How many handles of each kind the steps before made, by the kind's name.
  using Made = std::map<std::string, size_t>;

  // False if the schema does not say how the value is encoded; then nothing
  // behind it can be read either.
  static bool Print(const Schema& schema, const Made& made, ByteSource& in,
                    TextSink& out);

  // The fewest bytes that a value of it takes.
  static size_t BytesMin(const Schema& schema);
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FORM_SCHEMA_READER_H_
