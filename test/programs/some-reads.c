/* Makes N reads of CLOCK_THREAD_CPUTIME_ID, which no vDSO serves, and ends with 3: some-reads N */
#include <stdlib.h>
#include <time.h>

int main(int count, char **texts)
{
	struct timespec now;

	for (long left = count > 1 ? atol(texts[1]) : 0; left > 0; left--)
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return 3;
}
