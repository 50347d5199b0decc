// SPDX-License-Identifier: Apache-2.0
// Reads a document by tinyxml2, walks it, asks for values of every kind, and
// prints it.
//   xml_reader FILE
#include <tinyxml2.h>

#include <cstdio>

namespace {

class Reader : public tinyxml2::XMLVisitor {
 public:
  bool VisitEnter(const tinyxml2::XMLElement& element,
                  const tinyxml2::XMLAttribute* first) override {
    for (auto* at = first; at != nullptr; at = at->Next()) {
      int number = 0;
      double fraction = 0;
      bool truth = false;
      at->QueryIntValue(&number);
      at->QueryDoubleValue(&fraction);
      at->QueryBoolValue(&truth);
    }
    return element.GetText() == nullptr || element.Int64Text() != 42;
  }
};

}  // namespace

int main(int argc, char** argv) {
  tinyxml2::XMLDocument document;
  if (argc != 2 || document.LoadFile(argv[1]) != tinyxml2::XML_SUCCESS) {
    return 1;
  }
  Reader reader;
  document.Accept(&reader);
  tinyxml2::XMLPrinter printer;
  document.Print(&printer);
  return std::printf("%s\n", printer.CStr()) < 0 ? 2 : 0;
}
