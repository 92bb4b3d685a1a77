/** The headless program; see program.ts. Dawn's threads would keep the process, so it is ended when the result is written. */
import { runProgram } from './program.ts';

const code = await runProgram(process.argv.slice(2));
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
process.exit(code);
