/*
 * The C library tested from C, under sanitizers (scripts/test-native.mjs). Every check prints a line; one that fails makes
 * the program exit with 1. A new group of checks is a function here and a row in selftest.c.
 */
#ifndef VDSOTOP_SELFTEST_H
#define VDSOTOP_SELFTEST_H

#include <stdbool.h>

/* Prints "ok" or "FAILED" and the sentence, which says what holds when it passes. Answers `passed`. */
bool check(bool passed, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Says on stdout why something could not be checked here. */
void skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

void test_vdso(void);
void test_hostile_vdso(void);
void test_sampler(void);
void test_clock_page(void);
void test_clock_readings(void);
void test_cpu(void);
void test_task_fd_query(void);
void test_bpf_links(void);
void test_cpu_samples(void);
void test_hostile_cpu_ring(void);
void test_hostile_kernel_functions(void);
void test_entries(void);
void test_perf_entries(void);
void test_call_samples(void);
void test_hostile_call_ring(void);

#endif
