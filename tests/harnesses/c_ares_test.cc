// SPDX-License-Identifier: Apache-2.0
// What docs/findings says of c-ares is so. A test that fails here may mean that
// the library was repaired: then the harness need not steer around it, and the
// page says until which version.
#include <ares.h>
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <set>
#include <vector>

#include "harnesses/c_ares/name_servers.h"
#include "harnesses/c_ares/subject.h"

extern "C" timeval ares__tvnow(void);

namespace formfuzz {
namespace {

std::set<void*>& Live() {
  static auto* const live = new std::set<void*>();
  return *live;
}
void* Allocate(size_t size) { return *Live().insert(std::malloc(size)).first; }
void Free(void* memory) {
  Live().erase(memory);
  std::free(memory);
}
void* Reallocate(void* memory, size_t size) {
  Live().erase(memory);
  return *Live().insert(std::realloc(memory, size)).first;
}

ares_channel OpenWithEdns(NameServers& servers) {
  in_addr server{htonl(0x0a000001)};
  char lookups[] = "b";
  ares_options options{};
  options.flags = ARES_FLAG_EDNS;
  options.servers = &server;
  options.nservers = 1;
  options.lookups = lookups;
  options.ednspsz = 1280;
  ares_channel channel = nullptr;
  EXPECT_EQ(ARES_SUCCESS,
            ares_init_options(&channel, &options,
                              ARES_OPT_FLAGS | ARES_OPT_SERVERS |
                                  ARES_OPT_LOOKUPS | ARES_OPT_DOMAINS |
                                  ARES_OPT_SORTLIST | ARES_OPT_EDNSPSZ));
  servers.Attach(channel);
  return channel;
}

void IgnoreAnswer(void*, int, int, unsigned char*, int) {}

class CAresTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_EQ(ARES_SUCCESS, ares_library_init_mem(ARES_LIB_INIT_ALL, Allocate,
                                                  Free, Reallocate));
  }
};

TEST_F(CAresTest, ARetryWithoutEdnsLosesTheEndOfAQueryThatHadNone) {
  NameServers servers;
  ares_channel channel = OpenWithEdns(servers);
  unsigned char* query = nullptr;
  int size = 0;
  ASSERT_EQ(ARES_SUCCESS,
            ares_create_query("host.test", 1, 1, 7, 1, &query, &size, 0));
  ares_send(channel, query, size, &IgnoreAnswer, nullptr);
  ASSERT_EQ(servers.sent().size(), 1u);
  std::vector<uint8_t> answer = servers.sent()[0].bytes;
  answer[2] |= 0x80;
  answer[3] = 1;  // FORMERR
  ServerSocket& socket = servers.sockets()[0];
  servers.Deliver(socket, answer, /*from_stranger=*/false);
  ares_process_fd(channel, socket.number, ARES_SOCKET_BAD);
  ASSERT_EQ(servers.sent().size(), 2u);
  EXPECT_EQ(servers.sent()[1].bytes.size(), answer.size() - 11);
  ares_free_string(query);
  ares_destroy(channel);
}

TEST_F(CAresTest, ARefusedSortListIsLeaked) {
  NameServers servers;
  ares_channel channel = OpenWithEdns(servers);
  const size_t before = Live().size();
  EXPECT_EQ(ARES_EBADSTR,
            ares_set_sortlist(channel, "24 e22222222222222222222222"));
  EXPECT_EQ(Live().size(), before + 1);
  ares_destroy(channel);
  EXPECT_EQ(Live().size(), 1u);
  std::free(*Live().begin());
  Live().clear();
}

TEST_F(CAresTest, AnEmptyDatagramChangesNothing) {
  NameServers servers;
  ares_channel channel = OpenWithEdns(servers);
  ares_query(channel, "host.test", 1, 1, &IgnoreAnswer, nullptr);
  ASSERT_EQ(servers.sent().size(), 1u);
  ServerSocket& socket = servers.sockets()[0];
  servers.Deliver(socket, {}, /*from_stranger=*/true);
  ares_process_fd(channel, socket.number, ARES_SOCKET_BAD);
  EXPECT_EQ(servers.closed(), 0u);
  EXPECT_EQ(servers.sent().size(), 1u);
  ares_destroy(channel);
}

// What the processor did, as no counter tells: the least of some runs.
std::clock_t CostAfterIdle(uint64_t seconds) {
  std::clock_t least = std::numeric_limits<std::clock_t>::max();
  for (int round = 0; round < 5; ++round) {
    StateCoverage coverage;
    Run run(coverage);
    const std::vector<Fault> none;
    run.Begin(none);
    CAres subject(run);
    subject.Query("host.test", DnsType::kA);
    // The harness lets no more than two minutes pass at a time.
    for (uint64_t passed = 0; passed < seconds; passed += 100) {
      run.clock().AdvanceMs(100'000);
      ares__tvnow();
    }
    const std::clock_t before = std::clock();
    subject.TimeOut();
    least = std::min(least, std::clock() - before);
  }
  return least;
}

TEST_F(CAresTest, IdleSecondsAreCountedOneByOne) {
  // Ten thousand times the seconds; a round over all buckets would be the same.
  EXPECT_GT(CostAfterIdle(10'240'000), 30 * CostAfterIdle(1'024));
}

}  // namespace
}  // namespace formfuzz
