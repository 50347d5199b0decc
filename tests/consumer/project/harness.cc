// SPDX-License-Identifier: Apache-2.0
// A box office with a planted bug, and its harness: all that a user writes.

#include "framework/formfuzz.h"

namespace {

class BoxOffice {
 public:
  bool Sell(int seats) {
    if (closed_ || seats > kSeats - sold_) return false;
    sold_ += seats;
    return true;
  }
  // Planted: once the office has closed, nobody counts what comes back.
  bool Refund(int seats) {
    if (!closed_ && seats > sold_) return false;
    sold_ -= seats;
    return true;
  }
  void Close() { closed_ = true; }

  bool SoldSeatsExist() const { return sold_ >= 0 && sold_ <= kSeats; }

 private:
  static constexpr int kSeats = 100;
  int sold_ = 0;
  bool closed_ = false;
};

FORMFUZZ_HARNESS(box_office, BoxOffice)
    .Step("sell", &BoxOffice::Sell, formfuzz::InRange(1, 100))
    .Step("refund", &BoxOffice::Refund, formfuzz::InRange(1, 100))
    .Step("close", &BoxOffice::Close)
    .Invariant("SoldSeatsExist", &BoxOffice::SoldSeatsExist);

}  // namespace
