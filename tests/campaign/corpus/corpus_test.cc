// SPDX-License-Identifier: Apache-2.0
// Keeping inputs: on disk, in memory, within bounds, over trouble.
#include "campaign/corpus/corpus.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "campaign/loop/share/peers.h"
#include "framework/base/random.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

class FolderTest : public testing::Test {
 protected:
  FolderTest()
      : folder_(testing::TempDir() + "/formfuzz-corpus-" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~FolderTest() override { fs::remove_all(folder_); }

  void Put(const std::string& name, const std::string& content) {
    fs::create_directories(fs::path(folder_ + "/" + name).parent_path());
    std::ofstream(folder_ + "/" + name) << content;
  }
  std::vector<std::string> ReadAll() {
    std::vector<std::string> inputs;
    const auto counts =
        ForEachInput(folder_, 100, [&](Bytes input, const std::string&) {
          inputs.emplace_back(AsText(input));
          return absl::OkStatus();
        });
    EXPECT_TRUE(counts.ok()) << counts.status();
    counts_ = *counts;
    return inputs;
  }

  std::string folder_;
  ReadCorpus counts_;
};

Entry EntryWith(std::vector<Feature> features, double score = 0) {
  Entry entry;
  entry.features = std::move(features);
  entry.coverage_score = score;
  return entry;
}

using StoreTest = FolderTest;

TEST_F(StoreTest, WritesOnceAndReadsBack) {
  auto store = CorpusStore::Open(folder_ + "/corpus");
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE(store->Write(AsBytes("hello")).ok());
  ASSERT_TRUE(store->Write(AsBytes("hello")).ok());
  EXPECT_EQ(std::distance(fs::directory_iterator(store->folder()),
                          fs::directory_iterator()),
            1);
  EXPECT_EQ(ReadAll(), std::vector<std::string>{"hello"});
}

TEST_F(StoreTest, ReadsWhatAflAndLibFuzzerLeave) {
  Put("main/queue/id:000000,orig:a", "a");
  Put("main/queue/.state/x", "no");
  Put("main/crashes/id:000000,sig:11", "no");
  Put("main/hangs/id:000001", "no");
  Put("main/fuzzer_stats", "no");
  Put("0a1b2c", "b");
  Put(".hidden", "no");
  EXPECT_EQ(ReadAll(), (std::vector<std::string>{"b", "a"}));
}

TEST_F(StoreTest, CutsWhatIsTooLargeAndPassesByWhatIsNoFile) {
  Put("large", std::string(1000, 'x'));
  Put("small", "s");
  fs::create_symlink("nowhere", folder_ + "/dangling");
  ASSERT_EQ(mkfifo((folder_ + "/fifo").c_str(), 0600), 0);
  const std::vector<std::string> inputs = ReadAll();
  EXPECT_EQ(inputs, (std::vector<std::string>{std::string(100, 'x'), "s"}));
  EXPECT_EQ(counts_.too_large, 1u);
}

TEST_F(StoreTest, CountsWhatItMayNotRead) {
  if (geteuid() == 0) GTEST_SKIP() << "root reads everything";
  Put("secret", "no");
  fs::permissions(folder_ + "/secret", fs::perms::none);
  ReadAll();
  EXPECT_EQ(counts_.unreadable, 1u);
  EXPECT_NE(counts_.first_problem.find("secret"), std::string::npos);
}

TEST_F(StoreTest, KeepsOnWhenTheDiskIsFullAndCatchesUpLater) {
  auto store = CorpusStore::Open(folder_ + "/corpus");
  ASSERT_TRUE(store.ok());
  Corpus corpus({}, &*store);
  fs::remove_all(folder_ + "/corpus");  // as good as full
  corpus.Add(EntryWith({1}), AsBytes("first"));
  EXPECT_FALSE(corpus.store_problem().ok());
  EXPECT_EQ(corpus.unwritten(), 1u);
  fs::create_directories(folder_ + "/corpus");
  corpus.Add(EntryWith({2}), AsBytes("second"));
  EXPECT_EQ(corpus.unwritten(), 0u);
  EXPECT_EQ(ReadAll().size(), 2u);
}

TEST_F(StoreTest, HoldsNoMoreBytesThanItMay) {
  auto store = CorpusStore::Open(folder_);
  ASSERT_TRUE(store.ok());
  Corpus corpus({.entries_max = 1000, .memory_bytes_max = 100}, &*store);
  for (int i = 0; i < 50; ++i) {
    corpus.Add(EntryWith({static_cast<Feature>(i)}),
               AsBytes(Concat("content number ", i)));
  }
  EXPECT_LE(corpus.memory_bytes(), 100u);
  EXPECT_EQ(AsText(*corpus.BytesOf(49)), "content number 49");
  EXPECT_EQ(AsText(*corpus.BytesOf(0)), "content number 0");
}

TEST(CorpusTest, EvictsTheWorstButNoOnlyWitness) {
  Corpus corpus({.entries_max = 3});
  corpus.Add(EntryWith({1, 9}, 0), AsBytes("only witness of 9"));
  corpus.Add(EntryWith({1, 2}, 5), AsBytes("good"));
  corpus.Add(EntryWith({1, 2}, 1), AsBytes("worse"));
  corpus.Add(EntryWith({1, 2, 3}, 7), AsBytes("best"));
  EXPECT_EQ(corpus.TakeEvicted(), std::vector<EntryId>{2});
  EXPECT_FALSE(corpus.Has(AsBytes("worse")));
  EXPECT_TRUE(corpus.Has(AsBytes("only witness of 9")));
  EXPECT_EQ(corpus.size(), 3u);
}

TEST_F(StoreTest, ASharedOneKeepsWhatOneOfThemCanDoWithout) {
  const auto store = CorpusStore::Open(folder_);
  ASSERT_TRUE(store.ok());
  for (const bool shared : {true, false}) {
    Corpus one({.entries_max = 1, .store_is_shared = shared}, &*store);
    Corpus other({.memory_bytes_max = 0, .store_is_shared = shared}, &*store);
    other.Add(EntryWith({1}), AsBytes("the other's only witness"));
    one.Add(EntryWith({1}), AsBytes("the other's only witness"));
    one.Add(EntryWith({1, 2}, 5), AsBytes("better"));
    EXPECT_EQ(one.TakeEvicted(), std::vector<EntryId>{0});
    EXPECT_EQ(other.BytesOf(0).ok(), shared);
  }
}

TEST(CorpusTest, FavoursFewThatTogetherShowEverything) {
  Corpus corpus({});
  Random random(6);
  for (int i = 0; i < 300; ++i) {
    std::vector<Feature> features;
    for (Feature f = 0; f < 40; ++f) {
      if (random.OneIn(4)) features.push_back(f);
    }
    corpus.Add(EntryWith(features), AsBytes(Concat("input ", i)));
  }
  corpus.RenewFavoured();
  std::vector<bool> shown(40);
  size_t favoured = 0;
  for (const Entry& entry : corpus.entries()) {
    if (!entry.favoured) continue;
    ++favoured;
    for (const Feature f : entry.features) shown[f] = true;
  }
  EXPECT_LE(favoured, 40u);
  EXPECT_EQ(std::count(shown.begin(), shown.end(), true), 40);
}

TEST(CorpusTest, FindsAnotherBestWhenTheBestHasGone) {
  Corpus corpus({.entries_max = 2});
  Entry best = EntryWith({1, 2}, 0);
  corpus.Add(best, AsBytes("s"));
  corpus.Add(EntryWith({1, 2}, 50), AsBytes("longer one"));
  corpus.Add(EntryWith({1, 2}, 90), AsBytes("much longer one"));
  corpus.RenewFavoured();
  const auto& entries = corpus.entries();
  EXPECT_EQ(std::count_if(entries.begin(), entries.end(),
                          [](const Entry& entry) { return entry.favoured; }),
            1);
}

using PeersTest = FolderTest;

TEST_F(PeersTest, WorkersTellEachOtherWhatTheyKept) {
  auto store = CorpusStore::Open(folder_ + "/corpus");
  ASSERT_TRUE(store.ok());
  auto a = JoinWorkers(folder_ + "/journal", *store);
  auto b = JoinWorkers(folder_ + "/journal", *store);
  ASSERT_TRUE(a.ok() && b.ok());
  for (const char* text : {"one", "two"}) {
    ASSERT_TRUE(store->Write(AsBytes(text)).ok());
    ASSERT_TRUE((*a)->Publish(AsBytes(text)).ok());
  }
  // Half a line of one who died.
  std::ofstream(folder_ + "/journal", std::ios::app) << "0123";
  std::vector<std::string> got;
  const auto take = [&](Bytes input) {
    got.emplace_back(AsText(input));
    return absl::OkStatus();
  };
  ASSERT_TRUE((*b)->Collect(take).ok());
  ASSERT_TRUE((*b)->Collect(take).ok());
  EXPECT_EQ(got, (std::vector<std::string>{"one", "two"}));
}

TEST_F(PeersTest, TakesPartBesideAfl) {
  Put("main/queue/id:000000,time:0", "zero");
  Put("main/queue/id:000001,src:000000", "one");
  Put("main/queue/README", "no");
  auto peers = JoinAfl(folder_, "formfuzz0");
  ASSERT_TRUE(peers.ok());
  std::vector<std::string> got;
  const auto take = [&](Bytes input) {
    got.emplace_back(AsText(input));
    return absl::OkStatus();
  };
  ASSERT_TRUE((*peers)->Collect(take).ok());
  Put("main/queue/id:000002,src:000001", "two");
  ASSERT_TRUE((*peers)->Collect(take).ok());
  EXPECT_EQ(got, (std::vector<std::string>{"zero", "one", "two"}));
  ASSERT_TRUE((*peers)->Publish(AsBytes("ours")).ok());
  EXPECT_TRUE(fs::exists(folder_ + "/formfuzz0/queue/id:000000,orig:formfuzz"));
  EXPECT_FALSE(JoinAfl(folder_ + "/nowhere", "x").ok());
}

}  // namespace
}  // namespace formfuzz::campaign
