import { expose, wrap } from 'comlink';
import { afterEach, describe, expect, it } from 'vitest';
import { StudioError } from '../core/errors.ts';
import { createJobs } from './jobs.ts';
import { fromWire, toWire } from './transfer.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** An api behind a real message channel. */
function across<T extends object>(api: T) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(api, port1);
  return wrap<T>(port2);
}

describe('errors across the boundary', () => {
  it('keep code, parameters, message and causes', async () => {
    const api = across({
      async fail(): Promise<void> {
        const root = new RangeError('too long');
        const middle = new StudioError('image-decode', { file: 'a.png', message: 'bad' }, { cause: root });
        throw new StudioError('data-empty', { message: 'nothing' }, { cause: middle });
      },
    });
    const error = await api.fail().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StudioError);
    expect(error).toMatchObject({
      code: 'data-empty',
      params: { message: 'nothing' },
      cause: {
        code: 'image-decode',
        params: { file: 'a.png' },
        cause: { name: 'RangeError', message: 'too long' },
      },
    });
    expect((error as StudioError).message).toBe(
      new StudioError('data-empty', { message: 'nothing' }).message,
    );
  });

  it('become StudioErrors when they were none', async () => {
    const api = across({
      async odd(): Promise<void> {
        throw new TypeError('odd');
      },
      async stopped(): Promise<void> {
        throw new DOMException('work', 'AbortError');
      },
    });
    await expect(api.odd()).rejects.toMatchObject({ code: 'internal', cause: { name: 'TypeError' } });
    await expect(api.stopped()).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('end a chain of causes that bites its tail', () => {
    const error = new Error('a');
    error.cause = error;
    expect(fromWire(toWire(error)).message).toBe('a');
  });
});

describe('jobs', () => {
  const untilAborted = (signal: AbortSignal) =>
    new Promise<string>((resolve) => {
      if (signal.aborted) resolve('at once');
      signal.addEventListener('abort', () => resolve('midway'));
    });

  it('are cancelled by their id, even before they begin', async () => {
    const jobs = createJobs();
    const running = jobs.run('a', untilAborted);
    jobs.cancel('a');
    expect(await running).toBe('midway');
    jobs.cancel('b');
    expect(await jobs.run('b', untilAborted)).toBe('at once');
    expect(await jobs.run('b', async (signal) => signal.aborted)).toBe(false);
  });
});
