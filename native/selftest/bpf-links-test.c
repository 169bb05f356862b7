#include "../vdsotop.h"
#include "selftest.h"

#include <errno.h>
#include <stdlib.h>

void test_bpf_links(void)
{
	/* On the heap, so that the sanitizer sees a write past its end. */
	struct vt_bpf_link *one = malloc(sizeof(*one));
	uint32_t after = 0, count = 0;
	int32_t result;

	while ((result = vt_bpf_links(after, one, 1)) == 1) {
		if (!check(one->id > after, "link %u comes after %u (%s)", one->id, after, one->name))
			break;
		after = one->id;
		count++;
	}
	if (result == -EPERM || result == -ENOSYS || result == -EINVAL)
		skip("BPF links are listed with CAP_SYS_ADMIN, by Linux 5.8 (%d)", result);
	else
		check(result == 0, "the list of links ends, after %u: %d", count, result);
	check(vt_bpf_links(0, one, 0) == 0, "without room nothing is asked");
	free(one);
}
