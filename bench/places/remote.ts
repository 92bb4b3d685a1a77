/** An engine elsewhere: in a process under Node, in a worker of Chromium. */
import type { Command, Counted, Opened, Ran } from '../host.ts';

export interface Remote {
  open(engine: string, workload: string): Promise<Opened>;
  run(steps: number, together?: number): Promise<Ran>;
  counted(steps: number): Promise<Counted>;
  close(): Promise<void>;
}

export type Start = (counting: boolean) => Promise<Remote>;

export type Answer = { value: unknown } | { error: string };

/** @param send delivers a command and settles with its answer */
export function remote(send: (command: Command) => Promise<Answer>, close: () => Promise<void>): Remote {
  const call = async <T>(command: Command): Promise<T> => {
    const answer = await send(command);
    if ('error' in answer) throw new Error(answer.error);
    return answer.value as T;
  };
  return {
    open: (engine, workload) => call<Opened>({ call: 'open', engine, workload }),
    run: (steps, together) => call<Ran>({ call: 'run', steps, together }),
    counted: (steps) => call<Counted>({ call: 'counted', steps }),
    close,
  };
}
