// Run as the first process of a PID namespace: counts a workload beside itself and prints the Count as JSON.
import { countWorkload } from './count-workload.ts';

console.log(JSON.stringify(await countWorkload(['--rate', 'hot'], 1_000)));
