import { expect, test } from 'vitest';
import { changes, type Done, moved, pressed } from './changes.ts';
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
  const press = (how: 'undo' | 'redo') =>
    inTurn(
      pressed(
        how,
        () => true,
        async (one) => {
          await soon();
          changes.setState((state) => moved(state, one, how));
          return true;
        },
      ),
    );
  const asked = [press('undo'), press('redo'), press('redo')];
  expect(await Promise.all(asked)).toEqual([true, true, false]);
  expect(changes.getState()).toMatchObject({ past: [done], future: [] });
  changes.setState({ past: [], future: [] });
});

test('what is pressed while no change is taken does nothing', async () => {
  const done: Done = { change: { rate: 0.1 }, inverse: { rate: 0.2 } };
  changes.setState({ past: [done], future: [] });
  const sent: Done[] = [];
  const send = async (one: Done) => sent.push(one) > 0;
  expect(await pressed('undo', () => false, send)()).toBe(false);
  expect(await pressed('redo', () => true, send)()).toBe(false);
  expect(sent).toEqual([]);
  expect(await pressed('undo', () => true, send)()).toBe(true);
  expect(sent).toEqual([done]);
  changes.setState({ past: [], future: [] });
});
