/* What a run of a pass through an encoder leaves for the way back. */
#ifndef ENCODER_ENCODER_KEEPING_H
#define ENCODER_ENCODER_KEEPING_H

/* Nothing, so that there is no way back; what it needs of all blocks; or only what goes into each block, which is then
 * computed again on the way back. The gradients of the last two have the same bits. */
typedef enum encoder_keeping { KEEP_NOTHING, KEEP_BLOCKS, KEEP_STREAMS } encoder_keeping;

#endif
