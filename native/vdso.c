/*
 * Reads a vDSO image: what it exports, its build id, which hash tables it has. The image may come from another process,
 * so nothing in it is believed.
 */
#include "vdso-tables.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

int32_t vt_vdso_parse(const uint8_t *bytes, uint64_t size, struct vt_vdso_image *out, struct vt_vdso_symbol *symbols,
		      uint32_t capacity)
{
	struct tables tables = { 0 };
	struct image image;

	memset(out, 0, sizeof(*out));
	if (!open_image(&image, bytes, size) || !measure(&image, &tables))
		return -EINVAL;
	find_tables(&image, &tables);
	if (tables.symbols == 0 || tables.strings == 0)
		return -ENOEXEC;
	uint64_t by_sysv = count_by_sysv_hash(&image, tables.sysv_hash);
	uint64_t by_gnu = count_by_gnu_hash(&image, tables.gnu_hash);
	uint64_t count = by_sysv ? by_sysv : by_gnu ? by_gnu : count_by_sections(&image);
	int32_t written = read_symbols(&image, &tables, count, symbols, capacity);
	if (written < 0)
		return written;
	find_build_id(&image, out);
	out->size_bytes = tables.end;
	out->symbol_count = (uint32_t)written;
	out->hash_tables = (by_sysv ? VT_HASH_SYSV : 0) | (by_gnu ? VT_HASH_GNU : 0);
	return 0;
}

int32_t vt_vdso_own(struct vt_vdso_image *out, struct vt_vdso_symbol *symbols, uint32_t capacity)
{
	uintptr_t base = getauxval(AT_SYSINFO_EHDR);
	struct tables tables = { 0 };
	struct image image;

	if (base == 0)
		return -ENOENT;
	/* Only the first page is known to be mapped until the program headers say more. */
	if (!open_image(&image, (const uint8_t *)base, (uint64_t)sysconf(_SC_PAGESIZE)) || !measure(&image, &tables))
		return -EINVAL;
	int32_t result = vt_vdso_parse((const uint8_t *)base, tables.end, out, symbols, capacity);
	out->base = base;
	return result;
}
