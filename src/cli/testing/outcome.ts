/** The headless program in this process: much faster than one of its own. */
import { vi } from 'vitest';
import { runProgram } from '../program.ts';

/** Exit code and the last line of either stream. */
export async function outcome(...list: string[]): Promise<{ code: number; said: string; result: string }> {
  const said: string[] = [];
  const printed: string[] = [];
  const keep = (to: string[]) => (text: string | Uint8Array) => to.push(String(text)) > 0;
  const error = vi.spyOn(process.stderr, 'write').mockImplementation(keep(said));
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(keep(printed));
  try {
    const code = await runProgram(list);
    return { code, said: said.join('').trimEnd().split('\n').at(-1)!, result: printed.join('').trimEnd() };
  } finally {
    error.mockRestore();
    out.mockRestore();
  }
}
