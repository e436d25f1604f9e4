/* A Vulkan driver that goes wrong, in the way that WRONG names. While the file HELD
   is there, it hangs. It leaves a file when it is loaded, and one when it is about to
   hang or to go wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NEGOTIATE 1
#define LOADING 2

static void leave(const char *name) {
    FILE *file = fopen(name, "w");
    if (file)
        fclose(file);
}

static void go_wrong(void) {
    leave(HELD "-reached");
    while (access(HELD, F_OK) == 0)
        usleep(1000);
    WRONG;
}

__attribute__((constructor)) static void loaded(void) {
    leave(HELD "-loaded");
    if (WHEN == LOADING)
        go_wrong();
}

int vk_icdNegotiateLoaderICDInterfaceVersion(unsigned *version) {
    (void)version;
    if (WHEN == NEGOTIATE)
        go_wrong();
    return -3; /* VK_ERROR_INITIALIZATION_FAILED */
}
