/* A report as one page that needs nothing from outside: figures first, then what they are of. */
#ifndef REPORT_REPORT_PAGE_H
#define REPORT_REPORT_PAGE_H

#include "report/report.h"

void report_page(writer *w, const heed_report *r);

#endif
