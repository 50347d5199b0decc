// SPDX-License-Identifier: Apache-2.0
#include "tests/framework/schedule/posix/warehouse.h"

#include <time.h>

void warehouse_open(struct warehouse* house, int goods) {
  for (int i = 0; i < 2; ++i) {
    pthread_mutex_init(&house->shelf[i], NULL);
    house->goods[i] = goods;
    house->prices[i] = 1;
  }
  pthread_rwlock_init(&house->prices_lock, NULL);
  pthread_mutex_init(&house->belt_lock, NULL);
  pthread_cond_init(&house->belt_moved, NULL);
  house->on_belt = house->delivered = house->closing = 0;
  sem_init(&house->docks, 0, 2);
  house->docked = house->docked_most = 0;
}

void warehouse_close(struct warehouse* house) {
  for (int i = 0; i < 2; ++i) pthread_mutex_destroy(&house->shelf[i]);
  pthread_rwlock_destroy(&house->prices_lock);
  pthread_mutex_destroy(&house->belt_lock);
  pthread_cond_destroy(&house->belt_moved);
  sem_destroy(&house->docks);
}

void warehouse_move(struct warehouse* house, int from, int to) {
  pthread_mutex_lock(&house->shelf[from]);
  pthread_mutex_lock(&house->shelf[to]);
  if (house->goods[from] > 0) {
    --house->goods[from];
    ++house->goods[to];
  }
  pthread_mutex_unlock(&house->shelf[to]);
  pthread_mutex_unlock(&house->shelf[from]);
}

int warehouse_take(struct warehouse* house, int shelf) {
  pthread_mutex_lock(&house->shelf[shelf]);
  const int left = house->goods[shelf];
  pthread_mutex_unlock(&house->shelf[shelf]);
  if (left == 0) return 0;
  pthread_mutex_lock(&house->shelf[shelf]);
  --house->goods[shelf];
  pthread_mutex_unlock(&house->shelf[shelf]);
  return 1;
}

void warehouse_set_prices(struct warehouse* house, int price) {
  pthread_rwlock_wrlock(&house->prices_lock);
  house->prices[0] = price;
  sched_yield();
  house->prices[1] = price;
  pthread_rwlock_unlock(&house->prices_lock);
}

int warehouse_prices_agree(struct warehouse* house) {
  pthread_rwlock_rdlock(&house->prices_lock);
  const int agree = house->prices[0] == house->prices[1];
  pthread_rwlock_unlock(&house->prices_lock);
  return agree;
}

static void* deliver(void* argument) {
  struct warehouse* house = argument;
  long delivered = 0;
  pthread_mutex_lock(&house->belt_lock);
  for (;;) {
    while (house->on_belt == 0 && !house->closing) {
      pthread_cond_wait(&house->belt_moved, &house->belt_lock);
    }
    if (house->on_belt == 0) break;
    --house->on_belt;
    ++house->delivered;
    ++delivered;
  }
  pthread_mutex_unlock(&house->belt_lock);
  pthread_exit((void*)delivered);
}

int warehouse_start_worker(struct warehouse* house) {
  return pthread_create(&house->worker, NULL, deliver, house);
}

void warehouse_put_on_belt(struct warehouse* house) {
  pthread_mutex_lock(&house->belt_lock);
  ++house->on_belt;
  pthread_cond_signal(&house->belt_moved);
  pthread_mutex_unlock(&house->belt_lock);
}

long warehouse_stop_worker(struct warehouse* house) {
  void* delivered = NULL;
  pthread_mutex_lock(&house->belt_lock);
  house->closing = 1;
  pthread_cond_broadcast(&house->belt_moved);
  pthread_mutex_unlock(&house->belt_lock);
  pthread_join(house->worker, &delivered);
  return (long)delivered;
}

int warehouse_dock(struct warehouse* house) {
  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  deadline.tv_sec += 2;
  if (sem_timedwait(&house->docks, &deadline) != 0) return 0;
  ++house->docked;
  if (house->docked > house->docked_most) house->docked_most = house->docked;
  return 1;
}

void warehouse_leave_dock(struct warehouse* house) {
  --house->docked;
  sem_post(&house->docks);
}

static int signs;
static void make_signs(void) {
  sched_yield();
  ++signs;
}

int warehouse_signs_made(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_signs);
  return signs;
}
