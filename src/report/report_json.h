/* A report as one JSON object; undefined metrics are null. */
#ifndef REPORT_REPORT_JSON_H
#define REPORT_REPORT_JSON_H

#include "report/report.h"

heed_status report_json(char **out, const heed_report *r, heed_error *error);

#endif
