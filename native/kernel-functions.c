#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu-samples.h"

static bool matches(const char *name, size_t length, const char *names)
{
	for (const char *line = names; *line != '\0';) {
		const size_t wanted = strcspn(line, "\n");
		const bool prefix = wanted > 0 && line[wanted - 1] == '*';

		if (prefix ? length >= wanted - 1 && memcmp(name, line, wanted - 1) == 0
			   : length == wanted && memcmp(name, line, wanted) == 0)
			return true;
		line += wanted + (line[wanted] == '\n');
	}
	return false;
}

struct ranges {
	struct vt_address_range *list;
	uint32_t capacity, count;
	bool open;   /* the last one has no end yet */
	bool hidden; /* no address but 0 so far */
};

/* "ffffffff81000080 T entry_SYSCALL_64", and a tab with the module's name in brackets behind those of modules. */
static void take_symbol(struct ranges *ranges, const char *line, const char *names)
{
	char *rest;
	const uint64_t address = strtoull(line, &rest, 16);
	const size_t length = rest[0] == ' ' && rest[1] != '\0' && rest[2] == ' ' ? strcspn(rest + 3, "\t\n") : 0;

	if (address == 0 || length == 0 || rest[3 + length] == '\t')
		return;
	ranges->hidden = false;
	if (ranges->open && address > ranges->list[ranges->count - 1].start) {
		ranges->list[ranges->count - 1].end = address;
		ranges->open = false;
	}
	if ((rest[1] != 't' && rest[1] != 'T') || ranges->open || ranges->count == ranges->capacity ||
	    !matches(rest + 3, length, names))
		return;
	ranges->list[ranges->count++] = (struct vt_address_range){ address, address };
	ranges->open = true;
}

int32_t vt_kernel_functions(const char *path, const char *names, struct vt_address_range *list, uint32_t capacity)
{
	struct ranges ranges = { .list = list, .capacity = capacity, .hidden = true };
	char line[1024];
	int failed;
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return -errno;
	while (fgets(line, sizeof(line), file) != NULL)
		take_symbol(&ranges, line, names);
	/* What was not read to its end has functions that are not among them. */
	failed = ferror(file);
	fclose(file);
	if (failed)
		return -EIO;
	return ranges.hidden ? -ENODATA : (int32_t)ranges.count;
}
