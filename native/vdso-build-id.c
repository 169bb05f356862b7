/* The GNU build id among the notes of a vDSO image. */
#include "vdso-tables.h"

#include <string.h>

/* Notes are: name size, description size, type, name, description, each padded to 4 bytes. */
static void read_build_id(const struct image *image, const Elf64_Phdr *notes, struct vt_vdso_image *out)
{
	uint64_t at = notes->p_vaddr - image->bias, end = at + notes->p_filesz;
	Elf64_Nhdr note;
	char name[4];

	while (at < end && fetch(image, at, &note, sizeof(note))) {
		uint64_t name_at = at + sizeof(note), text_at = name_at + (((uint64_t)note.n_namesz + 3) & ~3ull);
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && fetch(image, name_at, name, 4) &&
		    memcmp(name, "GNU", 4) == 0 && note.n_descsz <= sizeof(out->build_id) &&
		    fetch(image, text_at, out->build_id, note.n_descsz)) {
			out->build_id_bytes = note.n_descsz;
			return;
		}
		at = text_at + (((uint64_t)note.n_descsz + 3) & ~3ull);
	}
}

void find_build_id(const struct image *image, struct vt_vdso_image *out)
{
	Elf64_Phdr header;

	for (uint32_t i = 0; segment(image, i, &header); i++)
		if (header.p_type == PT_NOTE && out->build_id_bytes == 0)
			read_build_id(image, &header, out);
}
