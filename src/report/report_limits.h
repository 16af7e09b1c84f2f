/* What the metrics of a report cannot say. */
#ifndef REPORT_REPORT_LIMITS_H
#define REPORT_REPORT_LIMITS_H

/* Sentences, and NULL after the last. */
const char *const *report_limits(void);

#endif
