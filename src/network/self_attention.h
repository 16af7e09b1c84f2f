/* Multi-head self-attention within one row; self_attention.c has the formulas. */
#ifndef NETWORK_SELF_ATTENTION_H
#define NETWORK_SELF_ATTENTION_H

#include "network/pass.h"

enum { QUERY_BLOCK = 24 };

/* T tokens of the row, E features of all heads; a head's key has E / heads columns. */
typedef struct self_attention {
    const kernels *kernels;
    const pass *pass; /* asked whether it is stopped; the rest is then left out */
    int heads;
    matrix projected;       /* [T][3E]: queries, keys, values side by side */
    matrix transposed_keys; /* [E][T], filled by the forward pass */
    matrix weights;         /* A [QUERY_BLOCK][T], scratch */
    softmax_sums *sums;     /* [heads][T]: of the queries' weights, filled by the forward pass */
    /* for the backward pass only */
    matrix transposed_values; /* [E][T], scratch */
    matrix dweights;          /* [QUERY_BLOCK][T], scratch */
} self_attention;

/* context [T][E] */
void self_attention_forward(const self_attention *a, matrix context);
/* dcontext [T][E]; dprojected [T][3E]: the gradient. */
void self_attention_backward(const self_attention *a, matrix dcontext, matrix dprojected);

#endif
