import { expect, test } from 'vitest';
import { changes, type Done, moved } from './changes.ts';
import { turns } from './turns.ts';

const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

test('what is asked for meanwhile acts in order, after what failed too', async () => {
  const inTurn = turns();
  const said: string[] = [];
  const slow = inTurn(async () => {
    await soon();
    said.push('slow');
  });
  const failing = inTurn(async () => {
    await soon();
    throw new Error('refused');
  });
  const quick = inTurn(() => {
    said.push('quick');
    return 7;
  });
  await expect(failing).rejects.toThrow('refused');
  expect(await quick).toBe(7);
  await slow;
  expect(said).toEqual(['slow', 'quick']);
});

test('a redo pressed while an undo settles makes again what the undo took back', async () => {
  const done: Done = { change: { rate: 0.1 }, inverse: { rate: 0.2 } };
  changes.setState({ past: [done], future: [] });
  const inTurn = turns();
  // As the page does: what is to be done is looked up when its turn comes.
  const press = (how: 'undo' | 'redo') =>
    inTurn(async () => {
      const { past, future } = changes.getState();
      const one = how === 'undo' ? past.at(-1) : future[0];
      if (!one) return false;
      await soon();
      changes.setState((state) => moved(state, one, how));
      return true;
    });
  const pressed = [press('undo'), press('redo'), press('redo')];
  expect(await Promise.all(pressed)).toEqual([true, true, false]);
  expect(changes.getState()).toMatchObject({ past: [done], future: [] });
  changes.setState({ past: [], future: [] });
});
