/** How many a kernel list names: '0-3,8' is 5, '' is 0; undefined for what is not a list (cpulist of bitmap.c). */
export function countCpuList(list: string): number | undefined {
  let count = 0;
  for (const range of list.split(',').filter((part) => part !== '')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(range.trim());
    if (match === null) return undefined;
    const first = Number(match[1]);
    count += Number(match[2] ?? first) - first + 1;
  }
  return count;
}
