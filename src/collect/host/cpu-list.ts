/** The CPUs that a kernel list names: '0-2,8' is 0, 1, 2, 8; undefined for what is not a list (cpulist of bitmap.c). */
export function cpusOfList(list: string): readonly number[] | undefined {
  const cpus: number[] = [];
  for (const range of list.split(',').filter((part) => part.trim() !== '')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(range.trim());
    if (match === null) return undefined;
    const first = Number(match[1]);
    for (let cpu = first; cpu <= Number(match[2] ?? first); cpu += 1) cpus.push(cpu);
  }
  return cpus;
}
