// SPDX-License-Identifier: Apache-2.0
// Many threads at once. What is claimed is what must hold in every order; a
// data race shows under ThreadSanitizer.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/components/vm_manager/fixture.h"

namespace vm_manager {
namespace {

using testing::SmallVm;
using testing::World;

constexpr int kThreads = 4;
constexpr int kRounds = 200;

void InParallel(const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

TEST(ConcurrencyTest, ARequestIsCarriedOutOnce) {
  World world;
  for (int round = 0; round < kRounds; ++round) {
    const SignedRequest request = world.Seal(world.Draft("alice", ListVms{}));
    std::atomic<int> accepted{0};
    InParallel([&](int) { accepted += world.Send(request).ok(); });
    ASSERT_EQ(accepted, 1);
  }
}

TEST(ConcurrencyTest, OfAcceptCancelAndDeleteOneWins) {
  World world;
  for (int round = 0; round < kRounds; ++round) {
    const VmId vm = world.Create("alice");
    ASSERT_EQ(world.Try("alice", OfferVm{vm, "bob", 1000}), Code::kOk);
    const SignedRequest requests[kThreads] = {
        world.Seal(world.Draft("bob", AcceptOffer{vm})),
        world.Seal(world.Draft("alice", CancelOffer{vm})),
        world.Seal(world.Draft("alice", DeleteVm{vm})),
        world.Seal(world.Draft("bob", AcceptOffer{vm}))};
    Result results[kThreads];
    InParallel([&](int i) { results[i] = world.Send(requests[i]); });
    const bool taken = results[0].ok() || results[3].ok();
    EXPECT_FALSE(results[0].ok() && results[3].ok());
    EXPECT_FALSE(taken && (results[1].ok() || results[2].ok()));
    EXPECT_EQ(world.UsageOf("bob").vms, taken ? 1u : 0u);
    EXPECT_TRUE(world.Agrees());
    world.Try("root", DeleteVm{vm});
    world.clock.now_ms += 60'000;
  }
}

TEST(ConcurrencyTest, QuotasHoldUnderParallelCreation) {
  World world({100, 100'000, 1'000, 10});
  std::vector<SignedRequest> requests;
  std::vector<std::string> names;
  for (int i = 0; i < 40; ++i) names.push_back("vm" + std::to_string(i));
  for (const std::string& name : names) {
    requests.push_back(world.Seal(world.Draft("alice", SmallVm(name))));
  }
  std::atomic<int> created{0};
  InParallel([&](int thread) {
    for (int i = thread; i < 40; i += kThreads) {
      created += world.Send(requests[static_cast<size_t>(i)]).ok();
    }
  });
  EXPECT_EQ(created, 10);
  EXPECT_EQ(world.UsageOf("alice"), (Resources{20, 5120, 100, 10}));
  EXPECT_TRUE(world.Agrees());
}

TEST(ConcurrencyTest, ReadersSeeWholeStates) {
  World world;
  const VmId vm = world.Create("alice");
  std::vector<SignedRequest> requests;
  for (int i = 0; i < kRounds; ++i) {
    requests.push_back(world.Seal(world.Draft("alice", StartVm{vm})));
    requests.push_back(world.Seal(world.Draft("alice", StopVm{vm})));
  }
  InParallel([&](int thread) {
    for (const SignedRequest& request : requests) {
      if (thread == 0) {
        EXPECT_TRUE(world.Send(request).ok());
      } else if (thread == 1) {
        EXPECT_EQ(world.manager().ExpireOffers(), Code::kOk);
      } else {
        const View view = world.manager().Observe();
        EXPECT_EQ(view.FindVm(vm)->owner, "alice");
        EXPECT_EQ(view.FindAccount("alice")->usage.vms, 1u);
      }
    }
  });
  EXPECT_EQ(world.Get(vm).state, VmState::kStopped);
}

TEST(ConcurrencyTest, NothingOfARevokedAccountIsCarriedOutAfterwards) {
  for (int round = 0; round < 50; ++round) {
    World world;
    const SignedRequest revoke =
        world.Seal(world.Draft("root", RevokeAccount{"alice"}));
    std::vector<SignedRequest> requests;
    for (int i = 0; i < kThreads; ++i) {
      requests.push_back(world.Seal(world.Draft("alice", ListVms{})));
    }
    std::atomic<bool> revoked{false};
    InParallel([&](int thread) {
      if (thread == 0) {
        EXPECT_TRUE(world.Send(revoke).ok());
        revoked = true;
        return;
      }
      const bool too_late = revoked;
      const Code code = world.Send(requests[static_cast<size_t>(thread)]).code;
      EXPECT_TRUE(code == Code::kRevoked || (code == Code::kOk && !too_late));
    });
  }
}

}  // namespace
}  // namespace vm_manager
