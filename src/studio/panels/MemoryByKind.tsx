/** Memory of a training step and its weights, by what it is for. */
import { type Memory, memoryKinds } from '../../core/profile.ts';
import { Bars } from '../charts/Bars.tsx';
import { useT } from '../i18n/index.ts';

export function MemoryByKind({ memory }: { memory: Memory }) {
  const t = useT();
  const total = memoryKinds.reduce((sum, kind) => sum + memory[kind], 0);
  const label = t('profile.memoryTotal', { bytes: t.bytes(total) });
  return (
    <>
      <p className="small">{label}</p>
      <Bars
        label={label}
        bars={memoryKinds.map((kind) => ({
          name: t(`profile.memory.${kind}`),
          amount: memory[kind],
          text: `${t.bytes(memory[kind])} · ${t.percent(memory[kind] / total)}`,
        }))}
      />
    </>
  );
}
