// SPDX-License-Identifier: Apache-2.0
// The resolver c-ares among servers that answer what they like, when they
// like, and strangers who answer in their place.
#include "harnesses/c_ares/subject.h"

namespace formfuzz {
namespace {

auto Names() {
  return OptionOf<std::string_view>({
      {"host", "host.test"},
      {"www", "www.example.test"},
      {"short", "www"},
      {"dot", "host.test."},
      {"localhost", "localhost"},
      {"onion", "a.onion"},
      {"address", "127.0.0.1"},
      {"address6", "2001:db8::1"},
      {"empty", ""},
      {"escaped", "a\\.b\\065.test"},
      {"two_dots", "a..test"},
      {"long_label",
       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.test"},
  });
}
// Back from the last: mostly the last.
auto Which() { return ElementOf<uint8_t>({0, 0, 0, 1, 0, 1, 2, 3}); }

auto Pattern(const char* pattern) {
  return InRegexp<std::string_view>(pattern).WithMaxSize(128);
}
// Networks of IPv6, mostly well formed; of IPv4; lists of what looks like
// either; what is long. Apart, as a single expression would hardly ever give
// the longer ones.
auto Sortlists() {
  return OneOf(
      Pattern("::([0-9a-f]{1,2}:){1,5}[0-9a-f]{1,2}/([1-9]|[1-9][0-9]|12[0-9])"
              "[ ;]?"),
      Pattern("([0-9]{1,3}\\.){3}[0-9]{1,3}(/[0-9.]{1,15})?"),
      Pattern("([0-9a-f]{0,4}:){1,3}(:[0-9a-f]{0,4}){0,4}(/[0-9]{1,3})?"),
      Pattern("([0-9a-f:./]{0,40}[; ]){1,3}"),
      Pattern("[0-9a-f:.]{10,40}(/[0-9.]{0,40})?[; ]?"));
}
auto ServerLists() {
  return InRegexp<std::string_view>(
             "(10\\.0\\.[0-9]\\.1(:[0-9]{1,5})?,?){1,3}"
             "|\\[fd00::[0-9a-f]\\](:53)?|[0-9a-f:.,\\[\\]]{0,24}")
      .WithMaxSize(96);
}
auto Options() {
  return StructOf<ChannelOptions>(
      BoolDomain(), BoolDomain(), BoolDomain(), BoolDomain(), BoolDomain(),
      BoolDomain(), InRange<uint8_t>(1, 3), InRange<uint8_t>(1, 3));
}

FORMFUZZ_HARNESS(c_ares, CAres)
    .Step("query", &CAres::Query, Names(), Arg("type", DnsTypes()))
    .Step("search", &CAres::Search, Names(), Arg("type", DnsTypes()))
    .Step("resolve", &CAres::Resolve, Names(),
          Arg("family", EnumOf<AddressFamily>()))
    .Step("reverse_lookup", &CAres::ReverseLookup, Arbitrary<uint32_t>())
    .Step("send_own", &CAres::SendOwn, Names(), Arg("type", DnsTypes()))
    .Step("answer", &CAres::Answer, Arg("which", Which()), DnsAnswers(),
          Arg("from", MostlyFirst<Sender>()))
    .Step("noise", &CAres::Noise, Arg("which", Which()),
          BytesString<std::string_view>().WithMaxSize(64),
          Arg("from", EnumOf<Sender>()))
    .Step("end_stream", &CAres::EndStream, Arg("which", Which()))
    .Step("set_down", &CAres::SetDown, BoolDomain())
    .Step("time_out", &CAres::TimeOut)
    .Step("cancel", &CAres::Cancel)
    .Step("set_sortlist", &CAres::SetSortlist, Sortlists())
    .Step("set_servers", &CAres::SetServers, ServerLists())
    .Step("reopen", &CAres::Reopen, Options())
    .Strategy("hostile_answers",
              {"query", "search", "resolve", "reverse_lookup", "send_own",
               "answer", "noise", "time_out", "end_stream", "reopen",
               "set_sortlist"})
    .Strategy("bad_line", {"query", "resolve", "answer", "noise", "end_stream",
                           "set_down", "time_out", "cancel", "reopen"})
    .Strategy("configuration", {"set_sortlist", "set_servers", "reopen",
                                "resolve", "query", "answer"})
    .Invariant("QueriesHaveTimeOuts", &CAres::QueriesHaveTimeOuts)
    .AtEnd("EveryQueryEnds", &CAres::EveryQueryEnds)
    .Goal("answered over a stream", &CAres::AnsweredOverTcp)
    .Goal("addresses found", &CAres::AnsweredByAddress);

}  // namespace
}  // namespace formfuzz
