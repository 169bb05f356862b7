/* Bounded reading of an ELF image in memory that nobody vouches for (elf-image.c): for the files that read a vDSO. */
#ifndef VDSOTOP_ELF_IMAGE_H
#define VDSOTOP_ELF_IMAGE_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

struct image {
	const uint8_t *bytes;
	uint64_t size;
	bool wide;     /* ELFCLASS64 */
	uint64_t bias; /* virtual address of the image's first byte */
	Elf64_Ehdr header;
};

/* False for what is no ELF image of this byte order, of 32 or 64 bits. `bias` stays 0. */
bool open_image(struct image *image, const uint8_t *bytes, uint64_t size);

/* Copies `size` bytes at `offset`, or false where the image does not reach so far. */
bool fetch(const struct image *image, uint64_t offset, void *to, uint64_t size);

/* A structure from whichever class the image has, 32-bit ones widened: the fields in use, the others 0. */
bool fetch_section(const struct image *image, uint64_t offset, Elf64_Shdr *to);
bool fetch_symbol(const struct image *image, uint64_t offset, Elf64_Sym *to);
bool fetch_dynamic(const struct image *image, uint64_t offset, Elf64_Dyn *to);

/* The segment number `index`, if the table lies inside the image that far. */
bool segment(const struct image *image, uint32_t index, Elf64_Phdr *to);

static inline uint64_t entry_size(const struct image *image, uint64_t wide, uint64_t narrow)
{
	return image->wide ? wide : narrow;
}

/* Of one Elf64_Sym or Elf32_Sym (`type` Sym), and so on. */
#define ENTRY_SIZE(image, type) entry_size(image, sizeof(Elf64_##type), sizeof(Elf32_##type))

#endif
