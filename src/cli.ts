import './commands/original-environment.ts';
import { nameOurselves } from './collect/process/name-ourselves.ts';
import { raiseOwnPriority } from './collect/process/own-priority.ts';
import { goOnWithoutReader } from './commands/go-on-without-reader.ts';
import { reportFailure } from './commands/report-failure.ts';
import { splitAtDashes } from './commands/split-at-dashes.ts';

goOnWithoutReader();
raiseOwnPriority();
nameOurselves();

// Ink's colours (chalk) know FORCE_COLOR and not NO_COLOR (https://no-color.org): translate before Ink is loaded.
// What stands after -- is another command's.
const dashes = process.argv.indexOf('--');
const ownArguments = dashes < 0 ? process.argv : process.argv.slice(0, dashes);
if (process.env.NO_COLOR || ownArguments.includes('--no-color')) {
  process.env.FORCE_COLOR = '0';
  delete process.env.NO_COLOR;
}

try {
  const { createProgram } = await import('./commands/program.ts');
  const { own, command } = splitAtDashes(process.argv.slice(2), createProgram);
  await createProgram(command).parseAsync(own, { from: 'user' });
} catch (error) {
  reportFailure(error);
}
