// SPDX-License-Identifier: Apache-2.0
// The C library's functions behind those of ours: the linker gives each call
// of X to __wrap_X, and __real_X is X. To be kept with FORMFUZZ_POSIX of
// cmake/FormfuzzInject.cmake.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_REAL_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_REAL_H_

#include <pthread.h>
#include <semaphore.h>
#include <sys/time.h>

#include <ctime>

extern "C" {

int __real_pthread_mutex_init(pthread_mutex_t*, const pthread_mutexattr_t*);
int __real_pthread_mutex_destroy(pthread_mutex_t*);
int __real_pthread_mutex_lock(pthread_mutex_t*);
int __real_pthread_mutex_trylock(pthread_mutex_t*);
int __real_pthread_mutex_timedlock(pthread_mutex_t*, const timespec*);
int __real_pthread_mutex_clocklock(pthread_mutex_t*, clockid_t,
                                   const timespec*);
int __real_pthread_mutex_unlock(pthread_mutex_t*);

int __real_pthread_spin_init(pthread_spinlock_t*, int);
int __real_pthread_spin_lock(pthread_spinlock_t*);
int __real_pthread_spin_trylock(pthread_spinlock_t*);
int __real_pthread_spin_unlock(pthread_spinlock_t*);

int __real_pthread_rwlock_init(pthread_rwlock_t*, const pthread_rwlockattr_t*);
int __real_pthread_rwlock_destroy(pthread_rwlock_t*);
int __real_pthread_rwlock_rdlock(pthread_rwlock_t*);
int __real_pthread_rwlock_tryrdlock(pthread_rwlock_t*);
int __real_pthread_rwlock_timedrdlock(pthread_rwlock_t*, const timespec*);
int __real_pthread_rwlock_wrlock(pthread_rwlock_t*);
int __real_pthread_rwlock_trywrlock(pthread_rwlock_t*);
int __real_pthread_rwlock_timedwrlock(pthread_rwlock_t*, const timespec*);
int __real_pthread_rwlock_unlock(pthread_rwlock_t*);

int __real_pthread_cond_init(pthread_cond_t*, const pthread_condattr_t*);
int __real_pthread_cond_destroy(pthread_cond_t*);
int __real_pthread_cond_wait(pthread_cond_t*, pthread_mutex_t*);
int __real_pthread_cond_timedwait(pthread_cond_t*, pthread_mutex_t*,
                                  const timespec*);
int __real_pthread_cond_clockwait(pthread_cond_t*, pthread_mutex_t*, clockid_t,
                                  const timespec*);
int __real_pthread_cond_signal(pthread_cond_t*);
int __real_pthread_cond_broadcast(pthread_cond_t*);

int __real_pthread_barrier_init(pthread_barrier_t*,
                                const pthread_barrierattr_t*, unsigned);
int __real_pthread_barrier_wait(pthread_barrier_t*);

int __real_sem_init(sem_t*, int, unsigned);
int __real_sem_wait(sem_t*);
int __real_sem_trywait(sem_t*);
int __real_sem_timedwait(sem_t*, const timespec*);
int __real_sem_clockwait(sem_t*, clockid_t, const timespec*);
int __real_sem_post(sem_t*);
int __real_sem_getvalue(sem_t*, int*);

int __real_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*),
                          void*);
int __real_pthread_join(pthread_t, void**);
int __real_pthread_detach(pthread_t);
pthread_t __real_pthread_self();
void __real_pthread_exit(void*);
int __real_pthread_once(pthread_once_t*, void (*)());
int __real_pthread_setname_np(pthread_t, const char*);
int __real_pthread_getattr_np(pthread_t, pthread_attr_t*);
int __real_pthread_kill(pthread_t, int);
int __real_pthread_cancel(pthread_t);
int __real_sched_yield();

int __real_clock_gettime(clockid_t, timespec*);
int __real_gettimeofday(timeval*, void*);
time_t __real_time(time_t*);
int __real_nanosleep(const timespec*, timespec*);
int __real_clock_nanosleep(clockid_t, int, const timespec*, timespec*);
int __real_usleep(useconds_t);
unsigned __real_sleep(unsigned);

}  // extern "C"

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_REAL_H_
