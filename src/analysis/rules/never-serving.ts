import { fallbackSources } from './switch-clocksource.ts';

/** No kernel since 4.7 reads these in user space (arch/x86/kernel/hpet.c, drivers/clocksource). */
export const neverServing: ReadonlySet<string> = new Set([...fallbackSources, 'hyperv_clocksource_msr']);
