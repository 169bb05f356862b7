#include "../cpu-samples.h"
#include "selftest.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS = 1000, ROOM = 8, MOST = 3000 };

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static const char *const pieces[] = {
	"ffffffff81000080", "0000000000000000", "ffffffffffffffff", "1", " T ", " t ", " D ", "  ", "\t[module]", "\n", "\n",
	"\n",  "entry_SYSCALL_64", "ktime_get", "ktime_get_raw", "\033[31m", "-5", "0x10", "99999999999999999999999",
};

/* Lines of kallsyms with anything in any place of them, NUL bytes and lines of thousands of characters too. */
static size_t write_nonsense(char *text, uint32_t *random)
{
	size_t length = 0;

	while (length < MOST) {
		const uint32_t kind = next_random(random) % 40;
		const char *piece = pieces[next_random(random) % (sizeof(pieces) / sizeof(pieces[0]))];

		if (kind == 0) {
			text[length++] = (char)next_random(random);
		} else if (kind == 1) {
			const size_t run = next_random(random) % 1500;

			memset(text + length, 'a', run);
			length += run;
		} else {
			memcpy(text + length, piece, strlen(piece));
			length += strlen(piece);
		}
	}
	return length;
}

/* In the order of the file, which is that of addresses, none reaches beyond the next one's start. */
static bool is_sane(const struct vt_address_range *ranges, int32_t count)
{
	if (count > ROOM || (count < 0 && count != -ENODATA))
		return false;
	for (int32_t i = 0; i < count; i++)
		if (ranges[i].start == 0 || ranges[i].end < ranges[i].start)
			return false;
	return true;
}

void test_hostile_kernel_functions(void)
{
	char path[] = "/tmp/vdsotop-kallsyms-XXXXXX";
	char *text = malloc(2 * MOST);
	const int fd = mkstemp(path);
	struct vt_address_range ranges[ROOM];
	uint32_t random = 815, found = 0;
	bool sane = true;

	if (!check(fd >= 0, "a file of symbols can be written")) {
		free(text);
		return;
	}
	for (int round = 0; round < ROUNDS; round++) {
		const size_t length = write_nonsense(text, &random);
		int32_t count;

		if (ftruncate(fd, 0) < 0 || pwrite(fd, text, length, 0) != (ssize_t)length)
			break;
		count = vt_kernel_functions(path, "entry_SYSCALL_64\nktime_get*\n*\n\n", ranges, (uint32_t)round % ROOM);
		sane = sane && is_sane(ranges, count);
		found += count > 0;
	}
	check(sane, "a thousand files of nonsense give ranges that make sense");
	check(found > ROUNDS / 4, "many of them hold a function (%u)", found);
	check(vt_kernel_functions("/", "a", ranges, ROOM) == -EIO, "what cannot be read to its end is an error");
	close(fd);
	unlink(path);
	free(text);
}
