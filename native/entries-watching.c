/* The set of watched processes as we write to it. */
#include "entries-programs.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* Only the page with the byte is mapped, and for this moment: the whole set would be 4 MiB of our memory. */
static int32_t set_watched(const struct vt_entries *e, uint32_t tgid, uint8_t watched)
{
	const uint32_t page_bytes = (uint32_t)sysconf(_SC_PAGESIZE);
	const uint32_t at = tgid % page_bytes;
	uint8_t *page, before;

	if (tgid >= PID_LIMIT)
		return -EINVAL;
	page = mmap(NULL, page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, e->watched_fd, (off_t)(tgid - at));
	if (page == MAP_FAILED)
		return -errno;
	before = __atomic_exchange_n(&page[at], watched, __ATOMIC_ACQ_REL);
	munmap(page, page_bytes);
	return before;
}

int32_t vt_entries_watch(const struct vt_entries *entries, uint32_t tgid)
{
	return set_watched(entries, tgid, 1);
}

int32_t vt_entries_unwatch(const struct vt_entries *entries, uint32_t tgid)
{
	return set_watched(entries, tgid, 0);
}
