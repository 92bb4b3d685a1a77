/** The process of one engine under Node: opens Dawn, then does what it is sent. */
import { create, globals } from 'webgpu';
import { type Command, Host, obey } from '../host.ts';
import { readClipTiny } from './reference.ts';
import type { Answer } from './remote.ts';

Object.assign(globalThis, globals);
const { counting, flags } = JSON.parse(process.env.BENCH_OPTIONS!) as { counting: boolean; flags: string[] };
const gpu = create(flags);
// What the peers ask a browser for.
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu, userAgent: 'node' },
  configurable: true,
});
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const host = new Host({ gpu, reference: readClipTiny(), cpu }, counting);

process.on('message', async (command: Command) => {
  let answer: Answer;
  try {
    answer = { value: await obey(host, command) };
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  process.send!(answer);
});
process.on('disconnect', () => process.exit(0));
