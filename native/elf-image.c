/*
 * Every read is checked against the size that the caller gave. Format: elf(5). 32-bit structures are widened as they are
 * read.
 */
#include "elf-image.h"

#include <string.h>

bool fetch(const struct image *image, uint64_t offset, void *to, uint64_t size)
{
	if (offset > image->size || size > image->size - offset)
		return false;
	memcpy(to, image->bytes + offset, size);
	return true;
}

/* DEFINE_FETCH(name, Phdr, fields…): a function that reads an Elf64_Phdr from whichever class the image has. */
#define COPY1(a) to->a = narrow.a;
#define COPY2(a, ...) COPY1(a) COPY1(__VA_ARGS__)
#define COPY3(a, ...) COPY1(a) COPY2(__VA_ARGS__)
#define COPY4(a, ...) COPY1(a) COPY3(__VA_ARGS__)
#define COPY5(a, ...) COPY1(a) COPY4(__VA_ARGS__)
#define DEFINE_FETCH(name, type, copies)                                                                               \
	bool name(const struct image *image, uint64_t offset, Elf64_##type *to)                                        \
	{                                                                                                              \
		Elf32_##type narrow;                                                                                   \
		if (image->wide)                                                                                       \
			return fetch(image, offset, to, sizeof(*to));                                                  \
		if (!fetch(image, offset, &narrow, sizeof(narrow)))                                                    \
			return false;                                                                                  \
		memset(to, 0, sizeof(*to));                                                                            \
		copies return true;                                                                                    \
	}
static DEFINE_FETCH(fetch_header, Ehdr, COPY5(e_phoff, e_shoff, e_phnum, e_phentsize, e_shnum) COPY1(e_shentsize))
static DEFINE_FETCH(fetch_segment, Phdr, COPY5(p_type, p_offset, p_vaddr, p_filesz, p_memsz))
DEFINE_FETCH(fetch_section, Shdr, COPY5(sh_type, sh_offset, sh_size, sh_entsize, sh_link))
DEFINE_FETCH(fetch_symbol, Sym, COPY4(st_name, st_value, st_shndx, st_info))
DEFINE_FETCH(fetch_dynamic, Dyn, COPY2(d_tag, d_un.d_val))

bool open_image(struct image *image, const uint8_t *bytes, uint64_t size)
{
	const uint8_t order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;

	*image = (struct image){ .bytes = bytes, .size = size };
	if (size < EI_NIDENT || memcmp(bytes, ELFMAG, SELFMAG) != 0 || bytes[EI_DATA] != order)
		return false;
	if (bytes[EI_CLASS] != ELFCLASS64 && bytes[EI_CLASS] != ELFCLASS32)
		return false;
	image->wide = bytes[EI_CLASS] == ELFCLASS64;
	return fetch_header(image, 0, &image->header) && image->header.e_phentsize == ENTRY_SIZE(image, Phdr);
}

bool segment(const struct image *image, uint32_t index, Elf64_Phdr *to)
{
	return index < image->header.e_phnum &&
	       fetch_segment(image, image->header.e_phoff + (uint64_t)index * image->header.e_phentsize, to);
}
