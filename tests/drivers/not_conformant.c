/* The Vulkan driver REAL, which says that it has passed no conformance tests. */
#include <dlfcn.h>
#include <string.h>

typedef void (*Function)(void);
typedef Function (*Lookup)(void *instance, const char *name);

struct Chained {
    int type;
    struct Chained *next;
};

/* VkPhysicalDeviceDriverProperties */
#define DRIVER_PROPERTIES 1000196000
#define CONFORMANCE_VERSION 532

static void (*properties)(void *device, struct Chained *found);

static Function of_real(const char *name) {
    return (Function)dlsym(dlopen(REAL, RTLD_NOW), name);
}

static void without_conformance(void *device, struct Chained *found) {
    properties(device, found);
    for (; found; found = found->next)
        if (found->type == DRIVER_PROPERTIES)
            memset((char *)found + CONFORMANCE_VERSION, 0, 4);
}

int vk_icdNegotiateLoaderICDInterfaceVersion(unsigned *version) {
    return ((int (*)(unsigned *))of_real("vk_icdNegotiateLoaderICDInterfaceVersion"))(version);
}

Function vk_icdGetInstanceProcAddr(void *instance, const char *name) {
    Function found = ((Lookup)of_real("vk_icdGetInstanceProcAddr"))(instance, name);
    if (!found || strncmp(name, "vkGetPhysicalDeviceProperties2", 30) != 0)
        return found;
    properties = (void (*)(void *, struct Chained *))found;
    return (Function)without_conformance;
}
