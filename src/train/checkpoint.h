/* A network's training as it is after some step, in a file from which a later run goes on to the same bits.
 *
 * A file is named by a digest of all that decides the training: options, rows, labels, first weights, the encoder. So
 * any training finds its own file in a folder, also that of a fold or of a part of a sum, and never another's. */
#ifndef TRAIN_CHECKPOINT_H
#define TRAIN_CHECKPOINT_H

#include "train/network_run.h"

/* Finds the training's name, and with options.resume reads its file, if there is one; then t is as it was. Does nothing
 * without options.checkpoint. HEED_FAILED: the folder cannot be made or written; HEED_BAD_DATA: the file is damaged. */
heed_status checkpoint_begin(network_run *t, heed_error *error);
/* Writes the file if the last one is a minute old, or now. Does nothing without options.checkpoint. The training goes on
 * if it cannot be written; the listener is warned. */
void checkpoint_write(network_run *t, bool now);

#endif
