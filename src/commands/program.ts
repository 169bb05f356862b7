import { Argument, Command, type CommanderError, Option } from 'commander';
import { shareFormats } from '../capsule/share-formats.ts';
import { type ClocksOptions, clocks } from './clocks.ts';
import { demo } from './demo.ts';
import type { DiffOptions } from './diff.ts';
import { diffOptions, screenOptions, type WatchOptions, watchOptions } from './options.ts';
import { parseDuration } from './parse-duration.ts';
import { printReport, type ReportOptions } from './print-report.ts';
import { refuseUnheard } from './refuse-unheard.ts';
import type { ReplayOptions } from './replay.ts';
import { runCommand } from './run-command.ts';
import type { SnapshotOptions } from './snapshot.ts';
import { exitCodes, UserError } from './user-error.ts';
import { version } from './version.ts';
import { watch } from './watch.ts';

/**
 * The command line, from which --help, the README's table and the man page are made. `command` is what stands after --
 * (split-at-dashes.ts), which is not looked at here: it may have the name of a subcommand.
 */
export function createProgram(command: readonly string[] = []): Command {
  const program = watching(new Command('vdsotop'))
    .description(
      'Show live what a process pays for reading the clock: which reads miss the vDSO, their price, and why.',
    )
    .version(version, '-V, --version')
    .usage('[options] [-- command…]')
    .helpCommand('help [command]', 'display help for command')
    .addHelpText('after', examples)
    .addArgument(new Argument('[command...]', 'after --: a command to start and watch; its exit status is kept'))
    .allowExcessArguments(false)
    .enablePositionalOptions()
    .passThroughOptions()
    .action(async ([stray]: readonly string[], options: WatchOptions) => {
      if (stray !== undefined) throw unexpected(stray);
      if (command.length === 0) return watch(options.pid, options);
      if (options.pid !== undefined)
        throw new UserError('-p watches a process and -- starts a command: give one of them', exitCodes.usage);
      return runCommand(command, options);
    });
  watching(program.command('demo', { hidden: false }))
    .description('Start the bundled workload (fast, slow and direct clock reads at stated rates) and watch it.')
    .action((options: WatchOptions) => {
      if ((options.pid ?? program.opts<WatchOptions>().pid) !== undefined)
        throw new UserError('demo watches its own workload: leave -p out', exitCodes.usage);
      refuseOptionsBefore('demo', program);
      return demo(options);
    });
  reporting(program.command('report'))
    .description('Watch for a while, print one report and exit.')
    .action(async (options: ReportOptions, command: Command) => {
      refuseOptionsBefore('report', program);
      if (options.from === undefined) return printReport(options.pid, options);
      refuseProcess(options, '--from reports on a file and -p on a process');
      refuseUnheard(command, insteadOfFile);
      const { reportFrom } = await import('./replay.ts');
      return reportFrom(options.from, options.json);
    });
  lasting(watching(program.command('snapshot')))
    .description('Watch for a while and save the screen: as pictures that keep their data inside, and as text.')
    .option('-o, --output <file>', `where to save; by its ending .${shareFormats.join(' .')}; may be repeated`, collect)
    .option('--from <file>', 'draw what was saved or recorded instead of watching')
    .action(async (options: SnapshotOptions, command: Command) => {
      refuseOptionsBefore('snapshot', program);
      if (options.from !== undefined) {
        refuseProcess(options, '--from draws a file and -p a process');
        refuseUnheard(command, insteadOfFile);
      }
      if (options.trigger === undefined && command.getOptionValueSource('out') === 'cli')
        throw new UserError(
          '--out is where --trigger saves: name the folder of a file with it, as in -o FOLDER/FILE.svg',
          exitCodes.usage,
        );
      const { snapshot } = await import('./snapshot.ts');
      return snapshot(options);
    });
  replaying(program.command('replay'))
    .description('Open what was saved or recorded: SVG, PNG, JSON, or NDJSON plain or in gzip. Judged anew.')
    .argument('<file>', 'a capsule in any of its forms')
    .action(async (file: string, options: ReplayOptions) => {
      refuseOptionsBefore('replay', program);
      if (options.json && options.asciicast !== undefined)
        throw new UserError('--json and --asciicast are two forms: give one of them', exitCodes.usage);
      // What opens files is not loaded by what watches.
      const { replay } = await import('./replay.ts');
      return replay(file, options);
    });
  diffing(program.command('diff'))
    .description(
      'Compare two captures: what changed by more than noise, and what else changed. One -p alone is watched twice.',
    )
    .argument('[files...]', 'the capture before and the one after; what -p names comes behind them')
    .action(async (files: readonly string[], options: DiffOptions, command: Command) => {
      refuseOptionsBefore('diff', program);
      if (options.json && options.markdown)
        throw new UserError('--json and --markdown are two forms: give one of them', exitCodes.usage);
      if (files.length === 2 && options.pid.length === 0) refuseUnheard(command, 'give -p PID instead of a file');
      const { diff } = await import('./diff.ts');
      return diff(files, options);
    });
  quiet(program.command('clocks'))
    .description('Say which clock ids the vDSO answers: on this host as timed now, and by kernel version and machine.')
    .option('--json', 'print it as JSON', false)
    .option('--arch <name>', 'tell about another machine: x86_64, i386, aarch64, riscv64')
    .option('--kernel <release>', 'tell about another kernel, such as 5.10')
    .action((options: ClocksOptions) => {
      refuseOptionsBefore('clocks', program);
      return clocks(options);
    });
  return program
    .configureOutput({ writeErr: () => {} })
    .exitOverride(toUserError)
    .showHelpAfterError(false);
}

