/* The pictures of a report, from its evaluation, its rows and its model. */
#ifndef REPORT_REPORT_PICTURES_H
#define REPORT_REPORT_PICTURES_H

#include "report/report.h"

/* Draws all of them. */
heed_status report_draw(heed_report *r, heed_error *error);

#endif
