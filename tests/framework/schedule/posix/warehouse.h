// SPDX-License-Identifier: Apache-2.0
// A library in C that knows nothing of tasks: two shelves with a lock each, a
// belt between threads of its own, and what goes wrong with such things.
#ifndef FORMFUZZ_TESTS_FRAMEWORK_SCHEDULE_POSIX_WAREHOUSE_H_
#define FORMFUZZ_TESTS_FRAMEWORK_SCHEDULE_POSIX_WAREHOUSE_H_

#include <pthread.h>
#include <semaphore.h>

#ifdef __cplusplus
extern "C" {
#endif

struct warehouse {
  pthread_mutex_t shelf[2];
  int goods[2];

  pthread_rwlock_t prices_lock;
  int prices[2];  // are always equal to whoever holds the lock

  pthread_mutex_t belt_lock;
  pthread_cond_t belt_moved;
  int on_belt;
  int delivered;
  int closing;
  pthread_t worker;

  sem_t docks;
  int docked;
  int docked_most;
};

void warehouse_open(struct warehouse* house, int goods);
void warehouse_close(struct warehouse* house);

// Locks the shelf it takes from, then the other: two of them in opposite
// directions lock each other out.
void warehouse_move(struct warehouse* house, int from, int to);

// Looks under the lock, and takes under the lock, and lets go between: 1 if it
// took something.
int warehouse_take(struct warehouse* house, int shelf);

void warehouse_set_prices(struct warehouse* house, int price);
int warehouse_prices_agree(struct warehouse* house);

// A thread delivers what is put on the belt.
int warehouse_start_worker(struct warehouse* house);
void warehouse_put_on_belt(struct warehouse* house);
// Ends the worker; what it returned: how much it delivered.
long warehouse_stop_worker(struct warehouse* house);

// Waits for one of two docks, for two seconds at most: 1 if it got one.
int warehouse_dock(struct warehouse* house);
void warehouse_leave_dock(struct warehouse* house);

// Counts itself in once, whoever calls first.
int warehouse_signs_made(void);

#ifdef __cplusplus
}
#endif

#endif  // FORMFUZZ_TESTS_FRAMEWORK_SCHEDULE_POSIX_WAREHOUSE_H_
