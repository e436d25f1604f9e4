/* A Vulkan driver that goes wrong, in the way that WRONG names. While the file HELD
   is there, it hangs. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NEGOTIATE 1
#define LOADING 2

static void go_wrong(void) {
    while (access(HELD, F_OK) == 0)
        usleep(1000);
    WRONG;
}

__attribute__((constructor)) static void loaded(void) {
    if (WHEN == LOADING)
        go_wrong();
}

int vk_icdNegotiateLoaderICDInterfaceVersion(unsigned *version) {
    (void)version;
    if (WHEN == NEGOTIATE)
        go_wrong();
    return -3; /* VK_ERROR_INITIALIZATION_FAILED */
}
