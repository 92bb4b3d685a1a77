/** Fusion as a property over random graphs: every node once, makers before readers, eight bindings at most, and a plan that holds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { opNamed } from '../graph/op.ts';
import type { Tensor } from '../graph/tensor.ts';
import { choices, randomGraph } from '../testing/randomGraph.ts';
import { compile } from './compile.ts';
import { fuse, reads, written } from './fuse.ts';
import { rootOf } from './group.ts';

const options = { software: true, maxBuffer: 2 ** 27 };

describe.each([true, false])('fused: %s', (enabled) => {
  test('groups have no cycle, nothing is lost and nothing is made twice', () => {
    fc.assert(
      fc.property(choices, (list) => {
        const { graph, outputs } = randomGraph(list);
        const nodes = graph.needed(outputs.values());
        const wanted = new Set([...outputs.values()].map(rootOf));
        const { groups, inlined, consumers } = fuse(nodes, wanted, { software: true }, enabled);
        const inlinedIds = new Set([...inlined].map(({ id }) => id));
        const made = new Set<Tensor>();
        const members = new Set<number>();
        for (const group of groups) {
          for (const tensor of reads(group, inlined))
            if (opNamed(tensor.node.op).lower.kind !== 'source') expect(made.has(tensor)).toBe(true);
          const { head } = group;
          const heads = head ? [head.node, ...(head.sums ? [head.sums] : [])] : [];
          for (const { id } of [...heads, ...group.pointwise]) {
            expect(members.has(id)).toBe(false);
            members.add(id);
          }
          const writes = written(group, consumers, wanted);
          expect(reads(group, inlined).length + writes.length).toBeLessThanOrEqual(8);
          for (const tensor of writes) made.add(tensor);
          if (!enabled) expect(group.pointwise.length + (group.head ? 1 : 0)).toBe(1);
        }
        for (const { id, op } of nodes)
          if (!['source', 'view'].includes(opNamed(op).lower.kind) && !inlinedIds.has(id))
            expect(members.has(id), op).toBe(true);
        for (const tensor of wanted)
          if (opNamed(tensor.node.op).lower.kind !== 'source') expect(made.has(tensor)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

test('a program reads only what was written, binds eight buffers at most, and never one buffer both ways', () => {
  fc.assert(
    fc.property(choices, (list) => {
      const { graph, outputs } = randomGraph(list);
      const program = compile(graph, outputs, options);
      const at = ({ buffer, offset }: { buffer: string | number; offset: number }) => `${buffer} ${offset}`;
      const ready = new Set([...program.inputs.values()].map(at));
      for (const { bindings, places } of program.kernels) {
        expect(bindings.length).toBeLessThanOrEqual(8);
        const buffers = { read: new Set<string | number>(), write: new Set<string | number>() };
        for (const [index, { access }] of bindings.entries()) {
          buffers[access].add(places[index].buffer);
          if (access === 'read') expect(ready.has(at(places[index]))).toBe(true);
        }
        for (const buffer of buffers.write) expect(buffers.read.has(buffer)).toBe(false);
        for (const [index, { access }] of bindings.entries())
          if (access === 'write') ready.add(at(places[index]));
      }
      for (const place of program.outputs.values()) expect(ready.has(at(place))).toBe(true);
    }),
    { numRuns: 200 },
  );
});
