// SPDX-License-Identifier: Apache-2.0
// Builds the definitions. All texts that come from requests are escaped, even
// though their alphabets hold nothing that needs it.
#include "components/vm_manager/adapters/domain_xml.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace vm_manager {
namespace {

std::string Escape(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char byte : text) {
    switch (byte) {
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '&':
        escaped += "&amp;";
        break;
      case '\'':
        escaped += "&apos;";
        break;
      default:
        escaped += byte;
    }
  }
  return escaped;
}

std::string Element(absl::string_view tag, std::string_view text) {
  return absl::StrCat("<", tag, ">", Escape(text), "</", tag, ">\n");
}

// vda, vdb, ...: there are no more than 26 disks.
std::string DiskXml(std::string_view domain, size_t index) {
  const char letter = static_cast<char>('a' + index);
  return absl::StrCat("<disk type='file' device='disk'><source file='",
                      "/var/lib/libvirt/images/", Escape(domain), "-", index,
                      ".img'/><target dev='vd", std::string(1, letter),
                      "' bus='virtio'/></disk>\n");
}

std::string NetworkXml(std::string_view network) {
  return absl::StrCat("<interface type='network'><source network='",
                      Escape(network), "'/></interface>\n");
}

bool ParseDisks(absl::string_view text, Shape* shape) {
  shape->disks_gb.clear();
  for (absl::string_view disk : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    uint32_t gb = 0;
    if (!absl::SimpleAtoi(disk, &gb)) return false;
    if (!shape->disks_gb.push_back(gb)) return false;
  }
  return true;
}

}  // namespace

std::string DomainXml(std::string_view type, std::string_view name,
                      std::string_view uuid, const DomainSpec& spec) {
  std::string xml = absl::StrCat("<domain type='", Escape(type), "'>\n",
                                 Element("name", name));
  if (!uuid.empty()) xml += Element("uuid", uuid);
  absl::StrAppend(&xml, Element("description", Describe(spec)),
                  "<memory unit='MiB'>", spec.shape.memory_mb,
                  "</memory>\n<vcpu>", spec.shape.vcpus,
                  "</vcpu>\n<os><type>hvm</type></os>\n<devices>\n");
  for (size_t i = 0; i < spec.shape.disks_gb.size(); ++i) {
    xml += DiskXml(name, i);
  }
  for (const std::string& network : spec.networks) xml += NetworkXml(network);
  return xml + "</devices>\n</domain>\n";
}

std::string SnapshotXml(std::string_view name) {
  return absl::StrCat("<domainsnapshot>\n", Element("name", name),
                      "</domainsnapshot>\n");
}

std::string Describe(const DomainSpec& spec) {
  const auto& disks = spec.shape.disks_gb;
  return absl::StrCat("host=", spec.host,
                      " disks=", absl::StrJoin(disks.begin(), disks.end(), ","),
                      " networks=", absl::StrJoin(spec.networks, ","),
                      " image=", spec.image);
}

bool ParseDescription(std::string_view description, DomainSpec* spec) {
  const absl::string_view text(description.data(), description.size());
  std::vector<absl::string_view> parts = absl::StrSplit(text, ' ');
  if (parts.size() != 4 || !absl::ConsumePrefix(&parts[0], "host=") ||
      !absl::ConsumePrefix(&parts[1], "disks=") ||
      !absl::ConsumePrefix(&parts[2], "networks=") ||
      !absl::ConsumePrefix(&parts[3], "image=")) {
    return false;
  }
  spec->host = std::string(parts[0]);
  spec->networks = absl::StrSplit(parts[2], ',', absl::SkipEmpty());
  spec->image = std::string(parts[3]);
  return ParseDisks(parts[1], &spec->shape);
}

}  // namespace vm_manager
