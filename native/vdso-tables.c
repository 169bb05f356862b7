/* Program headers and dynamic section of a vDSO image. */
#include "vdso-tables.h"

#include <unistd.h>

/* First pass: where the image lies in its own addresses and how long it is. */
bool measure(struct image *image, struct tables *tables)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	bool loaded = false;
	Elf64_Phdr header;

	for (uint32_t i = 0; segment(image, i, &header); i++) {
		if (header.p_type != PT_LOAD)
			continue;
		if (!loaded)
			image->bias = header.p_vaddr - header.p_offset;
		loaded = true;
		uint64_t end = header.p_vaddr - image->bias + header.p_memsz;
		if (header.p_memsz > INT32_MAX || end > INT32_MAX)
			return false;
		if (end > tables->end)
			tables->end = end;
	}
	tables->end = (tables->end + page - 1) / page * page;
	return loaded;
}

static void find_dynamic(const struct image *image, struct tables *tables)
{
	Elf64_Phdr header;

	for (uint32_t i = 0; segment(image, i, &header); i++)
		if (header.p_type == PT_DYNAMIC) {
			tables->dynamic = header.p_vaddr - image->bias;
			tables->dynamic_size = header.p_filesz;
		}
}

/* The vDSO's dynamic section holds link-time addresses: nobody relocates it. */
static void read_dynamic(const struct image *image, struct tables *tables)
{
	uint64_t step = ENTRY_SIZE(image, Dyn);
	Elf64_Dyn entry;

	for (uint64_t at = 0; at + step <= tables->dynamic_size; at += step) {
		if (!fetch_dynamic(image, tables->dynamic + at, &entry) || entry.d_tag == DT_NULL)
			return;
		uint64_t offset = entry.d_un.d_ptr - image->bias;
		switch (entry.d_tag) {
		case DT_SYMTAB: tables->symbols = offset; break;
		case DT_STRTAB: tables->strings = offset; break;
		case DT_STRSZ: tables->strings_size = entry.d_un.d_val; break;
		case DT_HASH: tables->sysv_hash = offset; break;
		case DT_GNU_HASH: tables->gnu_hash = offset; break;
		}
	}
}

void find_tables(const struct image *image, struct tables *tables)
{
	find_dynamic(image, tables);
	read_dynamic(image, tables);
}
