// The C library's allocator settings, which Swift's Glibc module leaves out.
#include <malloc.h>
