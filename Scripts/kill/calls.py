"""The system calls that change something outside of the program, or hear of a change, by machine."""

import platform

# Numbers from the kernel's tables: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
_X86_64 = {
    "write": 1, "pwrite64": 18, "writev": 20, "sendfile": 40, "connect": 42, "sendto": 44, "recvfrom": 45,
    "sendmsg": 46, "recvmsg": 47, "fsync": 74, "fdatasync": 75, "truncate": 76, "ftruncate": 77, "rename": 82,
    "mkdir": 83, "creat": 85, "link": 86, "unlink": 87, "openat": 257, "mkdirat": 258, "unlinkat": 263,
    "renameat": 264, "linkat": 265, "fallocate": 285, "pwritev": 296, "sendmmsg": 307, "renameat2": 316,
    "copy_file_range": 326, "msync": 26,
}
_AARCH64 = {
    "mkdirat": 34, "unlinkat": 35, "linkat": 37, "renameat": 38, "truncate": 45, "ftruncate": 46, "fallocate": 47,
    "openat": 56, "write": 64, "writev": 66, "pwrite64": 68, "pwritev": 70, "sendfile": 71, "fsync": 82,
    "fdatasync": 83, "connect": 203, "sendto": 206, "recvfrom": 207, "sendmsg": 211, "recvmsg": 212, "msync": 227,
    "sendmmsg": 269, "renameat2": 276, "copy_file_range": 285,
}

NUMBERS = {"x86_64": _X86_64, "aarch64": _AARCH64}.get(platform.machine(), {})
NAMES = {number: name for name, number in NUMBERS.items()}

#: Calls that name a file by its descriptor, which is their first argument.
ON_DESCRIPTOR = {
    "write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "ftruncate", "fallocate", "sendto", "recvfrom",
    "sendmsg", "recvmsg", "sendmmsg", "connect", "sendfile",
}
#: Calls that need room on the disk.
NEEDS_ROOM = {"write", "pwrite64", "writev", "pwritev", "fallocate", "ftruncate", "openat", "mkdir", "mkdirat"}
#: Where the path stands among the arguments of the others.
PATH_ARGUMENT = {
    "truncate": 0, "rename": 0, "mkdir": 0, "creat": 0, "link": 0, "unlink": 0, "openat": 1, "mkdirat": 1,
    "unlinkat": 1, "renameat": 1, "linkat": 1, "renameat2": 1,
}
