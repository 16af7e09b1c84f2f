/* Runs every file of a folder through a fuzz entry, without a fuzzing engine: replay FOLDER */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { LARGEST_SEED = 1 << 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *folder, const char *name)
{
    char path[1024], *data = NULL;
    size_t size;
    heed_error error;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (file_read(&data, &size, path, LARGEST_SEED, &error) != HEED_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    char *exact = malloc(size); /* without the NUL behind it: a sanitizer sees what is read too far */
    if (exact != NULL && size > 0)
        memcpy(exact, data, size);
    free(data);
    if (exact != NULL || size == 0)
        LLVMFuzzerTestOneInput((const uint8_t *)exact, size);
    free(exact);
    return 0;
}

int main(int count, char **arguments)
{
    int failed = 0;
    unsigned files = 0;
    DIR *folder = count == 2 ? opendir(arguments[1]) : NULL;
    if (folder == NULL) {
        fprintf(stderr, "usage: replay FOLDER\n");
        return 2;
    }
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.') {
            failed |= replay_file(arguments[1], entry->d_name);
            files++;
        }
    closedir(folder);
    printf("%u seeds\n", files);
    return files == 0 ? 1 : failed;
}
