#include "options/choices.h"

const names method_names = NAMES("auto", "attention", "gradient", "integrated", "leave-one-out", "weights");

const char *heed_method_name(heed_method method)
{
    return names_of(&method_names, method);
}
