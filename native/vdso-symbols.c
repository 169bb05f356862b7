/* The functions that a vDSO exports. */
#include "vdso-tables.h"

#include <errno.h>
#include <string.h>

/* Printable ASCII that fits, or false: the name goes to a terminal one day. */
static bool fetch_name(const struct image *image, const struct tables *tables, uint32_t index, char to[56])
{
	memset(to, 0, 56);
	for (uint64_t i = 0; i < 56; i++) {
		if ((tables->strings_size != 0 && index + i >= tables->strings_size) ||
		    !fetch(image, tables->strings + index + i, &to[i], 1))
			return false;
		if (to[i] == '\0')
			return i > 0;
		if (to[i] <= ' ' || to[i] > '~')
			return false;
	}
	return false;
}

static bool is_function(const Elf64_Sym *symbol)
{
	int type = ELF64_ST_TYPE(symbol->st_info);

	return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx < SHN_LORESERVE &&
	       (type == STT_FUNC || type == STT_NOTYPE);
}

int32_t read_symbols(const struct image *image, const struct tables *tables, uint64_t count,
		     struct vt_vdso_symbol *symbols, uint32_t capacity)
{
	struct vt_vdso_symbol found;
	uint32_t written = 0;
	Elf64_Sym symbol;

	for (uint64_t i = 0; i < count; i++) {
		if (!fetch_symbol(image, tables->symbols + i * ENTRY_SIZE(image, Sym), &symbol))
			break;
		found.offset = symbol.st_value - image->bias;
		if (!is_function(&symbol) || found.offset >= tables->end ||
		    !fetch_name(image, tables, symbol.st_name, found.name))
			continue;
		if (written == capacity)
			return -ENOSPC;
		symbols[written++] = found;
	}
	return (int32_t)written;
}
