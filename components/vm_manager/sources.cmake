# SPDX-License-Identifier: Apache-2.0
# The core's sources, relative to this folder, in the order of the walk of a
# request. Variants of the library replace single files of this list.
set(VM_MANAGER_SOURCES
    code.cc
    request/operation_name.cc
    request/encode.cc
    request/decode.cc
    request/arguments.cc
    request/ed25519.cc
    state/account_table.cc
    state/vm_table.cc
    state/offer_calendar.cc
    state/permission.cc
    state/quota.cc
    state/replay_window.cc
    reconcile.cc
    view.cc
    operations/open.cc
    operations/submit.cc
    operations/reach.cc
    operations/create.cc
    operations/delete.cc
    operations/power.cc
    operations/snapshot.cc
    operations/resize.cc
    operations/migrate.cc
    operations/grants.cc
    operations/transfer.cc
    operations/expire.cc
    operations/accounts.cc
    operations/queries.cc
    operations/reconcile_all.cc)
