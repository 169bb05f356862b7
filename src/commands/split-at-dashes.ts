import type { Command } from 'commander';

/** What vdsotop itself is asked, and a command to start and watch. */
interface Split {
  readonly own: readonly string[];
  readonly command: readonly string[];
}

/**
 * Arguments parted at the first --, unless a word stands before it that is no option: that is a subcommand, to which --
 * means what it means everywhere. commander would drop the -- and take the word after it for a subcommand. Which words
 * belong to options is for a program to know, which is of no other use after that.
 */
export function splitAtDashes(args: readonly string[], createProgram: () => Command): Split {
  const dashes = args.indexOf('--');
  if (dashes < 0) return { own: args, command: [] };
  const own = args.slice(0, dashes);
  const { operands } = createProgram().parseOptions([...own]);
  return operands.length > 0 ? { own: args, command: [] } : { own, command: args.slice(dashes + 1) };
}
