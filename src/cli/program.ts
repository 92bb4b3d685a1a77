/**
 * Runs one of the commands and says how it went. Exit codes: 0; 2 for bad arguments or input; 130 and 143 when a signal ended it; 1
 * otherwise. Messages, with code and place, go to standard error; standard output has the result alone.
 */
import { asStudioError, type ErrorCode } from '../core/errors.ts';
import { errorText } from '../core/errorTexts.ts';
import { type ArgumentRules, usage } from './arguments.ts';
import { endProgress } from './terminal.ts';

interface Command {
  rules: ArgumentRules;
  summary: string;
  /** Gives the exit code. */
  run(list: readonly string[]): Promise<number>;
}

const commands: Record<string, () => Promise<Command>> = {
  train: () => import('./train.ts'),
  evaluate: () => import('./evaluate.ts'),
  data: () => import('./data.ts'),
  compare: () => import('./compare.ts'),
  preflight: () => import('./preflight.ts'),
  sweep: () => import('./sweep.ts'),
  export: () => import('./export.ts'),
};

/** What the person gave is wrong, not the machine. */
const input =
  /^(bad-argument|recipe-|split-|shape-|data-|dataset-|file-|image-|caption-|row-|archive-|tokenizer-|bundle-|safetensors-|checkpoint-|export-|branch-|run-missing)/;
const exitCode = (code: ErrorCode) => (input.test(code) ? 2 : 1);

/** @returns the exit code */
export async function runProgram([name = '', ...rest]: readonly string[]): Promise<number> {
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
    return await command.run(rest);
  } catch (caught) {
    const error = asStudioError(caught);
    const { title, body, action } = errorText(error.code, error.params, 'en');
    endProgress();
    const sentence = /[.!?…”)]$/.test(body) ? body : `${body}.`;
    process.stderr.write(`${error.code}: ${title}. ${sentence} ${action}\n`);
    if (error.code === 'internal' && error.cause instanceof Error)
      process.stderr.write(`${error.cause.stack}\n`);
    return exitCode(error.code);
  }
}
