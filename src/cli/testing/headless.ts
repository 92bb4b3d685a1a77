/** What tests of the headless program need: a folder of drawn pictures with captions, a recipe that trains in seconds, and the program run as people run it. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { tinyRecipe } from '../../training/testing/tinySession.ts';

const colours = { red: '#d02020', green: '#20a040', blue: '#2040d0', white: '#f0f0f0' };
const sides = { small: 6, big: 12 };

/** A new folder with `pictures/` (24 pictures, a text beside each), `recipe.json` and room for results. */
export async function workplace(steps: number): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'amalgam-cli-'));
  const folder = join(root, 'pictures');
  await mkdir(folder);
  let count = 0;
  for (const [colour, hex] of Object.entries(colours))
    for (const [size, side] of Object.entries(sides))
      for (const place of ['left', 'middle', 'right'] as const) {
        const name = `${String(count++).padStart(2, '0')}-${colour}`;
        const square = await sharp({ create: { width: side, height: side, channels: 3, background: hex } })
          .png()
          .toBuffer();
        await sharp({ create: { width: 32, height: 32, channels: 3, background: '#101010' } })
          .composite([{ input: square, top: 10, left: { left: 1, middle: 10, right: 19 }[place] }])
          .png()
          .toFile(join(folder, `${name}.png`));
        await writeFile(join(folder, `${name}.txt`), `a ${size} ${colour} square on the ${place}\n`);
      }
  const recipe = tinyRecipe({ batch: 4, accumulate: 2, steps, validateEvery: 4, checkpointEvery: 4 });
  await writeFile(join(root, 'recipe.json'), JSON.stringify(recipe));
  return root;
}

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command in a process of its own; `interruptAt` sends Ctrl+C once standard error says that. */
export function headless(
  list: readonly string[],
  options: { interruptAt?: RegExp; environment?: Record<string, string> } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...list], {
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    let sent = false;
    child.stdout.on('data', (text: Buffer) => {
      outcome.stdout += text;
    });
    child.stderr.on('data', (text: Buffer) => {
      outcome.stderr += text;
      if (!sent && options.interruptAt?.test(outcome.stderr)) {
        sent = true;
        child.kill('SIGINT');
      }
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...outcome, code }));
  });
}

/** The rows of a `metrics.jsonl`. */
export async function rowsOf(path: string): Promise<Record<string, number | null>[]> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return lines.map((line): Record<string, number | null> => JSON.parse(line));
}
