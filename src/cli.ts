import { reportFailure } from './commands/report-failure.ts';

// Ink's colours (chalk) know FORCE_COLOR and not NO_COLOR (https://no-color.org): translate before Ink is loaded.
if (process.env.NO_COLOR || process.argv.includes('--no-color')) {
  process.env.FORCE_COLOR = '0';
  delete process.env.NO_COLOR;
}

try {
  const { createProgram } = await import('./commands/program.ts');
  await createProgram().parseAsync(process.argv);
} catch (error) {
  reportFailure(error);
}
