/* A report as one self-contained page: results first, then what was measured. */
#ifndef REPORT_REPORT_PAGE_H
#define REPORT_REPORT_PAGE_H

#include "report/report.h"

void report_page(writer *w, const heed_report *r);

#endif
