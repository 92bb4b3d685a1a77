/** The headless program. Exit codes: 0, 2 for bad arguments or input, 1 otherwise. Messages with code and place go to standard error. */
import { asStudioError, type ErrorCode, errorText } from '../core/errors.ts';
import { type ArgumentRule, usage } from './arguments.ts';
import { endProgress } from './terminal.ts';

interface Command {
  rules: Record<string, ArgumentRule>;
  summary: string;
  run(list: readonly string[]): Promise<void>;
}

const commands: Record<string, () => Promise<Command>> = {
  train: () => import('./train.ts'),
  evaluate: () => import('./evaluate.ts'),
  data: () => import('./data.ts'),
};

/** What the person gave is wrong, not the machine. */
const input =
  /^(bad-argument|recipe-|shape-|data-|dataset-|file-|image-|caption-|row-|archive-|tokenizer-|bundle-|safetensors-|checkpoint-)/;
const exitCode = (code: ErrorCode) => (input.test(code) ? 2 : 1);

async function main(): Promise<number> {
  const [name = '', ...rest] = process.argv.slice(2);
  if (!Object.hasOwn(commands, name)) {
    process.stderr.write(`Commands: ${Object.keys(commands).join(', ')}. npm run <command> -- --help\n`);
    return 2;
  }
  const command = await commands[name]();
  if (rest.includes('--help')) {
    process.stdout.write(`${usage(name, command.summary, command.rules)}\n`);
    return 0;
  }
  try {
    await command.run(rest);
    return 0;
  } catch (caught) {
    const error = asStudioError(caught);
    const { title, body, action } = errorText(error.code, error.params, 'en');
    endProgress();
    process.stderr.write(`${error.code}: ${title}. ${body} ${action}\n`);
    if (error.code === 'internal' && error.cause instanceof Error)
      process.stderr.write(`${error.cause.stack}\n`);
    return exitCode(error.code);
  }
}

// Dawn's threads would keep the process; the streams are written by now.
const code = await main();
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
process.exit(code);
