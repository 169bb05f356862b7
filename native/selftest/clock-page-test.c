#include "../vdsotop.h"
#include "selftest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static bool find_vvar(uint64_t *address, uint64_t *size)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long long start, end;
	char line[512];
	bool found = false;

	while (maps != NULL && !found && fgets(line, sizeof(line), maps) != NULL)
		found = strstr(line, "[vvar]") != NULL && sscanf(line, "%llx-%llx", &start, &end) == 2;
	if (maps != NULL)
		fclose(maps);
	if (found) {
		*address = start;
		*size = end - start;
	}
	return found;
}

static void check_real_page(uint64_t address, uint64_t size)
{
	struct vt_clock_page first, second;
	int32_t result = vt_clock_page_read(address, size, 0, &first);

	if (result == -ENOTSUP) {
		skip("the layout of this kernel's [vvar] is not one of those known (or we are in a time namespace)");
		return;
	}
	check(result == 0, "own [vvar] is recognised");
	check(first.seq % 2 == 0, "seq %u is even", first.seq);
	check(first.offset == 0 || first.offset == 0x80, "clock data at offset 0x%x, mode %d", first.offset,
	      first.clock_mode);
	nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	result = vt_clock_page_read(address, size, 0, &second);
	uint32_t advanced = second.seq - first.seq;
	check(result == 0 && advanced > 0 && advanced % 2 == 0 && advanced < 20000,
	      "seq advanced by twos in 100 ms (%u)", advanced);
	check(second.read_at_ns - first.read_at_ns >= 100000000, "the readings are 100 ms apart");
	check(second.offset == first.offset && second.clock_mode == first.clock_mode, "layout and mode stay");
}

/* Pages that are not the kernel's must not be taken for it, whatever is in them. */
static void check_other_pages(uint64_t page_size)
{
	uint8_t *pages = mmap(NULL, 2 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t address = (uint64_t)(uintptr_t)pages;
	struct vt_clock_page out;

	check(vt_clock_page_read(address, page_size, 0, &out) == -ENOTSUP, "a page of zeros is ENOTSUP");
	memset(pages, 0xff, page_size);
	check(vt_clock_page_read(address, page_size, 0, &out) == -ENOTSUP, "a page of ones is ENOTSUP");
	for (uint64_t i = 0; i < page_size; i++)
		pages[i] = (uint8_t)(i * 37 + (i >> 8));
	check(vt_clock_page_read(address, page_size, 1, &out) == -ENOTSUP, "a patterned page is ENOTSUP");
	check(vt_clock_page_read(address, page_size - 1, 0, &out) == -EINVAL, "less than a page is EINVAL");
	check(vt_clock_page_read(address + 8, page_size, 0, &out) == -EINVAL, "an unaligned address is EINVAL");
	check(vt_clock_page_read(0, page_size, 0, &out) == -EINVAL, "no address is EINVAL");

	/* The second page may not be touched unless the first one says so. */
	mprotect(pages + page_size, page_size, PROT_NONE);
	check(vt_clock_page_read(address, 2 * page_size, 1, &out) == -ENOTSUP, "the second page is left alone");
	munmap(pages, 2 * page_size);
}

/* What a time namespace shows: a first page that only says so, and the data on another. */
static void check_timens(uint64_t page_size, uint64_t vvar)
{
	uint8_t *pages = mmap(NULL, 2 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const uint32_t timens[2] = { 1, 0x7fffffff };
	bool recognised = false;
	struct vt_clock_page out;

	memcpy(pages, timens, sizeof(timens));
	/* A copy is the time of the last tick: until the next one it is right. */
	for (int i = 0; i < 200 && !recognised; i++) {
		memcpy(pages + page_size, (const void *)(uintptr_t)vvar, page_size);
		recognised = vt_clock_page_read((uint64_t)(uintptr_t)pages, 2 * page_size, 1, &out) == 0;
	}
	check(recognised, "behind a time namespace's page the data is found");
	check(vt_clock_page_read((uint64_t)(uintptr_t)pages, 2 * page_size, 0, &out) == -ENOTSUP,
	      "and it is ENOTSUP where that page is unknown");
	munmap(pages, 2 * page_size);
}

void test_clock_page(void)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE), address, size;
	struct vt_clock_page out;

	check_other_pages(page_size);
	if (!find_vvar(&address, &size)) {
		skip("this process has no [vvar]");
		return;
	}
	check_real_page(address, size);
	if (vt_clock_page_read(address, size, 0, &out) == 0)
		check_timens(page_size, address);
}
