/* Makes the kernel itself log "NAME: renamed from lo", in a network namespace that ends with this process. */
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct ifreq rename = { .ifr_name = "lo" };
	int fd;

	if (argc != 2 || strlen(argv[1]) >= IFNAMSIZ || unshare(CLONE_NEWNET) != 0)
		return 1;
	strcpy(rename.ifr_newname, argv[1]);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFNAME, &rename) != 0) {
		perror("rename");
		return 1;
	}
	return 0;
}
