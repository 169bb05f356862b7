import type { Command, Option } from 'commander';

export interface CommandDescription {
  readonly usage: string;
  readonly description: string;
  readonly options: readonly { readonly flags: string; readonly text: string }[];
}

/** The main command and its subcommands, each with only the options that the main one does not have. */
export function commandsOf(program: Command): readonly CommandDescription[] {
  const main = describe(program, program.options, 'vdsotop [options] [-- command…]');
  const shared = new Set(program.options.map(({ flags }) => flags));
  const others = program.commands.map((command) => {
    const own = command.options.filter(({ flags }) => !shared.has(flags));
    return describe(command, own, `vdsotop ${command.name()} [options]`);
  });
  return [main, ...others];
}

function describe(command: Command, options: readonly Option[], usage: string): CommandDescription {
  return {
    usage,
    description: command.description(),
    options: options.map((option) => ({ flags: option.flags, text: textOf(option) })),
  };
}

function textOf(option: Option): string {
  const choices = option.argChoices ? ` (${option.argChoices.join(', ')})` : '';
  const shown = option.defaultValueDescription ?? option.defaultValue;
  const byDefault = shown === undefined || typeof shown === 'boolean' ? '' : ` (default: ${shown})`;
  return `${option.description}${choices}${byDefault}`;
}
