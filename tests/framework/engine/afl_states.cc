// SPDX-License-Identifier: Apache-2.0
// A target of AFL++ in which nothing has coverage: all that its map shows are
// states.
#include "framework/formfuzz.h"

namespace formfuzz {
namespace {

class Door {
 public:
  Outcome Open() {
    if (open_) return Outcome::Refused("is_open");
    open_ = true;
    return Outcome::Ok();
  }
  Outcome Close() {
    if (!open_) return Outcome::Refused("is_closed");
    open_ = false;
    return Outcome::Ok();
  }

 private:
  bool open_ = false;
};

FORMFUZZ_HARNESS(door, Door)
    .Step("open", &Door::Open)
    .Step("close", &Door::Close);

}  // namespace
}  // namespace formfuzz
