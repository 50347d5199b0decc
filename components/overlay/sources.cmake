# SPDX-License-Identifier: Apache-2.0
# The core's sources, relative to this folder. Variants of the library replace
# single files of this list.
set(OVERLAY_SOURCES
    wire/packet.cc
    wire/frame.cc
    wire/stun.cc
    session/replay_window.cc
    session/handshake.cc
    session/epoch.cc
    session/outbox.cc
    session/inbox.cc
    path/checklist.cc
    node/node.cc
    node/receive.cc
    node/session.cc
    node/paths.cc
    node/tick.cc
    node/records.cc
    relay/relay.cc)