/** For who meets it at night: --help ends with these, next to the prompt. */
const examples = `
Examples:
  vdsotop                     pick a process from a list
  vdsotop -p PID              watch it live: ? lists the keys, q quits
  vdsotop report -p PID       two seconds of it, as text for a ticket
  vdsotop report -p PID --json
  vdsotop demo                a workload to try it on
Root on the host sees everything; without it, what is denied is named. The target is never stopped.`;

function watching(command: Command): Command {
  for (const option of watchOptions) command.addOption(option);
  return quiet(command);
}

function reporting(command: Command): Command {
  return lasting(watching(command))
    .option('--json', 'print the report as JSON', false)
    .option('--from <file>', 'report on what was saved or recorded instead of watching');
}

function lasting(command: Command): Command {
  return command.addOption(
    new Option('-d, --duration <time>', 'how long to watch, from 100ms to 1h')
      .default(2_000, '2s')
      .argParser((text) => parseDuration(text, '--duration', { minMs: 100, maxMs: 3_600_000 })),
  );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function replaying(command: Command): Command {
  for (const option of screenOptions) command.addOption(option);
  return quiet(command)
    .option('--json', 'print the report as JSON', false)
    .option('--asciicast <file>', 'write the screen as it plays to a new asciicast (version 3), 120 columns wide');
}

function diffing(command: Command): Command {
  for (const option of diffOptions) command.addOption(option);
  return quiet(command);
}

/** Errors become UserErrors in `toUserError`, so commander itself prints none. */
function quiet(command: Command): Command {
  return command.configureOutput({ writeErr: () => {} }).exitOverride(toUserError);
}

/** --help and --version end a command too, but are no failure: commander has printed them already. */
function toUserError(error: CommanderError): never {
  if (error.exitCode === exitCodes.ok) process.exit(exitCodes.ok);
  const said = error.message
    .replace(/^error: /, '')
    .replace(/\.?\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  const stray = error.code === 'commander.excessArguments' && /Expected 0 arguments/.test(said);
  const hint = stray ? 'to start and watch a command: vdsotop -- COMMAND; ' : '';
  throw new UserError(`${said}; ${hint}see vdsotop --help`, exitCodes.usage);
}

/** Options before a subcommand's name would be the main command's, and go unheard. */
function refuseOptionsBefore(name: string, program: Command): void {
  const given = program.options.find((option) => program.getOptionValueSource(option.attributeName()) === 'cli');
  if (given !== undefined)
    throw new UserError(
      `${given.long} stands before '${name}': options of '${name}' come after it, as in vdsotop ${name} ${given.long} …`,
      exitCodes.usage,
    );
}

function refuseProcess({ pid }: WatchOptions, both: string): void {
  if (pid !== undefined) throw new UserError(`${both}: give one of them`, exitCodes.usage);
}

const insteadOfFile = 'give -p PID instead of --from';

function unexpected(argument: string): UserError {
  const hint = `to watch a process: vdsotop -p ${argument}; to start and watch a command: vdsotop -- ${argument}`;
  return new UserError(`unexpected argument '${argument}'; ${hint}`, exitCodes.usage);
}
