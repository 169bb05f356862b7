#include "../vdsotop.h"
#include "selftest.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void test_task_fd_query(void)
{
	struct vt_task_fd out;
	int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int32_t result = vt_task_fd_query((uint32_t)getpid(), (uint32_t)file, &out);

	close(file);
	if (result == -EPERM || result == -ENOSYS) {
		skip("what a descriptor is asks for CAP_SYS_ADMIN (%d)", result);
		return;
	}
	check(result == -ENOTSUP, "a file is no BPF descriptor: %d", result);
	check(out.kind == 0 && out.program_id == 0 && out.name[0] == '\0', "nothing is said of it");
	check(vt_task_fd_query((uint32_t)getpid(), 1000000, &out) == -EBADF, "no such descriptor: EBADF");
	check(vt_task_fd_query(0x7ffffffe, 0, &out) == -ENOENT, "no such process: ENOENT");
}
