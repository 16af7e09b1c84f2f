/* For tests of work that can be stopped: somebody who says so at a question of a given number. */
#ifndef UNIT_ASKED_STOPS_H
#define UNIT_ASKED_STOPS_H

#include <stdatomic.h>
#include <stdbool.h>

/* Answers true from question number `at` on, which is counted from 1. */
typedef struct asked {
    atomic_uint questions;
    unsigned at;
} asked;

static inline bool stops_at(void *user)
{
    asked *a = user;
    return atomic_fetch_add(&a->questions, 1) + 1 >= a->at;
}

#endif
